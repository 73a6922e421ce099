//! The querier role.
