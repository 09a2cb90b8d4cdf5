//! The folder of assets beyond its contract: crashes, sharing, other people's files.

use std::{fs, path::Path, process::Command};

use keyvisual::{
    ErrorKind,
    backends::local::FolderAssets,
    roles::{AssetStore, DeleteAssetRequest, GetAssetRequest, ListAssetsRequest, PutAssetRequest},
};
use tempfile::tempdir;

async fn put(assets: &FolderAssets, key: &str, bytes: &str) -> bool {
    assets.put(PutAssetRequest::new(key, bytes.to_owned())).await.unwrap().created
}

async fn get(assets: &FolderAssets, key: &str) -> Option<String> {
    let bytes = assets.get(GetAssetRequest::new(key)).await.unwrap().bytes;
    bytes.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
}

async fn keys(assets: &FolderAssets) -> Vec<String> {
    assets.list(ListAssetsRequest::new("")).await.unwrap().keys
}

/// All names below a folder, relative to it.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            names.extend(self::names(&entry.path()).into_iter().map(|below| format!("{name}/{below}")));
        }
        names.push(name);
    }
    names.sort();
    names
}

#[tokio::test]
async fn bytes_outlive_the_store() {
    let folder = tempdir().unwrap();
    assert!(put(&FolderAssets::open(folder.path()).unwrap(), "a/b", "kept").await);
    let again = FolderAssets::open(folder.path()).unwrap();
    assert_eq!(get(&again, "a/b").await.as_deref(), Some("kept"));
    assert!(!put(&again, "a/b", "other").await);
}

#[tokio::test]
async fn no_two_names_on_disk_differ_only_in_case() {
    let folder = tempdir().unwrap();
    let assets = FolderAssets::open(folder.path()).unwrap();
    for key in ["readme", "README", "ReadMe", "a/b", "A/b", "a"] {
        assert!(put(&assets, key, key).await);
    }
    let mut lower: Vec<_> = names(folder.path()).iter().map(|name| name.to_lowercase()).collect();
    let count = lower.len();
    lower.dedup();
    assert_eq!(lower.len(), count, "{lower:?}");
    assert!(lower.iter().all(|name| !name.chars().any(char::is_uppercase)));
}

#[tokio::test]
async fn deleting_the_last_key_of_a_folder_removes_the_folder() {
    let folder = tempdir().unwrap();
    let assets = FolderAssets::open(folder.path()).unwrap();
    put(&assets, "a/b/c", "x").await;
    put(&assets, "a/d", "x").await;
    assets.delete(DeleteAssetRequest::new("a/b/c")).await.unwrap();
    assert_eq!(names(folder.path()), ["=tmp", "a=", "a=/d"]);
}

#[tokio::test]
async fn leftovers_of_a_killed_process_are_ignored_and_swept() {
    let folder = tempdir().unwrap();
    let assets = FolderAssets::open(folder.path()).unwrap();
    put(&assets, "a", "x").await;
    let leftover = folder.path().join("=tmp").join("half-a-picture");
    fs::write(&leftover, "half").unwrap();
    assert_eq!(keys(&assets).await, ["a"]);
    // A file that a living writer holds locked stays.
    let held = folder.path().join("=tmp").join("being-written");
    fs::write(&held, "part").unwrap();
    let lock = fs::File::open(&held).unwrap();
    lock.lock().unwrap();
    let assets = FolderAssets::open(folder.path()).unwrap();
    assert!(!leftover.exists() && held.exists());
    assert_eq!(keys(&assets).await, ["a"]);
}

#[tokio::test]
async fn names_that_are_no_keys_are_left_alone() {
    let folder = tempdir().unwrap();
    for name in [".DS_Store", "Thumbs.db", "notes (1).txt", "ünï"] {
        fs::write(folder.path().join(name), "theirs").unwrap();
    }
    fs::create_dir(folder.path().join("a folder")).unwrap();
    let assets = FolderAssets::open(folder.path()).unwrap();
    put(&assets, "mine", "x").await;
    assert_eq!(keys(&assets).await, ["mine"]);
}

