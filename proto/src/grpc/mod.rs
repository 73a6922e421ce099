//! The gRPC faces: clients that are the traits, and servers of anything that is.
//!
//! The messages are in `protos/`, under a package a version. Errors travel without loss, see [`status_of`]; a stream
//! that is dropped on one side is cancelled on the other.

mod channel;
mod convert;
mod predicate;
mod query;
mod rows;
mod scan;
mod secret;
mod secured;
mod series_batch;
mod serve;
mod status;
mod trust;
mod way;
mod write;

pub use channel::Peer;
pub use query::QueryClient;
pub use scan::ScanClient;
pub use secret::ClusterSecret;
pub use serve::Services;
pub use status::{error_of, status_of};
pub use trust::{ClusterTls, ClusterTlsFiles, Trust};
pub use write::WriteClient;

/// The protos' descriptors, for reflection and tests.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The largest message taken, except writes.
const MESSAGE_LIMIT: usize = 64 << 20;
/// The largest write taken: it is one client's body, already unpacked and in columns.
const WRITE_LIMIT: usize = 512 << 20;

/// What `build.rs` made of the protos.
#[allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "generated")]
pub(crate) mod pb {
    pub mod weir {
        pub mod scan {
            pub mod v1 {
                tonic::include_proto!("weir.scan.v1");
            }
        }
        pub mod write {
            pub mod v1 {
                tonic::include_proto!("weir.write.v1");
            }
        }
        pub mod query {
            pub mod v1 {
                tonic::include_proto!("weir.query.v1");
            }
        }
    }
    pub use weir::query::v1 as query;
    pub use weir::scan::v1 as scan;
    pub use weir::write::v1 as write;
}

#[cfg(test)]
mod tests;
