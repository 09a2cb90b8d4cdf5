use std::os::unix::fs::{PermissionsExt, symlink};

use keyvisual::{
    ErrorKind,
    domain::{Kpi, KpiOrigin, Reference},
};
use tempfile::tempdir;

use super::*;

async fn folder(path: &Path) -> (Rig, IndexReport) {
    let rig = Rig::new();
    let report = rig.pipeline.library().index_folder(path).await.unwrap();
    (rig, report)
}

async fn get(rig: &Rig, number: u32) -> Reference {
    rig.pipeline.library().get(&image(number).hash().into()).await.unwrap()
}

/// Whoever reads the report sees each name with its words.
fn check_failures(report: &IndexReport, wanted: &[(&str, &str)]) {
    let mut failed: Vec<_> =
        report.failed.iter().map(|failure| (failure.name.as_str(), failure.error.to_string())).collect();
    failed.sort();
    assert_eq!(failed.len(), wanted.len(), "{failed:#?}");
    for ((name, error), (wanted, words)) in failed.iter().zip(wanted) {
        assert_eq!(name, wanted);
        assert!(error.contains(words), "\"{words}\" is not in: {error}");
    }
}

#[tokio::test]
async fn a_folder_is_indexed_with_all_below_it_and_what_is_no_picture_is_said() {
    let root = tempdir().unwrap();
    let at = root.path();
    for (number, name) in ["b.png", "a.PNG", "deep/er/c.jpeg", "übung/näß 猫.webp"].iter().enumerate() {
        write_picture(at, name, number as u32);
    }
    write(at, "letter.jpg", "Dear marketing team");
    write(at, "empty.png", "");
    let whole =
        Picture::filled(PixelSize::new(64, 64), [9, 9, 9, 255]).encode(Encoding::Jpeg { quality: 90 });
    let whole = whole.unwrap();
    write(at, "cut.jpg", &whole.bytes()[..whole.bytes().len() - 10]);
    let mut bomb = image(9).bytes().to_vec();
    bomb[16..20].copy_from_slice(&40_000_u32.to_be_bytes());
    write(at, "bomb.png", bomb);
    write(at, "phone.HEIC", "ftyp");
    write(at, "notes.md", "not a picture");
    write_picture(at, ".hidden.png", 50);
    write_picture(at, ".git/x.png", 51);

    let (rig, report) = folder(at).await;
    assert_eq!(counts(&report), [9, 4, 0, 0, 0, 5]);
    check_failures(
        &report,
        &[
            ("bomb.png", "PNG"),
            ("cut.jpg", "cut off"),
            ("empty.png", "the file is empty"),
            ("letter.jpg", "not a JPEG, PNG or WebP"),
            ("phone.HEIC", "save the picture as JPEG, PNG or WebP"),
        ],
    );
    assert_eq!(get(&rig, 3).await.name, "übung/näß 猫.webp");
    assert_eq!(rig.described.count(), 4, "nothing is spent on what is broken");
}

#[tokio::test]
async fn a_missing_folder_is_an_error_and_an_empty_one_a_report_of_none() {
    let root = tempdir().unwrap();
    let rig = Rig::new();
    let error = rig.pipeline.library().index_folder(root.path().join("fotos")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("fotos"), "{error}");
    let report = rig.pipeline.library().index_folder(root.path()).await.unwrap();
    assert_eq!((counts(&report), report.to_string().as_str()), ([0; 6], "0 pictures"));
}

#[tokio::test]
async fn links_to_pictures_count_and_links_to_folders_lead_nowhere() {
    let root = tempdir().unwrap();
    write_picture(root.path(), "real/a.png", 1);
    symlink(root.path(), root.path().join("loop")).unwrap();
    symlink("real/a.png", root.path().join("b.png")).unwrap();
    symlink("missing.png", root.path().join("dangling.png")).unwrap();
    let (_, report) = folder(root.path()).await;
    assert_eq!((report.indexed, report.duplicates.len(), report.failed.len()), (1, 1, 1));
}

