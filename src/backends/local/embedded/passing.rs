//! Rows of a block that pass a filter, list by list.

use roaring::RoaringBitmap;

use super::{block::Block, codes::sieve::AT_ONCE};

/// Where no more than so many rows a list pass, they are written out: a search then asks for the rows of many lists, and
/// asking a bitmap takes as long as writing out fifty rows.
const FEW: usize = 16;

/// What passes in a block.
#[derive(Clone, Copy)]
pub(super) struct Passing<'a> {
    /// The place of the block among the parts.
    pub(super) part: usize,
    pub(super) block: &'a Block,
    pub(super) rows: &'a RoaringBitmap,
}

impl<'a> Passing<'a> {
    /// The same, ready to be asked for the rows of lists.
    pub(super) fn by_list(self) -> ByList<'a> {
        let few = self.rows.len() <= (FEW * self.block.starts.len()) as u64;
        ByList { passing: self, written_out: few.then(|| WrittenOut::new(self)) }
    }
}

/// The rows of each list.
pub(super) struct ByList<'a> {
    pub(super) passing: Passing<'a>,
    written_out: Option<WrittenOut>,
}

impl ByList<'_> {
    /// Calls back with the rows of a list, some at a time, and says whether there are any.
    pub(super) fn of(&self, list: usize, mut each: impl FnMut(&[u32])) -> bool {
        if let Some(WrittenOut { rows, starts }) = &self.written_out {
            let rows = &rows[starts[list]..starts[list + 1]];
            if !rows.is_empty() {
                each(rows);
            }
            return !rows.is_empty();
        }
        let Passing { block, rows, .. } = self.passing;
        let mut rows = rows.range(block.starts[list]..block.starts[list + 1]);
        let (mut buffer, mut any) = ([0; AT_ONCE], false);
        while let found @ [_, ..] = rows.next_many(&mut buffer) {
            each(found);
            any = true;
        }
        any
    }
}

/// Rows in order, where those of each list begin, and where the last end.
struct WrittenOut {
    rows: Vec<u32>,
    starts: Vec<usize>,
}

impl WrittenOut {
    fn new(Passing { block, rows: bitmap, .. }: Passing<'_>) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "few: a block has fewer than 2^32 rows")]
        let mut rows = vec![0; bitmap.len() as usize];
        let found = bitmap.iter().next_many(&mut rows).len();
        rows.truncate(found);
        let mut at = 0;
        let starts = block.starts.iter().map(|start| {
            at += rows[at..].iter().take_while(|row| **row < *start).count();
            at
        });
        let starts = starts.collect();
        Self { rows, starts }
    }
}
