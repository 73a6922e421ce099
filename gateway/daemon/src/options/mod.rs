//! What the operator of the server decides: flags, `WEIR_…` variables and a TOML file, in this order of precedence.

mod command_line;
mod tls;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use weir_proto::grpc::{ClusterSecret, Trust};

use crate::vault::{SecretStoreKind, VaultOptions};

/// A time series server that speaks the HTTP API of InfluxDB OSS v2.
///
/// Without a command it runs every role in this process: one binary, a folder, nothing else to install.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "weir",
    version,
    args_override_self = true,
    after_help = "Tools for people who write Flux: weir flux --help"
)]
pub(crate) struct Options {
    /// Which role to run; all of them when left out.
    #[command(subcommand)]
    pub(crate) role: Option<Role>,

    #[command(flatten)]
    pub(crate) common: Common,
}

/// One part of the server in a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum Role {
    /// The HTTP API: authentication, resources, parsing of writes. Keeps no state.
    Gateway,
    /// Keeps points: the write-ahead log, flushing to the object store, deletes.
    Ingester,
    /// Runs queries. Keeps no state but caches.
    Querier,
}

/// Flags of every role.
#[derive(Debug, Clone, Args)]
#[command(next_line_help = true)]
pub(crate) struct Common {
    /// A TOML file with the long names of these flags as keys, for example `data-dir = "/var/lib/weir"`.
    #[arg(long, global = true, env = "WEIR_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Where HTTP is answered: the API, of an ingester or a querier its health and metrics; without a host, on every
    /// address of the machine.
    #[arg(
        long,
        global = true,
        env = "WEIR_HTTP_BIND_ADDRESS",
        default_value = ":8086",
        value_name = "[HOST]:PORT"
    )]
    pub(crate) http_bind_address: String,

    /// Where an ingester or a querier listens for other roles; without a host, on every address.
    #[arg(
        long,
        global = true,
        env = "WEIR_GRPC_BIND_ADDRESS",
        default_value = ":8087",
        value_name = "[HOST]:PORT"
    )]
    pub(crate) grpc_bind_address: String,

    /// Where other roles reach this process, for example `http://ingester-0.weir:8087`; the node's name and the port
    /// of --grpc-bind-address when left out.
    #[arg(long, global = true, env = "WEIR_ADVERTISE_ADDRESS", value_name = "URL")]
    pub(crate) advertise_address: Option<String>,

    /// The name of this process among others, which it keeps over restarts; the machine's name when left out.
    #[arg(long, global = true, env = "WEIR_NODE_NAME", value_name = "NAME")]
    pub(crate) node_name: Option<String>,

    /// A secret that all processes of a cluster share and show each other.
    #[arg(long, global = true, env = "WEIR_CLUSTER_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub(crate) cluster_secret: Option<String>,

    /// How many ingesters keep each point. More than half of them must, before a write is acknowledged; with three,
    /// writes and queries go on while one is away. The same for all processes of a cluster.
    #[arg(long, global = true, env = "WEIR_REPLICATION", default_value_t = 1, value_name = "NUMBER")]
    pub(crate) replication: usize,

    /// What is encrypted, and how.
    #[command(flatten)]
    pub(crate) tls: tls::Tls,

    /// The largest body a request may have, in bytes, before and after unzipping; larger ones are answered 413.
    #[arg(
        long,
        global = true,
        env = "WEIR_HTTP_MAX_BODY_SIZE",
        default_value_t = 67_108_864,
        value_name = "BYTES"
    )]
    pub(crate) http_max_body_size: usize,

    /// How long requests in flight may go on after the server was told to stop, in seconds.
    #[arg(long, global = true, env = "WEIR_DRAIN_TIMEOUT", default_value = "30", value_parser = seconds, value_name = "SECONDS")]
    pub(crate) drain_timeout: Duration,

    /// How long a session lives after its last use, in minutes.
    #[arg(long, global = true, env = "WEIR_SESSION_LENGTH", default_value_t = 60, value_name = "MINUTES")]
    pub(crate) session_length: u32,

    /// The folder for the write-ahead log, and for the catalog and the objects unless they live elsewhere.
    #[arg(long, global = true, env = "WEIR_DATA_DIR", default_value = "weir-data", value_name = "FOLDER")]
    pub(crate) data_dir: PathBuf,

    /// The file with the keys that secrets are encrypted with: 32 bytes in base64 or hex, one key a line, of which the
    /// first encrypts; `secret.key` in the data folder, made at the first start, when left out. All processes of a
    /// cluster must have the same keys.
    #[arg(long, global = true, env = "WEIR_SECRET_KEY_FILE", value_name = "FILE")]
    pub(crate) secret_key_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) vault: VaultOptions,

    /// The catalog's database: `sqlite:FILE` or `postgres://…`; a SQLite file in the data folder when left out.
    #[arg(long, global = true, env = "WEIR_CATALOG", hide_env_values = true, value_name = "URL")]
    pub(crate) catalog: Option<String>,

    /// Where Parquet objects live: in the data folder, or on S3 (see `--s3-bucket` and the usual AWS variables).
    #[arg(long, global = true, env = "WEIR_OBJECT_STORE", value_enum, default_value_t = ObjectStoreKind::File)]
    pub(crate) object_store: ObjectStoreKind,

    /// The folder for Parquet objects, if they are not on S3; `objects` in the data folder when left out. All
    /// processes of a cluster must share it.
    #[arg(long, global = true, env = "WEIR_OBJECTS_DIR", value_name = "FOLDER")]
    pub(crate) objects_dir: Option<PathBuf>,

    /// The bucket of the S3 server.
    #[arg(long, global = true, env = "WEIR_S3_BUCKET", value_name = "NAME")]
    pub(crate) s3_bucket: Option<String>,

    /// The address of an S3 server that is not Amazon's, for example `http://minio:9000`.
    #[arg(long, global = true, env = "WEIR_S3_ENDPOINT", value_name = "URL")]
    pub(crate) s3_endpoint: Option<String>,

    /// Bytes of unflushed rows at which they are written to the object store.
    #[arg(long, global = true, env = "WEIR_FLUSH_BYTES", default_value_t = 67_108_864, value_name = "BYTES")]
    pub(crate) flush_bytes: usize,

    /// How old unflushed rows may get before they are written to the object store, in seconds.
    #[arg(long, global = true, env = "WEIR_FLUSH_AGE", default_value = "600", value_parser = seconds, value_name = "SECONDS")]
    pub(crate) flush_age: Duration,

    /// Bytes of unflushed rows above which writes are refused until the object store has taken some.
    #[arg(
        long,
        global = true,
        env = "WEIR_INGEST_MEMORY_BYTES",
        default_value_t = 536_870_912,
        value_name = "BYTES"
    )]
    pub(crate) ingest_memory_bytes: usize,

    /// Bytes of memory for columns that were read from the object store.
    #[arg(
        long,
        global = true,
        env = "WEIR_CACHE_BYTES",
        default_value_t = 268_435_456,
        value_name = "BYTES"
    )]
    pub(crate) cache_bytes: u64,

    /// How many queries run at once; 0 is any number.
    #[arg(
        long,
        global = true,
        env = "WEIR_QUERY_CONCURRENCY",
        default_value_t = 1024,
        value_name = "QUERIES"
    )]
    pub(crate) query_concurrency: usize,

    /// How many queries wait while as many run as may, of which one more is refused; 0 is any number.
    #[arg(
        long,
        global = true,
        env = "WEIR_QUERY_QUEUE_SIZE",
        default_value_t = 1024,
        value_name = "QUERIES"
    )]
    pub(crate) query_queue_size: usize,

    /// The memory that one query may take, in bytes. One that needs more goes on on disk where it sorts, groups,
    /// pivots or joins, else it fails.
    #[arg(
        long,
        global = true,
        env = "WEIR_QUERY_MEMORY_BYTES",
        default_value_t = 2_147_483_648,
        value_name = "BYTES"
    )]
    pub(crate) query_memory_bytes: usize,

    /// The memory that all queries together may take, in bytes; half of the machine's (or the container's) when left
    /// out. A query that would need more fails.
    #[arg(long, global = true, env = "WEIR_QUERY_MAX_MEMORY_BYTES", value_name = "BYTES")]
    pub(crate) query_max_memory_bytes: Option<usize>,

    /// The folder for what does not fit into a query's memory; `spill` in the data folder when left out. Files there have
    /// no names, and are gone with the query or the process.
    #[arg(long, global = true, env = "WEIR_QUERY_SPILL_DIR", value_name = "FOLDER")]
    pub(crate) query_spill_dir: Option<PathBuf>,

    /// The disk that all queries together may take, in bytes; 0 lets them use none.
    #[arg(
        long,
        global = true,
        env = "WEIR_QUERY_SPILL_BYTES",
        default_value_t = 8_589_934_592,
        value_name = "BYTES"
    )]
    pub(crate) query_spill_bytes: u64,

    /// How many threads help queries that have cores to themselves; one less than there are cores when left out, none
    /// with 0. All queries share them, and each has a thread of its own besides.
    #[arg(long, global = true, env = "WEIR_QUERY_HELPERS", value_name = "THREADS")]
    pub(crate) query_helpers: Option<usize>,

    /// Refuse requests of Flux scripts to private addresses.
    #[arg(long, global = true, env = "WEIR_HARDENING_ENABLED", default_value_t = false, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub(crate) hardening_enabled: bool,

    /// How much is logged: error, warn, info, debug, trace, or a filter such as `info,weir_gateway=debug`.
    #[arg(long, global = true, env = "WEIR_LOG", default_value = "info", value_name = "FILTER")]
    pub(crate) log: String,

    /// How log lines look.
    #[arg(long, global = true, env = "WEIR_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// Kinds of object stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ObjectStoreKind {
    /// A folder in the data folder.
    File,
    /// S3 or something that speaks it.
    S3,
}