#[tokio::test]
async fn a_folder_that_may_only_be_read_is_enough() {
    let root = tempdir().unwrap();
    write_picture(root.path(), "a.png", 1);
    let mode = |mode| fs::set_permissions(root.path(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let (_, report) = folder(root.path()).await;
    mode(0o755);
    assert_eq!(report.indexed, 1);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing is written beside the pictures");
}

#[tokio::test]
async fn words_beside_a_picture_are_used_the_nearest_first() {
    let root = tempdir().unwrap();
    let at = root.path();
    for (number, name) in ["text.png", "sub/listed.png", "sub/own.png", "plain.png"].iter().enumerate() {
        write_picture(at, name, number as u32);
    }
    write(at, "text.txt", "A cup of tea\n");
    write(
        at,
        "captions.json",
        r#"[{"file": "sub/listed.png", "description": "From above", "elements": ["one", "two"], "width": 8},
            {"file": "sub/own.png", "caption": "From above", "objective": "likes", "audience": "fans"}]"#,
    );
    write(at, "sub/own.json", r#"{"caption": "Its own", "results": [{"metric": "likes", "count": 5}]}"#);
    let (rig, report) = folder(at).await;
    assert_eq!(counts(&report), [4, 4, 0, 0, 0, 0]);
    assert_eq!(get(&rig, 0).await.description, "A cup of tea");
    let listed = get(&rig, 1).await;
    assert_eq!(
        (listed.description.as_str(), listed.elements),
        ("From above", vec!["one".into(), "two".into()])
    );
    let own = get(&rig, 2).await;
    assert_eq!((own.description.as_str(), own.objective), ("Its own", Some("likes".into())));
    assert_eq!(own.results, [Kpi::total("likes", 5.0).unwrap()]);
    assert!(get(&rig, 3).await.description.starts_with("a picture"));
}

#[tokio::test]
async fn broken_words_beside_a_picture_fail_that_picture() {
    let root = tempdir().unwrap();
    write_picture(root.path(), "a.png", 1);
    write_picture(root.path(), "b.png", 2);
    write(root.path(), "a.json", "{ half");
    let (_, report) = folder(root.path()).await;
    assert_eq!(report.indexed, 1);
    check_failures(&report, &[("a.png", "this is not JSON")]);

    write(root.path(), "captions.json", "{}");
    let error = Rig::new().pipeline.library().index_folder(root.path()).await.unwrap_err();
    assert!(error.to_string().contains("captions.json"), "{error}");
}

/// Indexes a metadata file beside the pictures 1.png to 3.png.
async fn list(name: &str, text: &str) -> keyvisual::Result<(Rig, IndexReport)> {
    let root = tempdir().unwrap();
    for number in 1..=3 {
        write_picture(root.path(), &format!("p/{number}.png"), number);
    }
    write(root.path(), name, text);
    let rig = Rig::new();
    let library = rig.pipeline.library();
    let path = root.path().join(name);
    let report =
        if name.ends_with("csv") { library.index_csv(path) } else { library.index_json(path) }.await?;
    Ok((rig, report))
}

fn sample_results() -> Vec<Kpi> {
    let window = keyvisual::domain::Window {
        from: "2026-09-01T00:00:00Z".parse().unwrap(),
        to: "2026-09-30T23:59:59Z".parse().unwrap(),
    };
    vec![
        Kpi::rate_of("clicks", 130.0, "impressions", 20_000.0).unwrap().with_window(window),
        Kpi::total("likes", 12.5).unwrap(),
    ]
}

async fn check_sample(rig: &Rig) {
    let one = get(rig, 1).await;
    assert_eq!(one.results, sample_results());
    assert_eq!((one.objective, one.audience), (Some("clicks".into()), Some("new customers".into())));
    assert_eq!((one.description.as_str(), one.elements.len()), ("A red cup, with steam", 2));
    assert_eq!(one.name, "Autumn 1");
    let two = get(rig, 2).await;
    assert_eq!((two.name.as_str(), two.objective, two.results.len()), ("p/2.png", None, 0));
    let three = get(rig, 3).await;
    assert_eq!(three.results, [Kpi::total("likes", 7.0).unwrap().synthetic()]);
    assert_eq!(three.results[0].origin, KpiOrigin::Synthetic);
}

#[tokio::test]
async fn a_csv_file_says_what_is_known_of_its_pictures() {
    let commas = "\u{feff}File,Name,Objective,Node,Caption,Keywords,Metric,Count,Impressions,From,To,Synthetic,Author\n\
        p/1.png,Autumn 1,Clicks,new_customers,\"A red cup, with steam\",cup; steam,clicks,130,20000,2026-09-01,2026-09-30,,me\n\
        p/1.png,,,,,,likes,12.5,,,,no,\n\
        p/2.png,,,,,,,,,,,,\n\
        p/3.png,,likes,,,,,7,,,,true,\n";
    let other = |separator: &str| {
        let quoted = commas
            .replace("\"A red cup, with steam\"", "A red cup@ with steam")
            .replace("cup; steam", "cup| steam");
        quoted.replace(',', separator).replace('@', ",").replace("cup| steam", "\"cup; steam\"")
    };
    for text in [commas.to_owned(), commas.replace('\n', "\r\n"), other(";"), other("\t")] {
        let (rig, report) = list("campaigns.csv", &text).await.unwrap();
        assert_eq!(counts(&report), [3, 3, 0, 0, 0, 0], "{:?} in {text}", report.failed);
        check_sample(&rig).await;
    }
}

#[tokio::test]
async fn a_json_file_says_what_is_known_of_its_pictures() {
    let text = r#"[
        {"file": "p/1.png", "name": "Autumn 1", "objective": "Clicks", "node": "new_customers",
         "caption": "A red cup, with steam", "keywords": ["cup", "steam"], "author": "me", "results": [
            {"count": 130, "exposure": 20000, "from": "2026-09-01", "to": "2026-09-30T23:59:59Z"},
            {"metric": "likes", "count": 12.5}]},
        {"file": "p/2.png", "objective": null},
        {"path": "p/3.png", "objective": "likes", "results": 7, "synthetic": true}]"#;
    let (rig, report) = list("campaigns.json", text).await.unwrap();
    assert_eq!(counts(&report), [3, 3, 0, 0, 0, 0], "{:?}", report.failed);
    check_sample(&rig).await;
}

#[tokio::test]
async fn a_bad_row_is_named_by_its_line_and_the_others_are_indexed() {
    let text = "file,metric,count,impressions,from,to,synthetic\n\
        p/1.png,clicks,many,,,,\n\
        p/2.png,clicks,5,100,2026-09-01,,\n\
        p/3.png,clicks,5,100,,,\n\
        ,clicks,5,,,,\n\
        p/missing.png,,,,,,\n\
        p/1.png,,5,,,,\n\
        p/1.png,clicks,-5,,,,\n\
        p/1.png,clicks,5,0,,,\n\
        p/1.png,clicks,5,100,yesterday,today,\n\
        p/1.png,clicks,5,100,,,perhaps\n\
        p/1.png,clicks,5\n\
        p/2.png,clicks,5,,,,\n";
    let (_, report) = list("campaigns.csv", text).await.unwrap();
    assert_eq!(counts(&report), [12, 2, 0, 0, 0, 10], "{:?}", report.failed);
    check_failures(
        &report,
        &[
            ("campaigns.csv line 10", "\"yesterday"),
            ("campaigns.csv line 11", "\"perhaps\", not true or false"),
            ("campaigns.csv line 12", "3 fields"),
            ("campaigns.csv line 2", "\"count\" is \"many\", not a number"),
            ("campaigns.csv line 3", "one is missing"),
            ("campaigns.csv line 5", "\"file\" is missing"),
            ("campaigns.csv line 7", "name it in \"metric\""),
            ("campaigns.csv line 8", "it must be 0 or more"),
            ("campaigns.csv line 9", "must be more than 0"),
            ("p/missing.png", "missing.png"),
        ],
    );
}

#[tokio::test]
async fn a_file_that_is_no_list_at_all_is_an_error_with_its_path() {
    for (name, text, words) in [
        ("a.csv", "picture;clicks\nx;1\n", "no column \"file\", only \"picture\", \"clicks\""),
        ("a.csv", "", "no column \"file\""),
        ("a.json", "{\"file\": \"x\"}", "not a JSON list"),
        ("a.json", "[\n{\"file\": }]", "line 2"),
    ] {
        let error = list(name, text).await.map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(words), "\"{words}\" is not in: {error}");
        assert!(error.to_string().contains(name), "{error}");
    }
    let (_, report) = list("a.json", "[{\"file\": 3}, 5, {\"file\": \"p/1.png\"}]").await.unwrap();
    assert_eq!(report.indexed, 1);
    check_failures(
        &report,
        &[("a.json entry 1", "\"file\" is 3, not a text"), ("a.json entry 2", "not by 5")],
    );
}
