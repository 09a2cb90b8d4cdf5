//! A mask means one thing: white is painted anew. Every model gets it in its own colours.

use keyvisual::ErrorKind;

use super::*;

/// Left and right of the mask that was sent, which was white at the left.
async fn sent(id: &str, task: TaskKind, mask: Image) -> Result<[[u8; 4]; 2]> {
    let image = photo();
    let request = GenerateRequest::of(match task {
        TaskKind::Erase => Task::Erase { image, mask },
        TaskKind::ReplaceBackground => Task::ReplaceBackground { image, mask },
        _ => Task::Inpaint { image, mask },
    });
    let request = if task == TaskKind::Erase { request } else { request.with_prompt("a table") };
    let (answer, body) = exchange(id, made(), |g| g.for_task(task), request).await;
    answer?;
    let body = body.unwrap();
    let texts = ["/mask", "/inPaintingParams/maskImage", "/outPaintingParams/maskImage"];
    let text = texts.iter().find_map(|at| body.pointer(at)).unwrap().as_str().unwrap();
    let mask = Image::new(STANDARD.decode(text).unwrap()).unwrap();
    let pixels = imaging::decode(&mask, Limits::default()).unwrap();
    Ok([1, 3].map(|quarter| pixels.pixel(quarter * SIZE.width / 4, 5).unwrap()))
}

const WHITE: [u8; 4] = [255; 4];
const BLACK: [u8; 4] = [0, 0, 0, 255];
const GREY: [u8; 4] = [100, 100, 100, 255];
const ERASE: &str = "us.stability.stable-image-erase-object-v1:0";

fn two(left: [u8; 4], right: [u8; 4]) -> Image {
    let half = |x| if x < SIZE.width / 2 { left } else { right };
    Picture::from_fn(SIZE, |x, _| half(x)).encode(Encoding::Png).unwrap()
}

#[tokio::test]
async fn white_reaches_every_model_as_what_it_paints() {
    for (id, task, paints, keeps) in [
        (INPAINT, TaskKind::Inpaint, WHITE, BLACK),
        (ERASE, TaskKind::Erase, WHITE, BLACK),
        (CANVAS, TaskKind::Inpaint, BLACK, WHITE),
        (CANVAS, TaskKind::Erase, BLACK, WHITE),
        (CANVAS, TaskKind::ReplaceBackground, WHITE, BLACK),
        (TITAN, TaskKind::Inpaint, BLACK, WHITE),
        (TITAN, TaskKind::ReplaceBackground, WHITE, BLACK),
    ] {
        assert_eq!(sent(id, task, mask()).await, Ok([paints, keeps]), "{id} {task}");
    }
}

#[tokio::test]
async fn grey_stays_where_the_model_knows_a_between() {
    assert_eq!(sent(INPAINT, TaskKind::Inpaint, two(GREY, BLACK)).await, Ok([GREY, BLACK]));
    assert_eq!(sent(CANVAS, TaskKind::Inpaint, two(GREY, [128, 128, 128, 255])).await, Ok([WHITE, BLACK]));
}

#[tokio::test]
async fn a_mask_may_be_of_any_format_and_colour() {
    for encoding in [Encoding::Jpeg { quality: 60 }, Encoding::WebP] {
        assert_eq!(sent(INPAINT, TaskKind::Inpaint, mask_of(SIZE, encoding)).await, Ok([WHITE, BLACK]));
    }
    let green = sent(INPAINT, TaskKind::Inpaint, two([0, 255, 0, 255], BLACK)).await;
    assert_eq!(green, Ok([[150, 150, 150, 255], BLACK]), "by its lightness");
}

#[tokio::test]
async fn a_mask_that_does_not_fit_is_refused() {
    let other = mask_of(PixelSize::new(SIZE.height, SIZE.width), Encoding::Png);
    for (mask, why) in [(other, "320x384"), (two([255, 255, 255, 0], BLACK), "transparent")] {
        let request = GenerateRequest::of(Task::Inpaint { image: photo(), mask }).with_prompt("a table");
        let error = refused(INPAINT, Ok, request).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(why), "{error}");
    }
}

/// The pixels of `image` with the EXIF orientation `orientation`.
fn turned(image: &Image, orientation: u8) -> Image {
    let exif = [
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[orientation, 0, 0, 0, 0, 0, 0],
    ];
    let exif = exif.concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    let bytes = image.bytes();
    Image::new([&bytes[..2], &[0xff, 0xe1], &length, &exif, &bytes[2..]].concat()).unwrap()
}

/// A photo of a telephone lies on its side; its owner draws the mask on what he sees.
#[tokio::test]
async fn a_turned_picture_is_sent_upright_so_that_its_mask_fits() {
    let lying = picture_of(PixelSize::new(SIZE.height, SIZE.width), Encoding::Jpeg { quality: 95 });
    let image = turned(&lying, 6);
    assert_eq!(imaging::probe(image.bytes()).unwrap(), SIZE, "it is seen upright");
    let (_, body) = exchange(INPAINT, made(), Ok, request_of(image)).await;
    let sent = Image::new(STANDARD.decode(body.unwrap()["image"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(imaging::probe(sent.bytes()).unwrap(), SIZE);
    let pixels = imaging::decode(&sent, Limits::default()).unwrap();
    let [above, below] = [80, 240].map(|y| pixels.pixel(190, y).unwrap());
    assert!(above[0] > 150 && below[2] > 150, "its left is above now: {above:?} {below:?}");

    let (_, body) = exchange(INPAINT, made(), Ok, request_of(turned(&photo_jpeg(), 1))).await;
    let kept = STANDARD.decode(body.unwrap()["image"].as_str().unwrap()).unwrap();
    assert_eq!(kept, turned(&photo_jpeg(), 1).bytes().as_ref(), "one that is upright is sent as it is");
}

fn photo_jpeg() -> Image {
    picture_of(SIZE, Encoding::Jpeg { quality: 90 })
}

fn request_of(image: Image) -> GenerateRequest {
    GenerateRequest::of(Task::Inpaint { image, mask: mask() }).with_prompt("a table")
}
