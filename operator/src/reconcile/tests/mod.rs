//! The mechanism against a server and a cluster in memory.

mod claims;
mod compare;
mod crash;
mod fakes;
mod settle;
mod token;
