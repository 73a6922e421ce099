//! Constants.

use crate::stdlib::native::constants;

constants! { "math":
    PI = "pi", "float", "The ratio of a circle's circumference to its diameter.", std::f64::consts::PI;
    E = "e", "float", "The base of natural logarithms.", std::f64::consts::E;
    PHI = "phi", "float", "The golden ratio.", 1.618_033_988_749_895_f64;
    SQRT2 = "sqrt2", "float", "The square root of 2.", std::f64::consts::SQRT_2;
    SQRTE = "sqrte", "float", "The square root of e.", 1.648_721_270_700_128_2_f64;
    SQRTPI = "sqrtpi", "float", "The square root of pi.", 1.772_453_850_905_516_f64;
    SQRTPHI = "sqrtphi", "float", "The square root of phi.", 1.272_019_649_514_069_f64;
    LN2 = "ln2", "float", "The natural logarithm of 2.", std::f64::consts::LN_2;
    LOG2E = "log2e", "float", "The binary logarithm of e.", std::f64::consts::LOG2_E;
    LN10 = "ln10", "float", "The natural logarithm of 10.", std::f64::consts::LN_10;
    LOG10E = "log10e", "float", "The decimal logarithm of e.", std::f64::consts::LOG10_E;
    MAXFLOAT = "maxfloat", "float", "The greatest float that is finite.", f64::MAX;
    SMALLEST_NONZERO_FLOAT = "smallestNonzeroFloat", "float", "The least float above 0.", f64::from_bits(1);
    MAXINT = "maxint", "int", "The greatest int.", i64::MAX;
    MININT = "minint", "int", "The least int.", i64::MIN;
    MAXUINT = "maxuint", "uint", "The greatest uint.", u64::MAX;
}
