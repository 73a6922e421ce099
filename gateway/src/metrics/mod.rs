//! What is counted, in Prometheus' text format.

mod process;
mod requests;
mod traffic;

use std::fmt::Write;
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use weir_catalog::Counts;

use requests::Requests;
pub(crate) use traffic::Endpoint;
use traffic::Traffic;

/// Appends metrics in Prometheus' text format.
pub type Collector = Box<dyn Fn(&mut String) + Send + Sync>;

/// What a process counts, and what else it has to say.
pub struct Metrics {
    started: Instant,
    requests: Requests,
    traffic: Traffic,
    others: Vec<Collector>,
}

impl Metrics {
    /// Nothing counted yet; `others` are asked whenever metrics are read.
    pub fn new(others: Vec<Collector>) -> Self {
        Self { started: Instant::now(), requests: Requests::default(), traffic: Traffic::default(), others }
    }

    /// Counts an answered request. `path` is the contract's; requests beside the contract are not counted, nor are
    /// those refused by the client's own fault, as in the reference.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        status: u16,
        agent: Option<&HeaderValue>,
        took: Duration,
    ) {
        self.requests.count(method, path, status, agent, took);
    }

    /// Counts a write or a query of an organization that was answered with `status`.
    pub(crate) fn traffic(&self, endpoint: Endpoint, org: weir_model::Id, status: u16, request_bytes: usize) {
        self.traffic.count(endpoint, org, status, request_bytes);
    }

    /// How long the process has been up.
    pub(crate) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// Everything, in text. `counts` is what the catalog holds, where there is one.
    pub(crate) fn render(&self, counts: Option<Counts>) -> String {
        let mut out = String::with_capacity(16 * 1024);
        header(&mut out, "influxdb_info", "gauge", "Information about the influxdb environment");
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        let (arch, os) = (std::env::consts::ARCH, std::env::consts::OS);
        let (commit, version) = (crate::BUILD, crate::COMPATIBLE_VERSION);
        let _ = writeln!(
            out,
            "influxdb_info{{arch=\"{arch}\",build_date=\"\",commit=\"{commit}\",cpus=\"{cpus}\",os=\"{os}\",version=\"{version}\"}} 1"
        );
        header(&mut out, "influxdb_uptime_seconds", "gauge", "influxdb process uptime in seconds");
        let _ = writeln!(out, "influxdb_uptime_seconds {}", self.uptime().as_secs_f64());
        for (kind, count) in counts.unwrap_or_default().0 {
            let name = format!("influxdb_{kind}_total");
            header(
                &mut out,
                &name,
                "counter",
                &format!("Number of total {} on the server", kind.replace('_', " ")),
            );
            let _ = writeln!(out, "{name} {count}");
        }
        self.requests.render(&mut out);
        self.traffic.render(&mut out);
        process::render(&mut out);
        for other in &self.others {
            other(&mut out);
        }
        out
    }
}

/// The two comment lines before a family.
pub fn header(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_announced() {
        let metrics = Metrics::new(vec![Box::new(|out| {
            header(out, "other", "gauge", "x");
            out.push_str("other 1\n");
        })]);
        let org = weir_model::Id::new(1).unwrap();
        metrics.request("GET", "/health", 200, None, Duration::from_millis(1));
        metrics.traffic(Endpoint::Write, org, 204, 10);
        let text = metrics.render(Some(Counts(vec![("organizations", 2)])));
        assert!(text.contains("influxdb_organizations_total 2\n"));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let name = line.split(['{', ' ']).next().unwrap();
            let family =
                ["_bucket", "_sum", "_count"].iter().fold(name, |name, end| match name.strip_suffix(end) {
                    Some(family) if text.contains(&format!("# TYPE {family} histogram")) => family,
                    _ => name,
                });
            assert!(text.contains(&format!("# TYPE {family} ")), "{line}");
        }
    }
}
