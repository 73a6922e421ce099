//! CityHash64, version 1.0. Later versions answer other hashes.

const K0: u64 = 0xc3a5_c85c_97cb_3127;
const K1: u64 = 0xb492_b66f_be98_f273;
const K2: u64 = 0x9ae1_6a3b_2f90_404f;
const K3: u64 = 0xc949_d7c7_509e_6557;
const MIX: u64 = 0x9ddf_ea08_eb38_2d69;

/// The hash of some bytes.
pub(super) fn hash64(s: &[u8]) -> u64 {
    match s.len() {
        0..=16 => short(s),
        17..=32 => medium(s),
        33..=64 => long(s),
        _ => blocks(s),
    }
}

/// Eight bytes from `at` on, as a number.
fn word(s: &[u8], at: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&s[at..at + 8]);
    u64::from_le_bytes(bytes)
}

/// Four bytes from `at` on, as a number.
fn half(s: &[u8], at: usize) -> u64 {
    s[at..at + 4].iter().rev().fold(0, |n, b| n << 8 | u64::from(*b))
}

fn shift_mix(v: u64) -> u64 {
    v ^ (v >> 47)
}

/// Two numbers made one.
fn fold(u: u64, v: u64) -> u64 {
    let a = shift_mix((u ^ v).wrapping_mul(MIX));
    shift_mix((v ^ a).wrapping_mul(MIX)).wrapping_mul(MIX)
}

fn short(s: &[u8]) -> u64 {
    let n = s.len();
    match n {
        0 => K2,
        1..=3 => {
            let y = u64::from(s[0]) + (u64::from(s[n >> 1]) << 8);
            let z = n as u64 + (u64::from(s[n - 1]) << 2);
            shift_mix(y.wrapping_mul(K2) ^ z.wrapping_mul(K3)).wrapping_mul(K2)
        }
        4..=8 => fold(n as u64 + (half(s, 0) << 3), half(s, n - 4)),
        _ => {
            let (a, b) = (word(s, 0), word(s, n - 8));
            fold(a, b.wrapping_add(n as u64).rotate_right(n as u32)) ^ b
        }
    }
}

fn medium(s: &[u8]) -> u64 {
    let n = s.len();
    let a = word(s, 0).wrapping_mul(K1);
    let b = word(s, 8);
    let c = word(s, n - 8).wrapping_mul(K2);
    let d = word(s, n - 16).wrapping_mul(K0);
    fold(
        a.wrapping_sub(b).rotate_right(43).wrapping_add(c.rotate_right(30)).wrapping_add(d),
        a.wrapping_add((b ^ K3).rotate_right(20)).wrapping_sub(c).wrapping_add(n as u64),
    )
}

/// Sum and mixture of 32 bytes, beginning with `a`, of which the last eight are `z`.
fn half_of_long(mut a: u64, z: u64, middle: [u64; 2]) -> (u64, u64) {
    let mut b = a.wrapping_add(z).rotate_right(52);
    let mut c = a.rotate_right(37);
    a = a.wrapping_add(middle[0]);
    c = c.wrapping_add(a.rotate_right(7));
    a = a.wrapping_add(middle[1]);
    b = b.wrapping_add(a.rotate_right(31)).wrapping_add(c);
    (a.wrapping_add(z), b)
}

fn long(s: &[u8]) -> u64 {
    let n = s.len();
    let start = word(s, 0).wrapping_add((n as u64).wrapping_add(word(s, n - 16)).wrapping_mul(K0));
    let (vf, vs) = half_of_long(start, word(s, 24), [word(s, 8), word(s, 16)]);
    let start = word(s, 16).wrapping_add(word(s, n - 32));
    let (wf, ws) = half_of_long(start, word(s, n - 8), [word(s, n - 24), word(s, n - 16)]);
    let r =
        shift_mix(vf.wrapping_add(ws).wrapping_mul(K2).wrapping_add(wf.wrapping_add(vs).wrapping_mul(K0)));
    shift_mix(r.wrapping_mul(K0).wrapping_add(vs)).wrapping_mul(K2)
}

/// A weak hash of 32 bytes with two seeds.
fn weak(s: &[u8], at: usize, a: u64, b: u64) -> (u64, u64) {
    let (w, x, y, z) = (word(s, at), word(s, at + 8), word(s, at + 16), word(s, at + 24));
    let a = a.wrapping_add(w);
    let b = b.wrapping_add(a).wrapping_add(z).rotate_right(21);
    let sum = a.wrapping_add(x).wrapping_add(y);
    (sum.wrapping_add(z), b.wrapping_add(sum.rotate_right(44)).wrapping_add(a))
}

fn blocks(s: &[u8]) -> u64 {
    let n = s.len();
    let mut x = word(s, 0);
    let mut y = word(s, n - 16) ^ K1;
    let mut z = word(s, n - 56) ^ K0;
    let mut v = weak(s, n - 64, n as u64, y);
    let mut w = weak(s, n - 32, (n as u64).wrapping_mul(K1), K0);
    z = z.wrapping_add(shift_mix(v.1).wrapping_mul(K1));
    x = z.wrapping_add(x).rotate_right(39).wrapping_mul(K1);
    y = y.rotate_right(33).wrapping_mul(K1);
    for at in (0..(n - 1) & !63).step_by(64) {
        x = x
            .wrapping_add(y)
            .wrapping_add(v.0)
            .wrapping_add(word(s, at + 16))
            .rotate_right(37)
            .wrapping_mul(K1);
        y = y.wrapping_add(v.1).wrapping_add(word(s, at + 48)).rotate_right(42).wrapping_mul(K1);
        x ^= w.1;
        y ^= v.0;
        z = (z ^ w.0).rotate_right(33);
        v = weak(s, at, v.1.wrapping_mul(K1), x.wrapping_add(w.0));
        w = weak(s, at + 32, z.wrapping_add(w.1), y);
        std::mem::swap(&mut z, &mut x);
    }
    fold(
        fold(v.0, w.0).wrapping_add(shift_mix(y).wrapping_mul(K1)).wrapping_add(z),
        fold(v.1, w.1).wrapping_add(x),
    )
}

#[cfg(test)]
mod tests {
    use super::hash64;

    #[test]
    fn every_length_has_its_way() {
        assert_eq!(hash64(b"hello"), 2_578_220_239_953_316_063);
        let text = [b'x'; 200];
        let mut seen: Vec<u64> = (0..200).map(|n| hash64(&text[..n])).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 200);
    }
}