/// Looks of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Common {
    /// The address to listen on for HTTP.
    pub(crate) fn listen_address(&self) -> String {
        with_host(&self.http_bind_address)
    }

    /// The address to listen on for other roles.
    pub(crate) fn grpc_listen_address(&self) -> String {
        with_host(&self.grpc_bind_address)
    }

    /// The name among other processes.
    pub(crate) fn node_name(&self) -> String {
        let machine = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
        let given = self.node_name.clone().or_else(|| std::env::var("HOSTNAME").ok()).or_else(machine);
        given
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "weir".to_owned())
    }

    /// Where others reach this process.
    pub(crate) fn advertised(&self) -> String {
        match (&self.advertise_address, self.grpc_bind_address.rsplit_once(':')) {
            (Some(url), _) => url.clone(),
            (None, Some(("" | "0.0.0.0" | "[::]", port))) => {
                format!("{}://{}:{port}", self.tls.cluster_scheme(), self.node_name())
            }
            (None, _) => format!("{}://{}", self.tls.cluster_scheme(), self.grpc_bind_address),
        }
    }

    /// The secret of the cluster.
    ///
    /// # Errors
    /// It has characters that do not fit into a header.
    fn secret(&self) -> Result<Option<ClusterSecret>, weir_model::Error> {
        self.cluster_secret.as_deref().map(ClusterSecret::new).transpose()
    }

    /// What this process shows to others of the cluster, and demands of them.
    ///
    /// # Errors
    /// The secret or the certificates are not what they should be.
    pub(crate) fn trust(&self) -> Result<Trust, weir_model::Error> {
        Ok(Trust { secret: self.secret()?, tls: self.tls.cluster()? })
    }

    /// How to connect to the catalog's database.
    pub(crate) fn database(&self) -> weir_database::Options {
        weir_database::Options { tls: self.tls.catalog(), ..weir_database::Options::default() }
    }

    /// The memory for all queries, bytes.
    pub(crate) fn query_max_memory(&self) -> usize {
        self.query_max_memory_bytes.unwrap_or_else(|| crate::machine::memory() / 2)
    }

    /// How many threads help queries.
    pub(crate) fn query_helpers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.query_helpers.unwrap_or_else(|| cores() - 1)
    }

    /// The disk that queries may use for what does not fit into memory. Where there is no folder to write to they use
    /// none: such a query then fails as it does without disk.
    pub(crate) fn query_spill(&self) -> Option<(PathBuf, u64)> {
        if self.query_spill_bytes == 0 {
            return None;
        }
        let folder = self.query_spill_dir.clone().unwrap_or_else(|| self.data_dir.join("spill"));
        match std::fs::create_dir_all(&folder) {
            Ok(()) => Some((folder, self.query_spill_bytes)),
            Err(e) => {
                tracing::warn!("queries use no disk: cannot make the folder {}: {e}", folder.display());
                None
            }
        }
    }

    /// The catalog's database.
    pub(crate) fn catalog_url(&self) -> String {
        match &self.catalog {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.data_dir.join("catalog.sqlite").display()),
        }
    }

    /// The arguments of this process, as anybody may see them.
    pub(crate) fn command_line(&self) -> Vec<String> {
        command_line::shown(std::env::args_os(), &self.shown())
    }

    /// What `/api/v2/config` shows of all this: no secrets, durations in nanoseconds.
    pub(crate) fn shown(&self) -> serde_json::Map<String, serde_json::Value> {
        let minute: u64 = 60_000_000_000;
        let value = serde_json::json!({
            "http-bind-address": self.http_bind_address,
            "http-max-body-size": self.http_max_body_size,
            "tls-cert": self.tls.tls_cert.as_deref().unwrap_or(Path::new("")),
            "tls-key": self.tls.tls_key.as_deref().unwrap_or(Path::new("")),
            "tls-min-version": self.tls.tls_min_version.word(),
            "tls-strict-ciphers": self.tls.tls_strict_ciphers,
            "drain-timeout": u64::try_from(self.drain_timeout.as_nanos()).unwrap_or(u64::MAX),
            "session-length": u64::from(self.session_length).saturating_mul(minute),
            "data-dir": self.data_dir,
            "secret-store": if self.vault.secret_store == SecretStoreKind::Vault { "vault" } else { "catalog" },
            "vault-addr": self.vault.vault_addr,
            "object-store": if self.object_store == ObjectStoreKind::S3 { "s3" } else { "file" },
            "s3-bucket": self.s3_bucket.as_deref().unwrap_or_default(),
            "s3-endpoint": self.s3_endpoint.as_deref().unwrap_or_default(),
            "flush-bytes": self.flush_bytes,
            "flush-age": u64::try_from(self.flush_age.as_nanos()).unwrap_or(u64::MAX),
            "ingest-memory-bytes": self.ingest_memory_bytes,
            "cache-bytes": self.cache_bytes,
            "query-concurrency": self.query_concurrency,
            "query-queue-size": self.query_queue_size,
            "query-memory-bytes": self.query_memory_bytes,
            "query-max-memory-bytes": self.query_max_memory(),
            "query-spill-bytes": self.query_spill_bytes,
            "query-helpers": self.query_helpers(),
            "hardening-enabled": self.hardening_enabled,
            "log": self.log,
        });
        match value {
            serde_json::Value::Object(map) => map,
            _ => serde_json::Map::new(),
        }
    }
}

