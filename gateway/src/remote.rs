//! Asking a remote whether it would take what a replication sends.

use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use weir_catalog::{RemoteBucket, ReplicationTarget};

use crate::error::{ApiError, ApiResult};

/// How long the remote may take for all of it.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How much of a refusal is looked at.
const LONGEST_REFUSAL: usize = 16 * 1024;

/// Writes nothing to the remote's bucket, which it accepts if and only if it would accept points.
///
/// # Errors
/// `Invalid` with what the remote said, or why it could not be asked.
pub(crate) async fn check(target: &ReplicationTarget) -> ApiResult<()> {
    let remote = &target.remote;
    let wrong = |why: &str| ApiError::invalid(format!("host URL {:?} is invalid: {why}", remote.url));
    let mut url = Url::parse(&remote.url).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("only http and https are spoken"));
    }
    let path = format!("{}/api/v2/write", url.path().trim_end_matches('/'));
    url.set_path(&path);
    {
        let mut query = url.query_pairs_mut();
        query.clear().append_pair("precision", "ns");
        if let Some(org) = remote.remote_org_id {
            query.append_pair("org", &org.to_string());
        }
        match &target.bucket {
            RemoteBucket::Id(id) => query.append_pair("bucket", &id.to_string()),
            RemoteBucket::Name(name) => query.append_pair("bucket", name),
        };
    }
    // Whoever answers with a redirection would get the token.
    let client = Client::builder()
        .danger_accept_invalid_certs(remote.allow_insecure_tls)
        .redirect(Policy::none())
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| {
            tracing::error!(%error, "no client for requests to remotes");
            ApiError::internal()
        })?;
    let request = client.post(url).header(AUTHORIZATION, format!("Token {}", target.token)).body("");
    let answer = request.send().await.map_err(|error| ApiError::invalid(innermost(&error)))?;
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(ApiError::invalid(refusal(status, answer).await)),
    }
}

/// What the remote says of its refusal, if it says it in our form.
async fn refusal(status: StatusCode, mut answer: reqwest::Response) -> String {
    #[derive(Deserialize)]
    struct Words {
        message: String,
    }
    let mut body = Vec::new();
    while let Ok(Some(piece)) = answer.chunk().await {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST_REFUSAL {
            break;
        }
    }
    match serde_json::from_slice::<Words>(&body) {
        Ok(words) => format!("{status}: {}", words.message),
        Err(_) => status.to_string(),
    }
}

/// The last cause says most: the others repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if error.is_timeout() { format!("no answer within {} s", TIMEOUT.as_secs()) } else { cause.to_string() }
}
