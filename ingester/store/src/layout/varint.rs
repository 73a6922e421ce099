//! Variable-length integers, LEB128 and zigzag, for the series index.

/// Appends `value`.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed value, small when near zero.
pub(crate) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Appends a length and the bytes.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads what the `put`s wrote; every read is checked, since objects come from elsewhere.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn get(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn get_signed(&mut self) -> Option<i64> {
        let raw = self.get()?;
        Some((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    pub(crate) fn get_usize(&mut self) -> Option<usize> {
        usize::try_from(self.get()?).ok()
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    pub(crate) fn get_bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.get_usize()?;
        self.take(count)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_round_trip_and_truncation_is_seen() {
        let mut out = Vec::new();
        for v in [0, 127, 128, u64::MAX] {
            put(&mut out, v);
        }
        for v in [0, -1, 1, i64::MIN, i64::MAX] {
            put_signed(&mut out, v);
        }
        put_bytes(&mut out, b"key");
        let mut r = Reader::new(&out);
        assert_eq!([0; 4].map(|_| r.get().unwrap()), [0, 127, 128, u64::MAX]);
        assert_eq!([0; 5].map(|_| r.get_signed().unwrap()), [0, -1, 1, i64::MIN, i64::MAX]);
        assert_eq!(r.get_bytes(), Some(&b"key"[..]));
        assert!(r.is_empty());
        assert_eq!(r.get(), None);
        assert_eq!(Reader::new(&[9, 1]).get_bytes(), None);
    }
}