fn with_host(address: &str) -> String {
    match address.strip_prefix(':') {
        Some(port) => format!("0.0.0.0:{port}"),
        None => address.to_owned(),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse::<u64>().map(Duration::from_secs).map_err(|error| error.to_string())
}

impl Options {
    /// Reads flags, variables and the file they name.
    ///
    /// # Errors
    /// What clap says, also about values that came from the file.
    pub(crate) fn read(arguments: Vec<OsString>) -> Result<Self, clap::Error> {
        let first = Self::try_parse_from(&arguments)?;
        let Some(file) = &first.common.config else { return Ok(first) };
        let bad = |what: String| Self::command().error(clap::error::ErrorKind::Io, what);
        let text = std::fs::read_to_string(file).map_err(|e| bad(format!("{}: {e}", file.display())))?;
        let table: toml::Table = text.parse().map_err(|e| bad(format!("{}: {e}", file.display())))?;
        let from_file = flags_of(&table, |variable| std::env::var_os(variable).is_some()).map_err(bad)?;
        let mut all = arguments;
        let rest = all.split_off(1.min(all.len()));
        all.extend(from_file);
        all.extend(rest);
        Self::try_parse_from(all)
    }
}

/// The file's keys as flags, without those that a variable overrides. They come before the real flags, which win.
fn flags_of(table: &toml::Table, is_set: impl Fn(&str) -> bool) -> Result<Vec<OsString>, String> {
    let mut flags = Vec::new();
    for (key, value) in table {
        let ours = if key.starts_with("vault-") { "" } else { "WEIR_" };
        let variable = format!("{ours}{}", key.replace('-', "_").to_ascii_uppercase());
        if is_set(&variable) {
            continue;
        }
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            _ => return Err(format!("the configuration's key {key} must be a text, a number or a boolean")),
        };
        flags.push(format!("--{key}={text}").into());
    }
    Ok(flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_gives_way_to_variables_and_flags() {
        let table: toml::Table =
            "data-dir = \"/x\"\nhttp-max-body-size = 5\nlog = \"debug\"".parse().unwrap();
        let mut flags = flags_of(&table, |variable| variable == "WEIR_LOG").unwrap();
        assert_eq!(flags.len(), 2);
        flags.insert(0, "weir".into());
        flags.extend(["gateway".into(), "--data-dir".into(), "/y".into()]);
        let options = Options::try_parse_from(flags).unwrap();
        assert_eq!(options.common.data_dir, PathBuf::from("/y"));
        assert_eq!(options.common.http_max_body_size, 5);
        assert_eq!(options.role, Some(Role::Gateway));
        assert!(flags_of(&"a = [1]".parse().unwrap(), |_| false).is_err());
    }

    #[test]
    fn help_names_the_defaults() {
        Options::command().debug_assert();
        let help = Options::command().render_long_help().to_string();
        assert!(help.contains("67108864") && help.contains("WEIR_HTTP_MAX_BODY_SIZE"), "{help}");
    }
}
