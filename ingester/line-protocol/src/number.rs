//! Numbers at speed, for the plain cases; everything else is left to the exact reader.

/// A number read from the front of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Float(f64),
    Integer(i64),
    Unsigned(u64),
}

/// Powers of ten that a float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// Reads digits from `bytes[at..]` onto `value`; stops before the value could overflow. Answers the place after them.
///
/// Up to eight digits are read at once and without a branch on how many there are, which nobody can predict.
#[inline]
fn digits(bytes: &[u8], mut at: usize, value: &mut u64) -> usize {
    let mut n = *value;
    while n < 10_000_000_000 {
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) else { break };
        let (eight, count) = up_to_eight(u64::from_le_bytes(*chunk));
        n = n * TENS[count] + eight;
        at += count;
        if count < 8 {
            *value = n;
            return at;
        }
    }
    while let Some(&b) = bytes.get(at) {
        let digit = b.wrapping_sub(b'0');
        if digit > 9 || n >= 1_000_000_000_000_000_000 {
            break;
        }
        n = n * 10 + u64::from(digit);
        at += 1;
    }
    *value = n;
    at
}

/// The value and the number of the digits that eight bytes of text start with, first byte lowest.
#[inline]
fn up_to_eight(chunk: u64) -> (u64, usize) {
    let v = chunk ^ 0x3030_3030_3030_3030;
    // The first byte that is no digit gets a high bit; what its carry does to later bytes does not matter.
    let other = (v.wrapping_add(0x0606_0606_0606_0606) | v) & 0xf0f0_f0f0_f0f0_f0f0;
    let count = (other.trailing_zeros() / 8) as usize;
    if count == 0 {
        return (0, 0);
    }
    let v = v << (64 - 8 * count); // zeros in front
    let v = v.wrapping_mul(10).wrapping_add(v >> 8);
    let low = (v & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = ((v >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    (low.wrapping_add(high) >> 32, count)
}

/// Reads a field's number at `at`. `None`: not plain. Answers the number and the place after it.
#[inline]
pub(crate) fn field(text: &str, at: usize) -> Option<(Number, usize)> {
    let bytes = text.as_bytes();
    let negative = bytes.get(at) == Some(&b'-');
    let first = at + usize::from(negative);
    let mut mantissa = 0;
    let mut end = digits(bytes, first, &mut mantissa);
    if end == first {
        return None;
    }
    match bytes.get(end) {
        Some(b'i') if end - first <= 18 => {
            let value = mantissa as i64; // at most 18 digits: fits
            return Some((Number::Integer(if negative { -value } else { value }), end + 1));
        }
        Some(b'u') if end - first <= 18 && !negative => return Some((Number::Unsigned(mantissa), end + 1)),
        Some(b'.') => {
            let fraction = end + 1;
            end = digits(bytes, fraction, &mut mantissa);
            let places = end - fraction;
            if mantissa <= 1 << 53
                && places <= 22
                && !matches!(bytes.get(end), Some(b'0'..=b'9' | b'e' | b'E'))
            {
                let value = mantissa as f64 / POWERS[places];
                return Some((Number::Float(if negative { -value } else { value }), end));
            }
        }
        Some(b'e' | b'E' | b'0'..=b'9') => {}
        _ if mantissa <= 1 << 53 => {
            let value = mantissa as f64;
            return Some((Number::Float(if negative { -value } else { value }), end));
        }
        _ => {}
    }
    // Too long for the shortcut, or with an exponent: find the end and let the library be exact.
    while bytes.get(end).is_some_and(|b| matches!(b, b'0'..=b'9' | b'e' | b'E' | b'+' | b'-' | b'.')) {
        end += 1;
    }
    let value: f64 = text.get(at..end)?.parse().ok()?;
    value.is_finite().then_some((Number::Float(value), end))
}

/// Reads a timestamp at `at`. `None`: not plain.
#[inline]
pub(crate) fn timestamp(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let negative = bytes.get(at) == Some(&b'-');
    let first = at + usize::from(negative);
    let mut value = 0;
    let end = digits(bytes, first, &mut value);
    if end == first || end - first > 19 || bytes.get(end).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let value = i64::try_from(value).ok()?;
    Some((if negative { -value } else { value }, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_eight_digits_at_once() {
        let read = |text: &[u8; 8]| up_to_eight(u64::from_le_bytes(*text));
        assert_eq!(read(b"12345678"), (12_345_678, 8));
        assert_eq!(read(b"00000000"), (0, 8));
        assert_eq!(read(b"99999999"), (99_999_999, 8));
        assert_eq!(read(b"1234567/"), (1_234_567, 7));
        assert_eq!(read(b":2345678"), (0, 0));
        assert_eq!(read(b"12 45678"), (12, 2));
        assert_eq!(read(b"7i,usage"), (7, 1));
        assert_eq!(read(b"42\xff\xff\xff\xff\xff\xff"), (42, 2));
    }

    #[test]
    fn numbers_agree_with_the_library() {
        for text in [
            "0",
            "-0",
            "1",
            "58.1317132304976170",
            "1.5",
            "1e5",
            "1.5e-3",
            "123456789012345678",
            "0.1",
            "0.30000000000000004",
            "9007199254740993",
            "1234567890123456789012",
            "4.35",
            "2.2250738585072014e-308",
            "100000000.00000001",
        ] {
            let (number, end) = field(text, 0).unwrap();
            assert_eq!(end, text.len(), "{text}");
            match number {
                Number::Float(f) => assert_eq!(f.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        assert_eq!(field("12i,", 0), Some((Number::Integer(12), 3)));
        assert_eq!(field("-12i", 0), Some((Number::Integer(-12), 4)));
        assert_eq!(field("7u ", 0), Some((Number::Unsigned(7), 2)));
        assert_eq!(field("1e999", 0), None);
        assert_eq!(timestamp(b"1700000000000000000\n", 0), Some((1_700_000_000_000_000_000, 19)));
        assert_eq!(timestamp(b"9223372036854775807", 0), Some((i64::MAX, 19)));
        assert_eq!(timestamp(b"9223372036854775808", 0), None);
        assert_eq!(timestamp(b"17000000000000000000", 0), None);
    }
}
