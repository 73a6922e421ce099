//! Running scripts: on a server, or here without one.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use weir_flux::Engine;
use weir_flux::engine::drain;
use weir_flux::env::Environment;
use weir_flux::pretty::write_tables;
use weir_querier::Desk;

/// Where scripts run.
#[derive(Debug, Clone, Args)]
pub(super) struct Server {
    /// The server, for example `http://localhost:8086`; without one the script runs here, and reaches no buckets.
    #[arg(long, env = "INFLUX_HOST", value_name = "URL")]
    pub(super) host: Option<String>,

    /// The organization's name.
    #[arg(long, short, env = "INFLUX_ORG", value_name = "NAME")]
    pub(super) org: Option<String>,

    /// The organization's id, instead of its name.
    #[arg(long, env = "INFLUX_ORG_ID", value_name = "ID")]
    pub(super) org_id: Option<String>,

    /// A token that may read (and write) what the script does.
    #[arg(long, short, env = "INFLUX_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(super) token: Option<String>,
}

/// What a script answers.
pub(super) enum Answer {
    /// Tables, ready to be shown.
    Tables(String),
    /// Annotated CSV, as the server sent it.
    Csv(String),
}

impl Server {
    /// Runs a script.
    ///
    /// # Errors
    /// What is wrong with it, or with the way to the server.
    pub(super) fn run(&self, runtime: &tokio::runtime::Runtime, script: &str) -> Result<Answer, String> {
        match &self.host {
            Some(host) => runtime.block_on(self.ask(host, script)).map(Answer::Csv),
            None => {
                let _inside = runtime.enter();
                here(script).map(Answer::Tables)
            }
        }
    }

    async fn ask(&self, host: &str, script: &str) -> Result<String, String> {
        let mut url = reqwest::Url::parse(host).map_err(|e| format!("{host}: {e}"))?;
        let path = format!("{}/api/v2/query", url.path().trim_end_matches('/'));
        url.set_path(&path);
        if let Some(org) = &self.org {
            url.query_pairs_mut().append_pair("org", org);
        }
        if let Some(id) = &self.org_id {
            url.query_pairs_mut().append_pair("orgID", id);
        }
        let body = serde_json::json!({
            "query": script,
            "type": "flux",
            "dialect": {"header": true, "annotations": ["datatype", "group", "default"]},
        });
        let mut request = reqwest::Client::new()
            .post(url)
            .header("Content-Type", "application/json")
            .body(body.to_string());
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Token {token}"));
        }
        let answer = request.send().await.map_err(|e| format!("{host}: {e}"))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|e| format!("{host}: {e}"))?;
        if status.is_success() {
            return Ok(text);
        }
        let told: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let message = told.as_ref().and_then(|v| v["message"].as_str()).unwrap_or(&text);
        Err(format!("{}: {message}", status.as_u16()))
    }
}

/// Runs a script that needs no buckets.
fn here(script: &str) -> Result<String, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let engine = Engine::default();
    let environment: Arc<dyn Environment> = Arc::new(Desk::default());
    let work = || {
        let package = engine.compile(script)?;
        let outcome = engine.start(&package, environment, now, Arc::new(AtomicBool::new(false)))?;
        let mut out = String::new();
        for result in outcome.results {
            if &*result.name != "_result" {
                out.push_str(&format!("Result: {}\n", result.name));
            }
            for batch in drain(result.tables)? {
                write_tables(&batch, &mut out);
            }
        }
        Ok(out)
    };
    work().map_err(|e: weir_flux::FluxError| e.message)
}

/// Annotated CSV as tables; as it is, where it is none that can be read.
pub(super) fn readable(csv: &str) -> String {
    match weir_annotated_csv::decode(csv) {
        Ok(batches) => {
            let mut out = String::new();
            batches.iter().for_each(|batch| write_tables(batch, &mut out));
            out
        }
        Err(_) => csv.to_owned(),
    }
}
