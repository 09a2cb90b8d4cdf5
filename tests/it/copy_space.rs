//! Where copy stands on a channel that lays its own controls over the picture.

use keyvisual::{
    backends::local::Compositor,
    domain::PixelSize,
    imaging::{Encoding, Picture},
    roles::{GenerateRequest, ImageGenerator},
};

#[tokio::test]
async fn copy_in_a_story_keeps_clear_of_the_controls() {
    let size = PixelSize::new(540, 960);
    let wall = Picture::from_fn(size, |_, y| [40 + (y / 16) as u8, 60, 90, 255]);
    let request = GenerateRequest::new("a quiet wall", size)
        .with_references(vec![wall.encode(Encoding::Png).unwrap()])
        .with_count(8)
        .with_seed(16);
    let pictures = Compositor::new().generate(request).await.unwrap().results;
    let mut seen = 0;
    for picture in pictures.into_iter().map(Result::unwrap) {
        if !picture.notes.iter().any(|note| note.contains("full bleed")) {
            continue;
        }
        let copy = picture.copy_space.expect("a wall has room for copy");
        seen += 1;
        assert!(copy.y >= 0.139 && copy.y + copy.height <= 0.651, "{copy:?}");
        assert!(copy.contrast >= 3.0, "{copy:?}");
    }
    assert!(seen > 0, "no comp was full bleed");
}