#[tokio::test]
async fn errors_say_which_path_and_what_kind() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("a file");
    fs::write(&file, "x").unwrap();
    let error = FolderAssets::open(&file).unwrap_err();
    assert_eq!(error.operation(), Some("open"), "{error}");
    assert!(error.to_string().contains("a file"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_may_not_be_written_is_read_and_says_permission_denied() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempdir().unwrap();
    put(&FolderAssets::open(folder.path()).unwrap(), "a", "x").await;
    let mode = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    fs::remove_dir(folder.path().join("=tmp")).unwrap();
    mode(0o555);
    let root_may_anyway = fs::write(folder.path().join("probe"), "x").is_ok();
    let assets = FolderAssets::open(folder.path()).unwrap();
    let read = get(&assets, "a").await;
    let refused = assets.put(PutAssetRequest::new("b", "x")).await;
    mode(0o755);
    assert_eq!(read.as_deref(), Some("x"));
    if !root_may_anyway {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::PermissionDenied);
    }
}

/// Two stores on one folder stand for two processes: they share nothing but the file system.
#[tokio::test]
async fn of_two_stores_on_one_folder_one_creates() {
    let folder = tempdir().unwrap();
    let (one, two) = (FolderAssets::open(folder.path()).unwrap(), FolderAssets::open(folder.path()).unwrap());
    for i in 0..20 {
        let key = format!("k/{i}");
        let (a, b) = tokio::join!(put(&one, &key, "one"), put(&two, &key, "two"));
        assert!(a ^ b, "exactly one creates {key}");
        let wanted = if a { "one" } else { "two" };
        assert_eq!(get(&one, &key).await.as_deref(), Some(wanted));
        assert_eq!(get(&two, &key).await.as_deref(), Some(wanted));
    }
}

/// Puts and deletes of neighbours at once: a put never fails because a delete took its folder away.
#[tokio::test]
async fn puts_and_deletes_at_once_do_not_disturb_each_other() {
    let folder = tempdir().unwrap();
    let assets = FolderAssets::open(folder.path()).unwrap();
    let churn = |name: &'static str| {
        let assets = &assets;
        async move {
            for _ in 0..50 {
                let key = format!("deep/er/{name}");
                assert!(put(assets, &key, name).await);
                assert_eq!(get(assets, &key).await.as_deref(), Some(name));
                assets.delete(DeleteAssetRequest::new(key)).await.unwrap();
            }
        }
    };
    tokio::join!(churn("a"), churn("b"), churn("c"), churn("d"));
    assert_eq!(keys(&assets).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_acknowledged_put_survives_sigkill() {
    let folder = tempdir().unwrap();
    if let Some(path) = std::env::var_os("KEYVISUAL_PUT_FOREVER") {
        let assets = FolderAssets::open(path).unwrap();
        for i in 0.. {
            put(&assets, &format!("n/{i}"), &format!("{i}").repeat(5_000)).await;
            println!("put {i}");
        }
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "assets::an_acknowledged_put_survives_sigkill", "--nocapture"])
        .env("KEYVISUAL_PUT_FOREVER", folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let acknowledged =
        |line: &std::io::Result<String>| line.as_ref().is_ok_and(|line| line.starts_with("put "));
    assert_eq!(lines.filter(acknowledged).take(40).count(), 40);
    child.kill().unwrap();
    child.wait().unwrap();

    let assets = FolderAssets::open(folder.path()).unwrap();
    assert_eq!(fs::read_dir(folder.path().join("=tmp")).unwrap().count(), 0, "leftovers are swept");
    for i in 0..40 {
        assert_eq!(get(&assets, &format!("n/{i}")).await, Some(format!("{i}").repeat(5_000)));
    }
    for key in keys(&assets).await {
        let i = key.trim_start_matches("n/");
        assert_eq!(get(&assets, &key).await, Some(i.repeat(5_000)), "what has a name is whole");
    }
}
