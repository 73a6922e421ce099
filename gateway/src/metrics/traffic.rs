//! Writes and queries by organization: the numbers people bill and watch.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use weir_model::Id;

use super::header;

/// What an organization asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Endpoint {
    /// `/api/v2/write`.
    Write,
    /// `/write`.
    WriteV1,
    /// `/api/v2/query`.
    Query,
}

impl Endpoint {
    fn path(self) -> &'static str {
        match self {
            Self::Write => "/api/v2/write",
            Self::WriteV1 => "/write",
            Self::Query => "/api/v2/query",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Write | Self::WriteV1 => "write",
            Self::Query => "query",
        }
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    requests: u64,
    bytes: u64,
}

/// A family's name and help, and which of the sums it shows.
type Family = (&'static str, &'static str, fn(&Sum) -> u64);

/// Sums by endpoint, organization and status.
#[derive(Default)]
pub(super) struct Traffic(Mutex<BTreeMap<(Endpoint, Id, u16), Sum>>);

impl Traffic {
    pub(super) fn count(&self, endpoint: Endpoint, org: Id, status: u16, bytes: usize) {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = sums.entry((endpoint, org, status)).or_default();
        sum.requests += 1;
        sum.bytes += bytes as u64;
    }

    pub(super) fn render(&self, out: &mut String) {
        let sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for kind in ["write", "query"] {
            let of_kind = || sums.iter().filter(|((endpoint, ..), _)| endpoint.kind() == kind);
            let families: [Family; 2] = [
                ("request_count", "Total number of requests", |sum| sum.requests),
                ("request_bytes", "Count of bytes received", |sum| sum.bytes),
            ];
            for (name, help, value) in families {
                let name = format!("http_{kind}_{name}");
                header(out, &name, "counter", help);
                for ((endpoint, org, status), sum) in of_kind() {
                    let path = endpoint.path();
                    let labels = format!("endpoint=\"{path}\",org_id=\"{org}\",status=\"{status}\"");
                    let _ = writeln!(out, "{name}{{{labels}}} {}", value(sum));
                }
            }
        }
    }
}
