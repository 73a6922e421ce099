//! Annotated CSV: the wire format of Flux answers, and what `csv.from` reads.
//!
//! Purpose: [`Encoder`] writes batches of tables straight from their columns; `decode` reads the format back. Blocks of
//! equal shape share annotations and header; a blank line stands between blocks and after each result; rows end in
//! CRLF; null is an empty cell.
//!
//! Pure: text in memory only. It deliberately does not know queries, HTTP or where tables come from.

mod decode;
mod encode;

pub use decode::{DecodeError, decode, decode_raw};
pub use encode::{Annotation, Dialect, Encoder};
