//! Edits go as forms, with masks as the interface has them.

use super::*;

/// White in its left half: paint there.
fn mask(size: PixelSize) -> Image {
    let half = |x| if x < size.width / 2 { [255; 4] } else { [0, 0, 0, 255] };
    Picture::from_fn(size, |x, _| half(x)).encode(Encoding::Png).unwrap()
}

/// The parts of a form: name, file name and content type, and what is in it.
pub(super) fn parts(request: &Request) -> Vec<(String, Vec<u8>)> {
    let content_type = request.headers["content-type"].to_str().unwrap();
    let boundary = format!("--{}", content_type.strip_prefix("multipart/form-data; boundary=").unwrap());
    let body = &request.body;
    let at: Vec<_> = body
        .windows(boundary.len())
        .enumerate()
        .filter(|(_, w)| *w == boundary.as_bytes())
        .map(|(i, _)| i)
        .collect();
    assert!(body.ends_with(format!("{boundary}--\r\n").as_bytes()));
    let part = |from: usize, to: usize| {
        let part = &body[from + boundary.len() + 2..to - 2];
        let head = part.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        (String::from_utf8(part[..head].to_vec()).unwrap(), part[head + 4..].to_vec())
    };
    at.windows(2).map(|pair| part(pair[0], pair[1])).collect()
}

fn shown(request: &Request) -> String {
    let show = |(head, content): &(String, Vec<u8>)| {
        let head = head.replace("Content-Disposition: form-data; ", "").replace("\r\n", "; ");
        match Image::new(content.clone()) {
            Ok(image) => {
                let picture = imaging::decode(&image, Limits::default()).unwrap();
                let (size, y) = (picture.size(), picture.size().height / 2);
                let [left, right] = [1, 3].map(|quarter| picture.pixel(quarter * size.width / 4, y).unwrap());
                format!("{head}: {} {size} left {left:?} right {right:?}", image.media_type())
            }
            Err(_) => format!("{head}: {}", String::from_utf8_lossy(content)),
        }
    };
    parts(request).iter().map(show).collect::<Vec<_>>().join("\n")
}

pub(super) fn inpaint(image: Image) -> GenerateRequest {
    GenerateRequest::of(Task::Inpaint { image, mask: mask(SIZE) }).with_prompt("a table")
}

/// OpenAI's mask is transparent where it paints; ours is white there.
#[tokio::test]
async fn a_mask_is_sent_as_transparency_and_its_picture_as_png() {
    let image = picture_of(SIZE, Encoding::WebP);
    let request =
        sent("gpt-image-1", |g| g.with_quality("low")?.for_task(TaskKind::Inpaint), inpaint(image)).await;
    assert_eq!(request.url.path(), "/v1/images/edits");
    insta::assert_snapshot!(shown(&request), @r#"
    name="model": gpt-image-1
    name="prompt": a table
    name="n": 1
    name="size": 1024x1024
    name="quality": low
    name="image"; filename="image.png"; Content-Type: image/png: image/png 1024x1024 left [200, 30, 30, 255] right [30, 30, 200, 255]
    name="mask"; filename="mask.png"; Content-Type: image/png: image/png 1024x1024 left [0, 0, 0, 0] right [0, 0, 0, 255]
    "#);
}

#[tokio::test]
async fn a_picture_is_begun_from_without_a_mask() {
    let size = PixelSize::new(640, 480);
    let image = picture_of(size, Encoding::WebP);
    let request = GenerateRequest::of(Task::ImageToImage { image: image.clone() }).with_prompt("at night");
    let request =
        sent("local", |g| g.with_seeds(0..=9).for_task(TaskKind::ImageToImage), request.with_seed(3)).await;
    insta::assert_snapshot!(shown(&request), @r#"
    name="model": local
    name="prompt": at night
    name="n": 1
    name="size": 640x480
    name="response_format": b64_json
    name="seed": 3
    name="image"; filename="image.webp"; Content-Type: image/webp: image/webp 640x480 left [200, 30, 30, 255] right [30, 30, 200, 255]
    "#);
    assert_eq!(parts(&request).last().unwrap().1, image.bytes().as_ref(), "as it came");
}
