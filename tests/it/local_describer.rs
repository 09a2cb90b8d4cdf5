//! What the describer reads and measures, on files with every kind of metadata and on broken ones.

mod words;

use bytes::Bytes;
use img_parts::{
    ImageEXIF,
    jpeg::{Jpeg, JpegSegment},
    png::{Png, PngChunk},
    riff::{RiffChunk, RiffContent},
    webp::WebP,
};
use keyvisual::{
    ErrorKind,
    backends::local::MeasuringDescriber,
    domain::{Image, PixelSize},
    imaging::{Encoding, Limits, Picture},
    roles::{Caption, DescribeReply, DescribeRequest, Describer},
};
use proptest::prelude::*;

const XMP_PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn describe(image: Image, caption: Option<Caption>) -> DescribeReply {
    let mut request = DescribeRequest::new(image);
    request.caption = caption;
    block_on(MeasuringDescriber::new().describe(request)).unwrap()
}

fn plain(encoding: Encoding) -> Bytes {
    Picture::filled(PixelSize::new(48, 32), [0xc5, 0x6a, 0x4a, 255]).encode(encoding).unwrap().bytes().clone()
}

/// The blocks to put into a file.
#[derive(Clone, Debug, Default)]
struct Blocks {
    xmp: Option<Vec<u8>>,
    photoshop: Option<Vec<u8>>,
    exif: Option<Vec<u8>>,
}

impl Blocks {
    fn jpeg(self) -> Image {
        let mut file = Jpeg::from_bytes(plain(Encoding::Jpeg { quality: 90 })).unwrap();
        let segments = [(0xe1, XMP_PREFIX, self.xmp), (0xed, b"Photoshop 3.0\0".as_slice(), self.photoshop)];
        for (marker, prefix, block) in segments {
            if let Some(block) = block {
                let contents = [prefix, &block].concat();
                file.segments_mut().insert(0, JpegSegment::new_with_contents(marker, contents.into()));
            }
        }
        file.set_exif(self.exif.map(Bytes::from));
        Image::new(file.encoder().bytes()).unwrap()
    }

    fn png(self) -> Image {
        let mut file = Png::from_bytes(plain(Encoding::Png)).unwrap();
        if let Some(xmp) = self.xmp {
            let contents = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), &xmp].concat();
            file.chunks_mut().insert(1, PngChunk::new(*b"iTXt", contents.into()));
        }
        file.set_exif(self.exif.map(Bytes::from));
        Image::new(file.encoder().bytes()).unwrap()
    }

    fn webp(self) -> Image {
        let mut file = WebP::from_bytes(plain(Encoding::WebP)).unwrap();
        file.set_exif(self.exif.map(Bytes::from));
        if let Some(xmp) = self.xmp {
            file.chunks_mut().push(RiffChunk::new(*b"XMP ", RiffContent::Data(xmp.into())));
        }
        Image::new(file.encoder().bytes()).unwrap()
    }
}

fn xmp(properties: &str) -> Vec<u8> {
    format!(
        r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">{properties}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#
    )
    .into_bytes()
}

