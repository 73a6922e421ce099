//! What the gateway is made of. Everything is handed in; handlers reach it through [`Gateway`].

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use weir_auth::Authenticator;
use weir_catalog::{Authorized, Catalog, Counts};
use weir_model::Caller;
use weir_proto::QueryService;

use crate::metrics::Metrics;
use crate::readiness::{Check, Checks};
use crate::services::Writer;

/// Choices of the operator that handlers look at.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The largest body of a request, before and after unzipping.
    pub max_body_size: usize,
    /// What `/api/v2/config` shows: every flag but the secret ones.
    pub shown: Map<String, Value>,
    /// What `/debug/pprof/cmdline` tells anybody: the arguments of the process, without secrets.
    pub command_line: Vec<String>,
}

/// The parts of a gateway.
pub struct Parts {
    /// The resources.
    pub catalog: Catalog,
    /// Turns credentials into callers.
    pub auth: Authenticator,
    /// Takes points.
    pub writer: Arc<dyn Writer>,
    /// Runs queries.
    pub queries: Arc<dyn QueryService>,
    /// The functions that Flux scripts see without importing anything, with their signatures.
    pub functions: BTreeMap<String, String>,
    /// How everything stands that serving needs, the replayed log among it.
    pub ready: Checks,
    /// The operator's choices.
    pub settings: Settings,
    /// What is counted.
    pub metrics: Metrics,
}

/// A gateway. A clone is the same gateway.
#[derive(Clone)]
pub struct Gateway {
    parts: Arc<Parts>,
    started: i64,
}

impl Gateway {
    /// A gateway of these parts.
    pub fn new(parts: Parts) -> Self {
        let started = parts.catalog.now().nanoseconds();
        Self { parts: Arc::new(parts), started }
    }

    /// The catalog as `caller` may use it. There is no other way to it from a handler.
    pub(crate) fn catalog_for(&self, caller: Caller) -> Authorized {
        self.parts.catalog.authorized(caller)
    }

    /// The catalog as nobody: for setting up a server on which there is nobody yet, and for nothing else.
    pub(crate) fn catalog_for_setup(&self) -> &Catalog {
        &self.parts.catalog
    }

    /// How much there is; `None` when the catalog does not answer, which must not take the other metrics along.
    pub(crate) async fn counts(&self) -> Option<Counts> {
        match self.parts.catalog.counts().await {
            Ok(counts) => Some(counts),
            Err(error) => {
                tracing::warn!(%error, "resources cannot be counted");
                None
            }
        }
    }

    pub(crate) fn auth(&self) -> &Authenticator {
        &self.parts.auth
    }

    pub(crate) fn writer(&self) -> &dyn Writer {
        self.parts.writer.as_ref()
    }

    pub(crate) fn queries(&self) -> &dyn QueryService {
        self.parts.queries.as_ref()
    }

    pub(crate) fn functions(&self) -> &BTreeMap<String, String> {
        &self.parts.functions
    }

    pub(crate) fn checks(&self) -> Vec<Check> {
        (self.parts.ready)()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.parts.metrics
    }

    /// When the gateway was made, nanoseconds since 1970.
    pub(crate) fn started(&self) -> i64 {
        self.started
    }
}
