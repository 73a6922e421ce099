//! The `weir-operator` binary.

use std::{io::Write, net::SocketAddr, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};
use weir_operator::run::{Options, run};

/// Reconciles Kubernetes custom resources with Weir servers.
#[derive(Parser)]
#[command(name = "weir-operator", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The namespace to watch; all namespaces when absent.
    #[arg(long, env = "WEIR_OPERATOR_NAMESPACE")]
    namespace: Option<String>,
    /// Where /metrics, /healthz and /readyz are served.
    #[arg(long, env = "WEIR_OPERATOR_METRICS_BIND", default_value = "0.0.0.0:8080")]
    metrics_bind: SocketAddr,
    /// The namespace of the Lease by which one operator is chosen.
    #[arg(long, env = "WEIR_OPERATOR_LEADER_ELECTION_NAMESPACE", default_value = "default")]
    leader_election_namespace: String,
    /// The name of that Lease; with an empty name there is no election.
    #[arg(long, env = "WEIR_OPERATOR_LEASE_NAME", default_value = "weir-operator")]
    lease_name: String,
    /// Seconds after which a silent leader is replaced.
    #[arg(long, env = "WEIR_OPERATOR_LEASE_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(3..=600))]
    lease_seconds: u64,
    /// Seconds between comparisons of a resource with its server.
    #[arg(long, env = "WEIR_OPERATOR_RESYNC_SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86400))]
    resync_seconds: u64,
    /// The form of log lines.
    #[arg(long, env = "WEIR_OPERATOR_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the definitions of all custom resources as YAML.
    Crds,
    /// Prints the rules of the operator's ClusterRole as YAML.
    Rbac,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Command::Crds) => return print_definitions(),
        Some(Command::Rbac) => {
            write!(std::io::stdout().lock(), "{}", serde_saphyr::to_string(&weir_operator::rbac::rules())?)?;
            return Ok(());
        }
        None => {}
    }
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,kube=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match arguments.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    let options = Options {
        namespace: arguments.namespace,
        metrics_bind: arguments.metrics_bind,
        leader_election_namespace: arguments.leader_election_namespace,
        lease_name: arguments.lease_name,
        lease_duration: Duration::from_secs(arguments.lease_seconds),
        resync: Duration::from_secs(arguments.resync_seconds),
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(options))
}

fn print_definitions() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for definition in weir_operator::crd::definitions() {
        writeln!(out, "---\n{}", serde_saphyr::to_string(&definition)?.trim_end())?;
    }
    Ok(())
}
