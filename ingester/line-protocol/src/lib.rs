//! Line protocol.
