//! What the operator may ask of a server: calls of its public HTTP API, nothing else.

mod http;

use futures::future::BoxFuture;
pub use hyper::Method;
use serde_json::Value;
use thiserror::Error;

pub use http::HttpServer;

/// A server, reached over HTTP or, in tests, in memory.
pub trait Remote: Send + Sync {
    /// Makes one call. An empty answer is `Value::Null`.
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Value, Failure>>;
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path, already encoded, without a query.
    pub path: String,
    /// The query, not yet encoded.
    pub query: Vec<(&'static str, String)>,
    /// The JSON body.
    pub body: Option<Value>,
}

impl Call {
    /// A call without query and body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), query: Vec::new(), body: None }
    }

    /// A GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }
}

/// Why a call brought nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Failure {
    /// No answer: the server is down, or the network is. Whether it acted is not known.
    #[error("{0}")]
    Unreachable(String),
    /// The server said no.
    #[error("{message} (HTTP {status})")]
    Refused {
        /// HTTP's status.
        status: u16,
        /// The server's word for the error.
        code: String,
        /// Its sentence.
        message: String,
    },
}

impl Failure {
    /// Whether the thing asked for does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }
}
