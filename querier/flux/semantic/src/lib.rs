//! The types of Flux: inference with row-polymorphic records, and everything a script can be refused for
//! before it runs.
//!
//! [`check`] walks a syntax tree once and answers what is wrong with it; [`check_package`] answers the types of
//! the package's members too. Types of other packages come through an [`Importer`] as [`PolyType`]s, which
//! [`parse_poly_type`] reads from signatures such as `(<-tables: stream[A], n: int) => stream[A] where A: Record`.
//!
//! Invariants: nothing here panics or overflows the stack, whatever the tree (the parser bounds its height; the
//! height of types is bounded here); the work is near-linear in the size of the script, also where types share
//! parts. A mistake is reported once: what follows from a broken part has a type that fits everywhere. A script
//! that the incumbent accepts is accepted; texts and places of errors are the incumbent's.
//!
//! This crate deliberately does not know values, the standard library's contents, or how anything is run. What
//! the incumbent finds only while running (a comparison of an integer with a string, a start of a range that is
//! no time) passes here.

mod check;
mod error;
mod package;
mod types;
mod unify;

pub use check::{CheckedPackage, check, check_package};
pub use error::SignatureError;
pub use package::{Importer, PackageTypes};
pub use types::{Basic, FieldType, Kind, Kinds, Parameter, ParameterKind, PolyType, parse_poly_type};
pub use weir_flux_syntax::{Diagnostic, join_errors};
