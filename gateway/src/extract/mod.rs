//! What handlers take out of a request.

pub mod body;
pub mod page;
