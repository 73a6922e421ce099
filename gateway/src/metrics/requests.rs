//! Requests by path of the contract, with their latency.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderValue;

use super::header;

/// Upper bounds of the latency buckets, seconds.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// User agents beyond these are `unknown`, so that clients cannot make metrics grow.
const AGENTS: [&str; 12] = [
    "Telegraf",
    "influx",
    "influxdb-client-python",
    "influxdb-client-go",
    "influxdb-client-java",
    "influxdb-client-csharp",
    "influxdb-client-js",
    "InfluxDBClient",
    "Grafana",
    "curl",
    "Go-http-client",
    "python-requests",
];

/// Answered requests.
#[derive(Default)]
pub(super) struct Requests(Mutex<BTreeMap<Labels, Latency>>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Labels {
    path: String,
    method: &'static str,
    status: u16,
    agent: &'static str,
}

#[derive(Debug, Default)]
struct Latency {
    counts: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Requests {
    pub(super) fn count(
        &self,
        method: &str,
        path: &str,
        status: u16,
        agent: Option<&HeaderValue>,
        took: Duration,
    ) {
        let refused = (300..500).contains(&status);
        let (Some(method), false, false) = (known_method(method), path.is_empty(), refused) else {
            return;
        };
        let labels = Labels { path: path.to_owned(), method, status, agent: known_agent(agent) };
        let seconds = took.as_secs_f64();
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latency = requests.entry(labels).or_default();
        latency.count += 1;
        latency.seconds += seconds;
        for (count, bound) in latency.counts.iter_mut().zip(BUCKETS) {
            *count += u64::from(seconds <= bound);
        }
    }

    pub(super) fn render(&self, out: &mut String) {
        let requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        header(out, "http_api_requests_total", "counter", "Number of http requests received");
        for (labels, latency) in requests.iter() {
            let _ = writeln!(out, "http_api_requests_total{{{}}} {}", labels.text(), latency.count);
        }
        let name = "http_api_request_duration_seconds";
        header(out, name, "histogram", "Time taken to respond to HTTP request");
        for (labels, latency) in requests.iter() {
            let text = labels.text();
            for (bound, count) in BUCKETS.iter().zip(latency.counts) {
                let _ = writeln!(out, "{name}_bucket{{{text},le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(out, "{name}_bucket{{{text},le=\"+Inf\"}} {}", latency.count);
            let _ = writeln!(out, "{name}_sum{{{text}}} {}", latency.seconds);
            let _ = writeln!(out, "{name}_count{{{text}}} {}", latency.count);
        }
    }
}

impl Labels {
    fn text(&self) -> String {
        let path: Vec<String> = self
            .path
            .split('/')
            .map(|part| {
                part.strip_prefix('{')
                    .and_then(|p| p.strip_suffix('}'))
                    .map_or(part.to_owned(), |_| ":id".into())
            })
            .collect();
        format!(
            "handler=\"platform\",method=\"{}\",path=\"{}\",response_code=\"{}\",status=\"{}XX\",user_agent=\"{}\"",
            self.method,
            path.join("/"),
            self.status,
            self.status / 100,
            self.agent
        )
    }
}

fn known_method(method: &str) -> Option<&'static str> {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|known| *known == method)
}

fn known_agent(agent: Option<&HeaderValue>) -> &'static str {
    let text = agent.and_then(|a| a.to_str().ok()).unwrap_or_default();
    let product = text.split(['/', ' ']).next().unwrap_or_default();
    AGENTS.into_iter().find(|known| *known == product).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_contract_path() {
        let requests = Requests::default();
        let agent = HeaderValue::from_static("Telegraf/1.30 Go/1.22");
        requests.count("GET", "/api/v2/buckets/{id}", 200, Some(&agent), Duration::from_millis(20));
        requests.count("GET", "/api/v2/buckets/{id}", 404, None, Duration::ZERO);
        requests.count("BREW", "", 200, None, Duration::ZERO);
        let mut text = String::new();
        requests.render(&mut text);
        let want = "http_api_requests_total{handler=\"platform\",method=\"GET\",path=\"/api/v2/buckets/:id\",response_code=\"200\",status=\"2XX\",user_agent=\"Telegraf\"} 1\n";
        assert!(text.contains(want), "{text}");
        assert!(text.contains("le=\"0.01\"} 0") && text.contains("le=\"0.025\"} 1"));
        assert!(!text.contains("404"));
    }
}
