//! The syntax of Flux: scanner, parser, syntax tree, its JSON form, and the formatter.
//!
//! Invariants: everything here is pure and total. [`parse`] answers a tree for any text, however broken;
//! what is wrong with it stands in the tree's nodes and is collected by [`errors`]. The height of a tree is
//! bounded, so that walking or dropping one never exhausts the stack. `parse(format(x))` is `x` but for
//! locations.
//!
//! This crate deliberately does not know types, packages, values or queries, and does no IO.

pub mod ast;
