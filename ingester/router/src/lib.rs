//! Routing of writes.
