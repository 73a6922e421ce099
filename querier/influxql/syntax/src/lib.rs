//! InfluxQL as text and as trees.
//!
//! Purpose: [`parse`] reads the statements of a query, with bound parameters put in, and every tree prints itself back
//! (`Display`) as text that reads as the same tree.
//!
//! Invariants: parsing is total: any text gives a tree or a [`ParseError`] with the words that users of InfluxDB know,
//! never a panic, however deep the text nests. A regular expression in a tree compiles.
//!
//! It deliberately does not know what a statement means, which columns there are, nor where data is.

mod ast;
mod duration;
mod error;
mod parser;
mod printer;
mod scanner;
mod words;

pub use ast::{
    Admin, Cardinality, CardinalityOf, DataType, Dimension, Expr, Field, Fill, Measurement, MeasurementName,
    On, Op, Select, ShowKeys, ShowMeasurements, ShowTagValues, Source, Statement, TagKeys, Wildcard,
};
pub use duration::{format_duration, parse_duration};
pub use error::ParseError;
pub use parser::{Param, Params, parse, parse_expr};
pub use printer::{quote_ident, quote_string};

#[cfg(test)]
mod tests;
