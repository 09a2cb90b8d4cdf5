//! Rows of a block that pass a filter, list by list.

use roaring::RoaringBitmap;

use super::{block::Block, codes::sieve::AT_ONCE};

/// Where no more than so many rows a list pass, they are written out: a search then asks for the rows of many lists, and
/// asking a bitmap takes as long as writing out fifty rows.
const FEW: usize = 16;

/// What passes in a block.
pub(super) struct Passing<'a> {
    /// The place of the block among the parts.
    pub(super) part: usize,
    pub(super) block: &'a Block,
    pub(super) rows: &'a RoaringBitmap,
}

impl<'a> Passing<'a> {
    /// The same, ready to be asked for the rows of lists.
    pub(super) fn by_list(&self) -> ByList<'a> {
        let Self { part, block, rows } = *self;
        let few = rows.len() <= (FEW * block.starts.len()) as u64;
        ByList { part, block, rows, written_out: few.then(|| WrittenOut::new(block, rows)) }
    }
}

/// The rows of each list.
pub(super) struct ByList<'a> {
    pub(super) part: usize,
    pub(super) block: &'a Block,
    rows: &'a RoaringBitmap,
    written_out: Option<WrittenOut>,
}

impl ByList<'_> {
    /// Calls back with the rows of a list, some at a time, and says whether there are any.
    pub(super) fn of(&self, list: usize, mut each: impl FnMut(&[u32])) -> bool {
        if let Some(WrittenOut { rows, starts }) = &self.written_out {
            let rows = &rows[starts[list]..starts[list + 1]];
            each(rows);
            return !rows.is_empty();
        }
        let mut rows = self.rows.range(self.block.starts[list]..self.block.starts[list + 1]);
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
    fn new(block: &Block, bitmap: &RoaringBitmap) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "few")]
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
