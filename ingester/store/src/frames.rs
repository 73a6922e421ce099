//! Decompression of zstd frames that were compressed at once, so that each tells the size of what is in it.
//!
//! A context to decompress in takes longer to make than a small frame to read: each thread keeps one.

use std::cell::RefCell;
use std::io::{Cursor, Error, ErrorKind, Result};

use zstd::bulk::Decompressor;

thread_local! {
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// What no frame of ours holds, in bytes; a size beyond it is no size.
const LARGEST: u64 = 1 << 30;

/// What is in a frame, behind the bytes `plain`.
///
/// # Errors
/// When the bytes are no whole frame, or one that does not tell its size.
pub(crate) fn decompress(plain: &[u8], frame: &[u8]) -> Result<Vec<u8>> {
    let size = zstd::zstd_safe::get_frame_content_size(frame).ok().flatten();
    let unknown = || Error::new(ErrorKind::InvalidData, "a frame does not tell its size");
    let size = size.filter(|size| *size <= LARGEST).ok_or_else(unknown)?;
    let mut out = Vec::with_capacity(plain.len() + size as usize);
    out.extend_from_slice(plain);
    let mut out = Cursor::new(out);
    out.set_position(plain.len() as u64);
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let decompressor = match kept {
            Some(decompressor) => decompressor,
            None => kept.insert(Decompressor::new()?),
        };
        decompressor.decompress_to_buffer(frame, &mut out)
    })?;
    Ok(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_stand_behind_what_is_given() {
        for size in [0, 1, 100_000] {
            let bytes: Vec<u8> = (0..size).map(|i| (i / 7) as u8).collect();
            let frame = zstd::bulk::compress(&bytes, 3).unwrap();
            assert_eq!(decompress(b"", &frame).unwrap(), bytes);
            assert_eq!(decompress(b"ab", &frame).unwrap(), [b"ab", &bytes[..]].concat());
            assert!(decompress(b"", &frame[..frame.len() - 1]).is_err());
        }
        assert!(decompress(b"", b"").is_err());
        assert!(decompress(b"", b"no frame at all").is_err());
    }
}
