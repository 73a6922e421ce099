//! Other servers: what `from`, `buckets` and `databases` read when a host is given.

use std::sync::Arc;
use std::time::Duration;

use weir_table::time::format_rfc3339_nanos;

use crate::env::{NameOrId, OutgoingRequest};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Place};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Bounds, Node, Spec};
use crate::stdlib::http::escape;
use crate::stdlib::lazy::lazy;

/// How long the other server may take for an answer.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A server, and as whom to ask it.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    host: Arc<str>,
    org: Option<NameOrId>,
    token: Option<Arc<str>>,
}

impl Remote {
    /// The server that the arguments name, if they do.
    pub(crate) fn of(args: &Args, org: Option<NameOrId>) -> Result<Option<Self>> {
        let Some(host) = args.optional::<Arc<str>>("host")?.filter(|host| !host.is_empty()) else {
            return Ok(None);
        };
        Ok(Some(Self { host, org, token: args.optional("token")? }))
    }

    fn request(&self, script: &str) -> OutgoingRequest {
        let org = match &self.org {
            None => String::new(),
            Some(NameOrId::Name(name)) => format!("?org={}", escape(name, b"")),
            Some(NameOrId::Id(id)) => format!("?orgID={id}"),
        };
        let body = serde_json::json!({
            "query": script,
            "type": "flux",
            "dialect": {"header": true, "annotations": ["datatype", "group", "default"]},
        });
        let mut headers = vec![("Content-Type".into(), "application/json".into())];
        if let Some(token) = &self.token {
            headers.push(("Authorization".into(), format!("Token {token}")));
        }
        OutgoingRequest {
            method: "POST".into(),
            url: format!("{}/api/v2/query{org}", self.host.trim_end_matches('/')),
            headers,
            body: body.to_string().into_bytes(),
            timeout: TIMEOUT,
            any_certificate: false,
        }
    }
}

/// The tables of a script that another server runs.
#[derive(Debug, Clone)]
pub(crate) struct RemoteScript {
    remote: Remote,
    name: &'static str,
    script: String,
    /// Whether the script reads a bucket, and the range of time it does; without one it cannot be run.
    range: Option<Option<Bounds>>,
}

impl RemoteScript {
    /// A function that takes no arguments.
    pub(crate) fn call(remote: Remote, name: &'static str, script: &str) -> Self {
        Self { remote, name, script: script.to_owned(), range: None }
    }

    /// The rows of a bucket.
    pub(super) fn bucket(remote: Remote, bucket: &NameOrId) -> Self {
        let script = match bucket {
            NameOrId::Name(name) => format!("from(bucket: {})", quoted(name)),
            NameOrId::Id(id) => format!("from(bucketID: \"{id}\")"),
        };
        Self { remote, name: "from", script, range: Some(None) }
    }

    /// The same within a range of time, which the other server is told; `None` if this reads no bucket, or has a range.
    pub(crate) fn within(&self, bounds: Bounds, location: &Place) -> Option<Arc<Node>> {
        matches!(self.range, Some(None)).then(|| {
            let spec = Self { range: Some(Some(bounds)), ..self.clone() };
            Node::new(spec, Vec::new(), location.clone())
        })
    }

    fn text(&self) -> Result<String> {
        match self.range {
            None => Ok(self.script.clone()),
            Some(Some(b)) => {
                let (start, stop) = (format_rfc3339_nanos(b.start), format_rfc3339_nanos(b.stop));
                Ok(format!("{} |> range(start: {start}, stop: {stop})", self.script))
            }
            Some(None) => Err(FluxError::invalid(
                "cannot submit unbounded read to another server; try bounding 'from' with a call to 'range'",
            )),
        }
    }
}

/// A text as a script writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' => out.push_str("\\x24"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

impl Spec for RemoteScript {
    fn name(&self) -> &'static str {
        self.name
    }

    fn bounds(&self, _inputs: &[Option<Bounds>]) -> Option<Bounds> {
        self.range.flatten()
    }

    fn validate(&self, _node: &Node) -> Result<()> {
        self.text().map(drop)
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let request = self.remote.request(&self.text()?);
        let run = run.clone();
        Ok(lazy(move || {
            let environment = Arc::clone(run.environment());
            let answer = run.block_on(async { environment.send(request).await })?;
            let text = String::from_utf8_lossy(&answer.body);
            if answer.status / 100 != 2 {
                let told: Option<serde_json::Value> = serde_json::from_str(&text).ok();
                let message = told.as_ref().and_then(|v| v["message"].as_str()).unwrap_or(&text);
                return Err(FluxError::invalid(format!(
                    "the other server answered {}: {message}",
                    answer.status
                )));
            }
            let _reservation = run.memory.reserve(text.len())?;
            weir_annotated_csv::decode(&text).map_err(|e| FluxError::invalid(e.to_string()))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(quoted("a\"b\\${c}"), "\"a\\\"b\\\\\\x24{c}\"");
    }
}
