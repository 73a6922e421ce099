//! Equality and order of values.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Value;

/// A dictionary's key: any basic value, ordered.
#[derive(Debug, Clone)]
pub struct DictKey(pub Value);

impl PartialEq for DictKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for DictKey {}

impl PartialOrd for DictKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DictKey {
    fn cmp(&self, other: &Self) -> Ordering {
        use Value::{Bool, Bytes, Duration, Float, Int, String, Time, UInt};
        match (&self.0, &other.0) {
            (Bool(a), Bool(b)) => a.cmp(b),
            (Int(a), Int(b)) | (Time(a), Time(b)) => a.cmp(b),
            (UInt(a), UInt(b)) => a.cmp(b),
            (Float(a), Float(b)) => a.total_cmp(b),
            (String(a), String(b)) => a.cmp(b),
            (Bytes(a), Bytes(b)) => a.cmp(b),
            (Duration(a), Duration(b)) => {
                (a.signed_months(), a.signed_nanoseconds()).cmp(&(b.signed_months(), b.signed_nanoseconds()))
            }
            (a, b) => a.nature().cmp(b.nature()),
        }
    }
}

impl PartialEq for Value {
    /// Deep equality of values of one type; streams and functions are equal when they are the same object.
    fn eq(&self, other: &Self) -> bool {
        use Value::{
            Array, Bool, Bytes, Dict, Duration, Dynamic, Float, Int, Null, Package, Record, Regexp, Stream,
            String, Time, UInt,
        };
        match (self, other) {
            (Null(_), Null(_)) => true,
            (Bool(a), Bool(b)) => a == b,
            (Int(a), Int(b)) | (Time(a), Time(b)) => a == b,
            (UInt(a), UInt(b)) => a == b,
            (Float(a), Float(b)) => a == b,
            (String(a), String(b)) => a == b,
            (Bytes(a), Bytes(b)) => a == b,
            (Duration(a), Duration(b)) => a == b,
            (Regexp(a), Regexp(b)) => a.as_str() == b.as_str(),
            (Array(a), Array(b)) => a == b,
            (Record(a), Record(b)) => a.len() == b.len() && a.iter().all(|(k, v)| b.get(k) == Some(v)),
            (Dict(a), Dict(b)) => a == b,
            (Dynamic(a), Dynamic(b)) => a == b,
            (Stream(a), Stream(b)) => Arc::ptr_eq(a, b),
            (Package(a), Package(b)) => a == b,
            _ => false,
        }
    }
}
