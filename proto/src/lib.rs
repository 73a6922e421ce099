//! What one role of Weir may know of another: one trait a service.
//!
//! Purpose: the seams along which the all-in-one process is cut into gateway, ingester and querier. Each service is
//! an object-safe async trait with two faces: the role's own type (calls in memory) and a gRPC client of the same
//! trait, served by a thin tonic server. Callers hold `Arc<dyn …>` and cannot tell them apart.
//!
//! Invariants: every method answers [`weir_model::Error`], which maps to and from `tonic::Status` without loss; a
//! stream that ends without an error is complete; dropping a stream cancels the work behind it.
//!
//! It deliberately does not know how any role does its work.

pub mod grpc;
mod index;
mod query;
mod scan;
mod write;

pub use index::{ClaimedTypes, FieldClaim, FileIndexService, ShardGroup};
pub use query::{
    ByteStream, Caller, CsvDialect, InfluxQlQuery, QueryLanguage, QueryRequest, QueryService, QueryText,
};
pub use scan::{ReduceStream, ScanService, ScanStream, SeriesStream};
pub use write::{DeleteRequest, ShardWrite, WriteRequest, WriteService};
