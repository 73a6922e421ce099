//! What handlers take out of a request.

mod access;
pub(crate) mod body;
mod json;
pub(crate) mod loose;
mod media_type;
mod page;
mod path;
mod query;
mod raw;
pub(crate) mod target;

pub(crate) use access::Access;
pub(crate) use json::Json;
pub(crate) use media_type::media_type;
pub(crate) use page::{Page, parse_bool};
pub(crate) use path::{ChildId, ParentId, PathId, PathText};
pub(crate) use query::Query;
pub(crate) use raw::RawBody;
