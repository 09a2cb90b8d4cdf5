//! Pixels to a baseline JPEG file with all its colours: no channel is made smaller.

use super::{
    huffman::{Bits, CHROMA_AC, CHROMA_DC, Codes, LUMA_AC, LUMA_DC, Table},
    quantize::Steps,
    transform::{Blocks, LANES, transform},
};
use crate::imaging::{Picture, wide::wide};

/// Writes an opaque picture. It must have 1 to 65,535 pixels a side.
pub(in crate::imaging) fn encode(picture: &Picture, quality: u8, out: &mut Vec<u8>) {
    let steps = [Steps::luma(quality), Steps::chroma(quality)];
    header(picture, &steps, out);
    scan(picture, &steps, out);
    out.extend_from_slice(&[0xff, 0xd9]);
}

/// Everything before the first bit of the picture (T.81, annex B).
fn header(picture: &Picture, [luma, chroma]: &[Steps; 2], out: &mut Vec<u8>) {
    let [width, height] = [picture.width(), picture.height()].map(|side| (side as u16).to_be_bytes());
    out.extend_from_slice(&[0xff, 0xd8]);
    segment(out, 0xe0, &[b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"]);
    segment(out, 0xc0, &[&[8], &height, &width, &[3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]]);
    segment(out, 0xdb, &[&[0], &luma.table, &[1], &chroma.table]);
    for (place, Table { counts, symbols }) in
        [(0x00, LUMA_DC), (0x10, LUMA_AC), (0x01, CHROMA_DC), (0x11, CHROMA_AC)]
    {
        segment(out, 0xc4, &[&[place], &counts, symbols]);
    }
    segment(out, 0xda, &[&[3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]]);
}

fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let len = 2 + parts.iter().map(|part| part.len()).sum::<usize>() as u16;
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&len.to_be_bytes());
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

wide! {
    /// The blocks from left to right and from top to bottom, of each the three channels in turn.
    fn scan<'a>(picture: &'a Picture, steps: &'a [Steps; 2], out: &'a mut Vec<u8>) {
        let codes = [[Codes::of(&LUMA_DC), Codes::of(&LUMA_AC)], [Codes::of(&CHROMA_DC), Codes::of(&CHROMA_AC)]];
        let (width, height) = (picture.width(), picture.height());
        let mut bits = Bits::new(out);
        let mut channels = [[[[0.0; LANES]; 8]; 8]; 3];
        let mut coefficients = [[[0_i16; 64]; LANES]; 3];
        let mut before = [0; 3];
        for top in (0..height).step_by(8) {
            for left in (0..width).step_by(8 * LANES) {
                for row in 0..8 {
                    let y = (top + row).min(height - 1);
                    let end = width.min(left + 8 * LANES);
                    read(&picture.pixels()[y * width + left..y * width + end], row, &mut channels);
                }
                for (i, (channel, coefficients)) in channels.iter_mut().zip(&mut coefficients).enumerate() {
                    transform(channel);
                    steps[i.min(1)].quantize(channel, coefficients);
                }
                for block in 0..LANES.min((width - left).div_ceil(8)) {
                    for (i, (coefficients, before)) in coefficients.iter().zip(&mut before).enumerate() {
                        bits.block(&coefficients[block], *before, &codes[i.min(1)]);
                        *before = coefficients[block][0];
                    }
                }
            }
        }
        bits.finish();
    }
}

/// One row of the blocks as luma and chroma about zero (JFIF 1.02); the last pixel is repeated to the end.
#[inline(always)]
fn read(pixels: &[[u8; 4]], row: usize, channels: &mut [Blocks; 3]) {
    let (whole, rest) = pixels.as_chunks::<8>();
    let mut last = [rest.last().copied().unwrap_or([0; 4]); 8];
    last[..rest.len()].copy_from_slice(rest);
    let [luma, blue, red] = channels;
    let blocks = whole.iter().chain((!rest.is_empty()).then_some(&last));
    for (block, pixels) in blocks.enumerate().take(LANES) {
        for (column, &[r, g, b, _]) in pixels.iter().enumerate() {
            let [r, g, b] = [f32::from(r), f32::from(g), f32::from(b)];
            luma[row][column][block] = 0.299 * r + 0.587 * g + 0.114 * b - 128.0;
            blue[row][column][block] = 0.5 * b - 0.168_735_9 * r - 0.331_264_1 * g;
            red[row][column][block] = 0.5 * r - 0.418_687_6 * g - 0.081_312_4 * b;
        }
    }
}