fn alternatives(name: &str, texts: &[(&str, &str)]) -> String {
    let items: String =
        texts.iter().map(|(lang, text)| format!(r#"<rdf:li xml:lang="{lang}">{text}</rdf:li>"#)).collect();
    format!("<{name}><rdf:Alt>{items}</rdf:Alt></{name}>")
}

fn subject(words: &[&str]) -> String {
    let items: String = words.iter().map(|word| format!("<rdf:li>{word}</rdf:li>")).collect();
    format!("<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>")
}

/// A Photoshop resource block with a resource before the IPTC one, as programs write it.
fn photoshop(data_sets: &[(u8, &[u8])]) -> Vec<u8> {
    let mut iim = Vec::new();
    for (number, value) in data_sets {
        iim.extend([0x1c, 2, *number]);
        iim.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        iim.extend(*value);
    }
    let mut block = b"8BIM\x03\xed\0\0\0\0\0\x03abc\0".to_vec();
    block.extend(b"8BIM\x04\x04\0\0");
    block.extend(u32::try_from(iim.len()).unwrap().to_be_bytes());
    block.extend(iim);
    block
}

/// A TIFF block with one ImageDescription.
fn exif(description: &[u8]) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0".to_vec();
    block.extend(u32::try_from(description.len() + 1).unwrap().to_le_bytes());
    block.extend(26_u32.to_le_bytes());
    block.extend(0_u32.to_le_bytes());
    block.extend(description);
    block.push(0);
    block
}

#[track_caller]
fn check(image: Image, caption: &str, keywords: &[&str]) {
    let reply = describe(image, None);
    let lead = format!("{caption} A warm, ");
    assert!(reply.description.starts_with(lead.trim_start()), "{}", reply.description);
    let end = reply.elements.iter().position(|e| e == "terracotta").unwrap();
    assert_eq!(reply.elements[..end], *keywords);
}

#[test]
fn every_container_and_block_is_read() {
    let dc = alternatives("dc:description", &[("x-default", "Una taza"), ("en", "A cup &amp; saucer&#33;")])
        + &subject(&["cup", "saucer"]);
    let with_xmp = Blocks { xmp: Some(xmp(&dc)), ..Blocks::default() };
    let with_exif = Blocks { exif: Some(exif("A café".as_bytes())), ..Blocks::default() };
    check(with_xmp.clone().jpeg(), "A cup & saucer!", &["cup", "saucer"]);
    check(with_xmp.clone().png(), "A cup & saucer!", &["cup", "saucer"]);
    check(with_xmp.webp(), "A cup & saucer!", &["cup", "saucer"]);
    check(with_exif.clone().jpeg(), "A café.", &[]);
    check(with_exif.clone().png(), "A café.", &[]);
    check(with_exif.webp(), "A café.", &[]);
    let iptc = photoshop(&[(105, b"Headline"), (120, b"A caf\xe9 table"), (25, b"table"), (25, b"chair")]);
    check(Blocks { photoshop: Some(iptc), ..Blocks::default() }.jpeg(), "A café table.", &["table", "chair"]);
}

#[test]
fn the_request_comes_before_xmp_before_iptc_before_exif() {
    let blocks = Blocks {
        xmp: Some(xmp(&(alternatives("dc:description", &[("en", "From XMP")]) + &subject(&["x"])))),
        photoshop: Some(photoshop(&[(120, b"From IPTC"), (25, b"X"), (25, b"i")])),
        exif: Some(exif(b"From EXIF")),
    };
    check(blocks.clone().jpeg(), "From XMP.", &["x", "i"]);
    check(Blocks { xmp: None, ..blocks.clone() }.jpeg(), "From IPTC.", &["X", "i"]);
    check(Blocks { xmp: None, photoshop: None, ..blocks.clone() }.jpeg(), "From EXIF.", &[]);
    let reply = describe(blocks.jpeg(), Some(Caption::new("From the sidecar").with_keywords(["s", "x"])));
    assert!(reply.description.starts_with("From the sidecar. A warm"), "{}", reply.description);
    assert_eq!(reply.elements[..3], ["s", "x", "i"]);
}

#[test]
fn a_title_or_alternative_text_stands_in_for_a_missing_caption() {
    let blocks = |properties: String| Blocks { xmp: Some(xmp(&properties)), ..Blocks::default() };
    let title = alternatives("dc:title", &[("en", "Morning")]);
    let alt = alternatives("Iptc4xmpCore:AltTextAccessibility", &[("en", "A cup seen from above")]);
    check(blocks(title.clone()).jpeg(), "Morning.", &[]);
    check(blocks(title + &alt).jpeg(), "A cup seen from above.", &[]);
}

#[test]
fn what_cameras_and_file_systems_write_is_no_caption() {
    for text in
        ["OLYMPUS DIGITAL CAMERA", "DSC_0042", "holiday.jpg", "Processed with VSCO with a6 preset", " \t "]
    {
        check(Blocks { exif: Some(exif(text.as_bytes())), ..Blocks::default() }.jpeg(), "", &[]);
    }
    check(
        Blocks { exif: Some(exif("2024年秋季咖啡".as_bytes())), ..Blocks::default() }.jpeg(),
        "2024年秋季咖啡.",
        &[],
    );
}

#[test]
fn foreign_text_is_bounded_and_free_of_control_characters() {
    let long = "word ".repeat(3_000);
    let many: Vec<String> = (0..500).map(|n| format!("keyword number {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let blocks = Blocks {
        xmp: Some(xmp(&subject(&many))),
        exif: Some(exif(format!("a\u{1b}[31m\u{202e}b\r\n\0c {long}").as_bytes())),
        photoshop: None,
    };
    let reply = describe(blocks.jpeg(), None);
    assert!(reply.description.starts_with("a [31mb"), "{:?}", &reply.description[..20]);
    assert!(reply.description.chars().count() < 2_000 + 300);
    assert!(!reply.description.contains(char::is_control));
    assert_eq!(reply.elements.iter().filter(|e| e.starts_with("keyword")).count(), 64);
}

#[test]
fn colours_are_measured_where_a_cut_out_is_opaque() {
    let cut_out = Picture::from_fn(PixelSize::new(200, 200), |x, y| {
        let inside = (60..140).contains(&x) && (60..140).contains(&y);
        if inside { [0x1f, 0x7f, 0x80, 255] } else { [0xcf, 0x24, 0x20, 0] }
    });
    let reply = describe(cut_out.encode(Encoding::Png).unwrap(), None);
    assert_eq!(reply.elements[0], "teal");
    assert!(!reply.description.contains("red"), "{}", reply.description);
}

#[test]
fn a_picture_beyond_the_limits_is_refused() {
    let describer = MeasuringDescriber::with_limits(Limits::default().with_max_pixels(100));
    let image = Image::new(plain(Encoding::Png)).unwrap();
    let error = block_on(describer.describe(DescribeRequest::new(image))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

/// Arbitrary bytes, and good blocks with some bytes changed, which get further into the parsers.
fn block(good: Vec<u8>) -> impl Strategy<Value = Option<Vec<u8>>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    let changed = (changes, any::<prop::sample::Index>()).prop_map(move |(changes, cut)| {
        let mut block = good.clone();
        for (at, byte) in changes {
            let at = at.index(block.len());
            block[at] = byte;
        }
        block.truncate(cut.index(block.len() * 2));
        block
    });
    prop::option::of(prop_oneof![prop::collection::vec(any::<u8>(), 0..200), changed])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn broken_metadata_is_ignored(
        xmp in block(xmp(&(alternatives("dc:description", &[("en", "A cup")]) + &subject(&["a"])))),
        photoshop in block(photoshop(&[(120, b"A cup"), (25, b"cup")])),
        exif in block(exif(b"A cup")),
        container in 0..3,
    ) {
        let blocks = Blocks { xmp, photoshop, exif };
        let image = match container {
            0 => blocks.jpeg(),
            1 => blocks.png(),
            _ => blocks.webp(),
        };
        // A changed orientation or a decoder that refuses the block would be an error; words never are.
        let reply = describe(image, None);
        prop_assert!(reply.description.ends_with('.'));
        prop_assert!(reply.elements.iter().any(|e| e == "terracotta"));
        prop_assert!(!reply.description.contains(char::is_control));
    }
}
