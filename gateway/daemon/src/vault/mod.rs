//! Secrets of organizations in Vault, in a KV store of version 2: one entry an organization, as the reference keeps it.

mod options;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use async_trait::async_trait;
use reqwest::{Certificate, Client, StatusCode, Url};
use serde_json::{Value, json};
use weir_catalog::SecretStore;
use weir_model::{Error, Id, Result};

pub(crate) use options::{SecretStoreKind, VaultOptions};

/// How often a change is tried when others change the same secrets meanwhile.
const TRIES: usize = 5;

/// A server of Vault's.
pub(crate) struct Vault {
    client: Client,
    address: Url,
    token: String,
    namespace: Option<String>,
}

/// The secrets of an organization, and the number of the change that made them so; 0 before the first.
struct Entry {
    secrets: BTreeMap<String, String>,
    version: u64,
}

impl Vault {
    /// A client of the server that is meant. It is not asked yet.
    ///
    /// # Errors
    /// An address, a token or a certificate that is missing or none.
    pub(crate) fn new(options: &VaultOptions) -> std::result::Result<Self, String> {
        let token = options.vault_token.clone().filter(|token| !token.is_empty());
        let token = token.ok_or("secrets in Vault need its token: set VAULT_TOKEN")?;
        let address = Url::parse(&options.vault_addr)
            .map_err(|error| format!("Vault's address {:?}: {error}", options.vault_addr))?;
        let mut client = Client::builder()
            .timeout(options.vault_client_timeout)
            .danger_accept_invalid_certs(options.vault_skip_verify);
        if let Some(file) = &options.vault_cacert {
            let wrong =
                |error: &dyn std::fmt::Display| format!("Vault's certificate {}: {error}", file.display());
            let pem = std::fs::read(file).map_err(|error| wrong(&error))?;
            client = client.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| wrong(&error))?);
        }
        let client = client.build().map_err(|error| format!("a client of Vault: {error}"))?;
        let namespace = options.vault_namespace.clone().filter(|name| !name.is_empty());
        Ok(Self { client, address, token, namespace })
    }

    fn request(&self, method: reqwest::Method, org: Id) -> reqwest::RequestBuilder {
        let mut url = self.address.clone();
        url.set_path(&format!("{}/v1/secret/data/{org}", self.address.path().trim_end_matches('/')));
        let request = self.client.request(method, url).header("X-Vault-Token", &self.token);
        match &self.namespace {
            Some(namespace) => request.header("X-Vault-Namespace", namespace),
            None => request,
        }
    }

    async fn read(&self, org: Id) -> Result<Entry> {
        let (status, body) = send(self.request(reqwest::Method::GET, org)).await?;
        // An entry whose newest version was deleted is "not found", but has that version.
        if !status.is_success() && status != StatusCode::NOT_FOUND {
            return Err(refused(status, &body));
        }
        let texts = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        let secrets = body.pointer("/data/data").and_then(Value::as_object);
        Ok(Entry {
            secrets: secrets.map(|secrets| secrets.iter().filter_map(texts).collect()).unwrap_or_default(),
            version: body.pointer("/data/metadata/version").and_then(Value::as_u64).unwrap_or(0),
        })
    }

    /// Writes an entry in the place of the one that was read. `false` if somebody else did meanwhile.
    async fn write(&self, org: Id, entry: &Entry) -> Result<bool> {
        let body = json!({"data": entry.secrets, "options": {"cas": entry.version}}).to_string();
        let request = self.request(reqwest::Method::POST, org).header("Content-Type", "application/json");
        let (status, body) = send(request.body(body)).await?;
        match status {
            status if status.is_success() => Ok(true),
            StatusCode::BAD_REQUEST if reasons(&body).contains("check-and-set") => Ok(false),
            status => Err(refused(status, &body)),
        }
    }
}

async fn send(request: reqwest::RequestBuilder) -> Result<(StatusCode, Value)> {
    let lost = |error: reqwest::Error| {
        tracing::warn!(error = %error.without_url(), "Vault does not answer");
        Error::unavailable("the store of secrets does not answer")
    };
    let answer = request.send().await.map_err(lost)?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(lost)?;
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}

fn reasons(body: &Value) -> String {
    let errors = body["errors"].as_array().into_iter().flatten();
    errors.filter_map(Value::as_str).collect::<Vec<_>>().join("; ")
}

fn refused(status: StatusCode, body: &Value) -> Error {
    tracing::warn!(%status, reasons = reasons(body), "Vault refuses");
    Error::unavailable("the store of secrets refuses")
}

#[async_trait]
impl SecretStore for Vault {
    async fn load(&self, org: Id) -> Result<BTreeMap<String, String>> {
        Ok(self.read(org).await?.secrets)
    }

    async fn change(&self, org: Id, set: &BTreeMap<String, String>, delete: &[String]) -> Result<()> {
        for _ in 0..TRIES {
            let mut entry = self.read(org).await?;
            let before = entry.secrets.clone();
            entry.secrets.extend(set.clone());
            entry.secrets.retain(|name, _| !delete.contains(name));
            if entry.secrets == before || self.write(org, &entry).await? {
                return Ok(());
            }
        }
        Err(Error::unavailable("others change the same secrets: try again"))
    }
}
