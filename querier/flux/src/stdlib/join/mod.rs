//! `join`: rows of two streams side by side, where a predicate of equalities holds.

mod groups;
mod in_memory;
mod predicate;
mod rows;
mod spilled;
pub(crate) mod tables;

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "join",
    name: "join",
    members: &[&FULL, &INNER, &LEFT, &RIGHT, &TIME, &tables::DEFINITION],
};

in_flux! { "join":
    TIME = "time",
        "(<-left: stream[{L with _time: B}], right: stream[{R with _time: C}], as: (l: {L with _time: B}, r: {R with _time: C}) => A, ?method: string) => stream[A] where A: Record, L: Record, R: Record",
        "Joins rows of the same `_time`.",
        "(left=<-, right, as, method=\"inner\") => tables(left: left, right: right, on: (l, r) => l._time == r._time, as: as, method: method)";
    INNER = "inner",
        "(<-left: stream[L], right: stream[R], on: (l: L, r: R) => bool, as: (l: L, r: R) => A) => stream[A] where A: Record, L: Record, R: Record",
        "Keeps the rows that have a match.",
        "(left=<-, right, on, as) => tables(left: left, right: right, on: on, as: as, method: \"inner\")";
    FULL = "full",
        "(<-left: stream[L], right: stream[R], on: (l: L, r: R) => bool, as: (l: L, r: R) => A) => stream[A] where A: Record, L: Record, R: Record",
        "Keeps all rows of both streams.",
        "(left=<-, right, on, as) => tables(left: left, right: right, on: on, as: as, method: \"full\")";
    LEFT = "left",
        "(<-left: stream[L], right: stream[R], on: (l: L, r: R) => bool, as: (l: L, r: R) => A) => stream[A] where A: Record, L: Record, R: Record",
        "Keeps all rows of the left stream.",
        "(left=<-, right, on, as) => tables(left: left, right: right, on: on, as: as, method: \"left\")";
    RIGHT = "right",
        "(<-left: stream[L], right: stream[R], on: (l: L, r: R) => bool, as: (l: L, r: R) => A) => stream[A] where A: Record, L: Record, R: Record",
        "Keeps all rows of the right stream.",
        "(left=<-, right, on, as) => tables(left: left, right: right, on: on, as: as, method: \"right\")";
}
