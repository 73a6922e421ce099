//! A server over HTTP.

use std::{sync::Arc, time::Duration};

use futures::{FutureExt, future::BoxFuture};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, body::Bytes, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value;

use super::{Call, Failure, Remote};
use crate::metrics::Metrics;

/// How long a call may take: applying a template is the longest.
const PATIENCE: Duration = Duration::from_secs(30);

/// The largest answer that is read.
const LARGEST: usize = 64 << 20;

/// A server over HTTP.
pub struct HttpServer {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: String,
    authorization: header::HeaderValue,
    metrics: Arc<Metrics>,
}

impl HttpServer {
    /// A server at `url`, spoken to with `token`, trusted by the certificates in `authorities` (PEM) or the system's.
    ///
    /// # Errors
    /// What is wrong with the URL, token or certificates, in words.
    pub fn new(
        url: &str,
        token: &str,
        authorities: Option<&[u8]>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, String> {
        let parsed = url::Url::parse(url).map_err(|e| format!("the URL {url:?} is not valid: {e}"))?;
        if parsed.host_str().is_none() {
            return Err(format!("the URL {url:?} names no host"));
        }
        let mut authorization = header::HeaderValue::from_str(&format!("Token {}", token.trim()))
            .map_err(|_| "the token holds characters that no token has".to_owned())?;
        authorization.set_sensitive(true);
        let tls = match authorities {
            Some(pem) => trusting(pem)?,
            None if parsed.scheme() == "https" => trusting_the_system()?,
            None => {
                ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth()
            }
        };
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        let client =
            Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(30)).build(connector);
        Ok(Self { client, url: url.trim_end_matches('/').to_owned(), authorization, metrics })
    }

    async fn answer(&self, call: Call) -> Result<Value, Failure> {
        let mut uri = format!("{}{}", self.url, call.path);
        for (number, (name, value)) in call.query.iter().enumerate() {
            let sign = if number == 0 { '?' } else { '&' };
            uri.push_str(&format!("{sign}{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        }
        let mut request = Request::builder()
            .method(call.method)
            .uri(uri)
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, concat!("weir-operator/", env!("CARGO_PKG_VERSION")));
        let body = match call.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Full::from(body.to_string())
            }
            None => Full::default(),
        };
        let request = request.body(body).map_err(|e| Failure::Unreachable(e.to_string()))?;
        let response = self.client.request(request).await.map_err(|e| Failure::Unreachable(chain(&e)))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), LARGEST);
        let body = body.collect().await.map_err(|e| Failure::Unreachable(e.to_string()))?.to_bytes();
        if status.is_success() {
            if body.is_empty() {
                return Ok(Value::Null);
            }
            return serde_json::from_slice(&body)
                .map_err(|e| Failure::Unreachable(format!("the answer is not JSON: {e}")));
        }
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let word = |key: &str| told.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (code, mut message) = (word("code"), word("message"));
        if message.is_empty() {
            message = status.canonical_reason().unwrap_or("refused").to_owned();
        }
        Err(Failure::Refused { status: status.as_u16(), code, message })
    }
}

impl Remote for HttpServer {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Value, Failure>> {
        async move {
            let method = call.method.clone();
            let result = match tokio::time::timeout(PATIENCE, self.answer(call)).await {
                Ok(result) => result,
                Err(_) => Err(Failure::Unreachable("no answer within 30 seconds".into())),
            };
            let code = match &result {
                Ok(_) => "2xx".to_owned(),
                Err(Failure::Refused { status, .. }) => status.to_string(),
                Err(Failure::Unreachable(_)) => "none".to_owned(),
            };
            self.metrics.count(
                "weir_operator_server_requests_total",
                &[("method", method.as_str()), ("code", &code)],
            );
            result
        }
        .boxed()
    }
}

/// The innermost cause is the one worth telling: "connection refused", not "client error".
fn chain(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(next) = innermost.source() {
        innermost = next;
    }
    innermost.to_string()
}

fn trusting(pem: &[u8]) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|e| format!("the certificates are not PEM: {e}"))?;
        roots.add(certificate).map_err(|e| format!("a certificate cannot be used: {e}"))?;
    }
    if roots.is_empty() {
        return Err("there is no certificate in the PEM text".into());
    }
    Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

fn trusting_the_system() -> Result<ClientConfig, String> {
    use hyper_rustls::ConfigBuilderExt;
    let builder = ClientConfig::builder().with_native_roots();
    Ok(builder.map_err(|e| format!("the system's certificates cannot be read: {e}"))?.with_no_client_auth())
}
