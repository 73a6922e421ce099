//! What does not fit into a query's memory, on disk.
//!
//! Operators that need all rows work on disk by sorting: a [`Sorter`] brings rows into the order of keys of bytes, in
//! runs that fit into memory, which a [`Merge`] reads in order afterwards; a [`TableSorter`] knows the tables that rows
//! belong to besides, and answers these; [`Ranges`] reads two sorted streams side by side. [`KeptBatches`] are only kept.
//!
//! Invariants: a file has no name, so it is gone with its operator or with the process, however that ends; all files
//! together stay below a limit ([`SpillSpace`]); rows of equal keys keep their order.
//!
//! Deliberately knows no operator: what the keys are, is theirs.

mod cut;
mod file;
mod grouped;
mod kept;
mod keys;
mod merge;
mod ranges;
mod sorter;
mod space;
mod tables;
#[cfg(test)]
mod tests;

use file::SpillFile;
pub(crate) use grouped::Grouped;
pub(crate) use kept::{KeptBatch, KeptBatches};
pub(crate) use keys::{Keys, table_of};
pub(crate) use merge::{Merge, SortedRows};
pub(crate) use ranges::Ranges;
pub(crate) use sorter::{ColumnId, Sorter};
pub use space::SpillSpace;
pub(crate) use tables::{Shape, TableSorter};
