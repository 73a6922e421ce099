//! Where secrets are, and where Vault is: by Vault's own variables, and the reference's flags.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum};

/// Where the secrets of organizations are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecretStoreKind {
    /// In the catalog, encrypted.
    #[value(alias = "bolt")]
    Catalog,
    /// In Vault.
    Vault,
}

/// Flags about secrets.
#[derive(Debug, Clone, Args)]
pub(crate) struct VaultOptions {
    /// Where the secrets of organizations are kept: encrypted in the catalog, or in Vault, under
    /// `secret/data/ORGANIZATION` of its KV store (version 2).
    #[arg(long, global = true, env = "WEIR_SECRET_STORE", value_enum, default_value_t = SecretStoreKind::Catalog)]
    pub(crate) secret_store: SecretStoreKind,

    /// The address of Vault.
    #[arg(
        long,
        global = true,
        env = "VAULT_ADDR",
        default_value = "https://127.0.0.1:8200",
        value_name = "URL"
    )]
    pub(crate) vault_addr: String,

    /// The token that Vault knows this server by.
    #[arg(long, global = true, env = "VAULT_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(crate) vault_token: Option<String>,

    /// The namespace in Vault.
    #[arg(long, global = true, env = "VAULT_NAMESPACE", value_name = "NAME")]
    pub(crate) vault_namespace: Option<String>,

    /// A file with the certificate (PEM) that signed Vault's.
    #[arg(long, global = true, env = "VAULT_CACERT", value_name = "FILE")]
    pub(crate) vault_cacert: Option<PathBuf>,

    /// Whether any certificate of Vault's is taken.
    #[arg(long, global = true, env = "VAULT_SKIP_VERIFY", default_value_t = false, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    pub(crate) vault_skip_verify: bool,

    /// How long Vault may take for an answer, in seconds.
    #[arg(long, global = true, env = "VAULT_CLIENT_TIMEOUT", default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub(crate) vault_client_timeout: Duration,
}

/// Seconds, as Vault writes them: `60` or `60s`.
fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('s').unwrap_or(text);
    number.parse::<u64>().map(Duration::from_secs).map_err(|error| error.to_string())
}
