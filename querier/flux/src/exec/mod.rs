//! Running plans: a tree of operators that are pulled batch by batch on one thread a query. Where whole tables are worked
//! on one by one, other threads help while cores are free ([`Workers`], [`InOrder`]): some series each, answered in their
//! order; so they do with parts of what is sorted (`side_by_side`); and the next batch of a result is made while the last is written ([`NextAhead`]).
//!
//! Invariants: an operator that answered `None` or an error is not asked again; batches keep the invariants of
//! [`weir_table`]; every wait is ended by cancellation; what an operator collects is reserved with the query's
//! [`Memory`] first, and a query over its limit goes on on disk ([`spill`]) where it sorts, groups, pivots, joins or keeps
//! tables for several who take them, if it may, or fails with a clear error instead of growing.

mod budget;
pub(crate) mod chunks;
mod held;
mod in_order;
pub mod interrupt;
mod memory;
mod metered;
mod next_ahead;
mod open;
mod operator;
pub(crate) mod ordering;
mod profile;
mod reading;
mod regroup;
mod regrouper;
mod shared;
pub(crate) mod side_by_side;
pub(crate) mod spill;
mod threads;
mod whole;
mod workers;

pub use budget::Budget;
pub(crate) use in_order::{InOrder, Work};
pub use memory::{Hold, Memory, Reservation};
pub(crate) use next_ahead::NextAhead;
pub use open::open_all;
pub use operator::{BoxOperator, Collected, Operator, PerBatch, PerTables, Ready, Run, collect};
pub use profile::Profile;
pub(crate) use reading::Reading;
pub use regroup::{Order, regroup_of};
pub(crate) use regrouper::Regrouper;
pub use spill::SpillSpace;
pub use threads::Threads;
pub use whole::Whole;
pub(crate) use whole::{Gathered, join_parts};
pub use workers::Workers;
