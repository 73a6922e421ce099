//! What is not put together yet says so.

use async_trait::async_trait;
use weir_model::{Error, ErrorCode, Result};
use weir_proto::{ByteStream, QueryRequest, QueryService};

/// Refuses queries with an explicit error.
pub(crate) struct Pending;

fn not_yet<T>(what: &str) -> Result<T> {
    Err(Error::new(ErrorCode::NotImplemented, format!("this build cannot {what} yet")))
}

#[async_trait]
impl QueryService for Pending {
    async fn query(&self, _: QueryRequest) -> Result<ByteStream> {
        not_yet("run queries")
    }
}
