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
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
];

/// Reads digits from `bytes[at..]` onto `value`; stops before the value could overflow. Answers the place after them.
#[inline]
fn digits(bytes: &[u8], mut at: usize, value: &mut u64) -> usize {
    let mut n = *value;
    // Eight at a time where there are eight; floats of full precision and nanosecond times profit.
    while n < 100_000_000 {
        let Some(chunk) = bytes.get(at..at + 8) else { break };
        let Ok(chunk) = <[u8; 8]>::try_from(chunk) else { break };
        let Some(eight) = eight_digits(u64::from_le_bytes(chunk)) else { break };
        n = n * 100_000_000 + eight;
        at += 8;
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

/// The value of eight ASCII digits, first digit in the lowest byte.
#[inline]
fn eight_digits(chunk: u64) -> Option<u64> {
    let v = chunk.wrapping_sub(0x3030_3030_3030_3030);
    if (chunk.wrapping_add(0x4646_4646_4646_4646) | v) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let v = v.wrapping_mul(10).wrapping_add(v >> 8);
    let low = (v & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = ((v >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    Some(low.wrapping_add(high) >> 32)
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
            if mantissa <= 1 << 53 && places <= 22 && !matches!(bytes.get(end), Some(b'0'..=b'9' | b'e' | b'E')) {
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
    fn eight_digits_at_once() {
        assert_eq!(eight_digits(u64::from_le_bytes(*b"12345678")), Some(12_345_678));
        assert_eq!(eight_digits(u64::from_le_bytes(*b"00000000")), Some(0));
        assert_eq!(eight_digits(u64::from_le_bytes(*b"99999999")), Some(99_999_999));
        for bad in [b"1234567/", b":2345678", b"1234 678", b"\xff2345678"] {
            assert_eq!(eight_digits(u64::from_le_bytes(*bad)), None);
        }
    }

    #[test]
    fn numbers_agree_with_the_library() {
        for text in [
            "0", "-0", "1", "58.1317132304976170", "1.5", "1e5", "1.5e-3", "123456789012345678", "0.1", "0.30000000000000004",
            "9007199254740993", "1234567890123456789012", "4.35", "2.2250738585072014e-308", "100000000.00000001",
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
