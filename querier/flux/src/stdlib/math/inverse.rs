//! The inverse of the error function.

use std::f64::consts::PI;

/// The `y` for which `erf(y)` is `x`; infinite at -1 and 1, NaN beyond.
pub(super) fn erfinv(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 1.0 {
        return f64::NAN;
    }
    if x.abs() == 1.0 {
        return f64::INFINITY.copysign(x);
    }
    // A guess that is good to three digits, made exact by Newton's method with the second derivative.
    let a = 0.147;
    let log = (1.0 - x * x).ln();
    let half = 2.0 / (PI * a) + log / 2.0;
    let mut y = ((half * half - log / a).sqrt() - half).sqrt().copysign(x);
    for _ in 0..4 {
        // Near the ends the complement keeps the digits that 1 - erf would lose.
        let error = if x.abs() < 0.5 {
            libm::erf(y) - x
        } else {
            ((1.0 - x.abs()) - libm::erfc(y.abs())).copysign_of(x)
        };
        let step = error * PI.sqrt() / 2.0 * (y * y).exp();
        if !step.is_finite() {
            break;
        }
        y -= step / (1.0 + y * step);
    }
    y
}

/// Multiplying by the sign of another number.
trait SignOf {
    fn copysign_of(self, sign: f64) -> f64;
}

impl SignOf for f64 {
    fn copysign_of(self, sign: f64) -> f64 {
        if sign < 0.0 { -self } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::erfinv;

    #[test]
    fn inverts_the_error_function() {
        for y in [-3.0, -1.5, -0.1, 0.0, 0.4769362762044699, 2.0] {
            assert!((erfinv(libm::erf(y)) - y).abs() < 1e-10, "{y}");
        }
        assert_eq!(erfinv(1.0), f64::INFINITY);
        assert!(erfinv(1.1).is_nan());
    }
}
