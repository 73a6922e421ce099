//! What a process needs before it serves, how it stands, and who looks after that.

mod catalog;
mod needs;
mod objects;
mod peers;

pub(crate) use catalog::{connect, watch_catalog};
pub(crate) use needs::{Need, Needs};
pub(crate) use objects::reach_objects;
pub(crate) use peers::{ingesters_met, meet_queriers};
