//! `experimental/bitwise`: the functions of `bitwise` under their first path.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/bitwise",
    name: "bitwise",
    members: &[
        &SAND, &SCLEAR, &SLSHIFT, &SNOT, &SOR, &SRSHIFT, &SXOR, &UAND, &UCLEAR, &ULSHIFT, &UNOT, &UOR,
        &URSHIFT, &UXOR,
    ],
};

in_flux! { "experimental/bitwise":
    SAND = "sand", "(a: int, b: int) => int", "The bits that are set in both.",
        "import \"bitwise\"\nbitwise.sand";
    SOR = "sor", "(a: int, b: int) => int", "The bits that are set in either.",
        "import \"bitwise\"\nbitwise.sor";
    SXOR = "sxor", "(a: int, b: int) => int", "The bits that are set in exactly one.",
        "import \"bitwise\"\nbitwise.sxor";
    SCLEAR = "sclear", "(a: int, b: int) => int", "The bits of `a` that are not set in `b`.",
        "import \"bitwise\"\nbitwise.sclear";
    SNOT = "snot", "(a: int) => int", "All bits turned over.",
        "import \"bitwise\"\nbitwise.snot";
    SLSHIFT = "slshift", "(a: int, b: int) => int", "The bits of `a`, moved `b` places to the left.",
        "import \"bitwise\"\nbitwise.slshift";
    SRSHIFT = "srshift", "(a: int, b: int) => int", "The bits of `a`, moved `b` places to the right.",
        "import \"bitwise\"\nbitwise.srshift";
    UAND = "uand", "(a: uint, b: uint) => uint", "The bits that are set in both.",
        "import \"bitwise\"\nbitwise.uand";
    UOR = "uor", "(a: uint, b: uint) => uint", "The bits that are set in either.",
        "import \"bitwise\"\nbitwise.uor";
    UXOR = "uxor", "(a: uint, b: uint) => uint", "The bits that are set in exactly one.",
        "import \"bitwise\"\nbitwise.uxor";
    UCLEAR = "uclear", "(a: uint, b: uint) => uint", "The bits of `a` that are not set in `b`.",
        "import \"bitwise\"\nbitwise.uclear";
    UNOT = "unot", "(a: uint) => uint", "All bits turned over.",
        "import \"bitwise\"\nbitwise.unot";
    ULSHIFT = "ulshift", "(a: uint, b: uint) => uint", "The bits of `a`, moved `b` places to the left.",
        "import \"bitwise\"\nbitwise.ulshift";
    URSHIFT = "urshift", "(a: uint, b: uint) => uint", "The bits of `a`, moved `b` places to the right.",
        "import \"bitwise\"\nbitwise.urshift";
}
