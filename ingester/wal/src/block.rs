//! A block: a small description, bytes that are worth compressing, and bytes that are not.

use crate::input::{Garbled, Input, put_varint};

/// The most memory that one block may take when it is read: 2 GiB.
const BUDGET: usize = 2 << 30;

/// A block being written.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Counts, widths, names: read in order.
    pub(crate) meta: Vec<u8>,
    /// Bytes with runs or texts, for lz4.
    pub(crate) soft: Vec<u8>,
    /// Bytes that lz4 would not make smaller.
    pub(crate) hard: Vec<u8>,
}

impl Block {
    pub(crate) fn finish(mut self, out: &mut Vec<u8>) {
        put_varint(out, self.meta.len() as u64);
        put_varint(out, self.soft.len() as u64);
        self.meta.append(&mut self.soft);
        let joined = self.meta;
        let packed = (joined.len() >= 64).then(|| lz4_flex::block::compress(&joined));
        match packed.filter(|p| p.len() < joined.len() - joined.len() / 16) {
            Some(packed) => {
                put_varint(out, packed.len() as u64);
                out.extend_from_slice(&packed);
            }
            None => {
                put_varint(out, 0);
                out.extend_from_slice(&joined);
            }
        }
        out.extend_from_slice(&self.hard);
    }
}

/// The unpacked description and soft bytes of a block, and its hard bytes.
pub(crate) struct Unpacked<'a> {
    joined: std::borrow::Cow<'a, [u8]>,
    meta: usize,
    hard: &'a [u8],
}

impl<'a> Unpacked<'a> {
    /// Unpacks a block that fills all of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Garbled> {
        let mut input = Input::new(bytes);
        let (meta, soft, packed) = (input.length()?, input.length()?, input.length()?);
        let size = meta.checked_add(soft).filter(|&n| n <= BUDGET).ok_or(Garbled("a block is too large"))?;
        let joined = if packed == 0 {
            input.take(size)?.into()
        } else {
            let packed = input.take(packed)?;
            if size / 255 > packed.len() {
                return Err(Garbled("a block claims to be larger than it can be"));
            }
            let joined =
                lz4_flex::block::decompress(packed, size).map_err(|_| Garbled("a block does not unpack"))?;
            if joined.len() != size {
                return Err(Garbled("a block unpacks to another length"));
            }
            joined.into()
        };
        Ok(Self { joined, meta, hard: input.rest() })
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        let (meta, soft) = self.joined.split_at(self.meta);
        Reader { meta: Input::new(meta), soft: Input::new(soft), hard: Input::new(self.hard), budget: BUDGET }
    }
}

/// A block being read.
pub(crate) struct Reader<'a> {
    pub(crate) meta: Input<'a>,
    pub(crate) soft: Input<'a>,
    pub(crate) hard: Input<'a>,
    budget: usize,
}

impl Reader<'_> {
    /// A count of values of `size` bytes each, which may be allocated.
    pub(crate) fn count(&mut self, size: usize) -> Result<usize, Garbled> {
        let n = self.meta.length()?;
        self.allow(n, size)?;
        Ok(n)
    }

    /// Takes `n` values of `size` bytes off the budget.
    pub(crate) fn allow(&mut self, n: usize, size: usize) -> Result<(), Garbled> {
        let bytes = n.checked_mul(size).ok_or(Garbled("a block is too large"))?;
        self.budget = self.budget.checked_sub(bytes).ok_or(Garbled("a block is too large"))?;
        Ok(())
    }

    /// The block must have been read to its end.
    pub(crate) fn end(&self) -> Result<(), Garbled> {
        if self.meta.is_empty() && self.soft.is_empty() && self.hard.is_empty() {
            Ok(())
        } else {
            Err(Garbled("a block has bytes left over"))
        }
    }
}
