//! Deleting points by range and predicate.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use weir_batch::{Predicate, TimeRange};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, body, target};
use crate::params::Params;
use crate::predicate;
use crate::state::Gateway;
use crate::time::{parse_rfc3339, rfc3339};

/// The first and the last nanosecond a point may have.
const MIN_TIME: i64 = i64::MIN + 2;
const MAX_TIME: i64 = i64::MAX - 1;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/api/v2/delete", delete)
}

async fn delete(State(gateway): State<Gateway>, access: Access, request: Request) -> ApiResult<StatusCode> {
    let (parts, sent) = request.into_parts();
    let bytes = body::read_unzipped(&parts.headers, sent, gateway.settings().max_body_size).await?;
    let (range, predicate) =
        decode(&bytes).map_err(|error| ApiError::invalid(error).context("error decoding json body"))?;
    let params = Params::parse(parts.uri.query().unwrap_or_default());
    let bucket = target::bucket_to_delete_from(&access, &params).await?;
    predicate::check_deletable(&predicate)?;
    gateway.writer().delete(&bucket, range, predicate).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Body {
    start: Option<String>,
    stop: Option<String>,
    predicate: Option<String>,
}

/// Reads the body; the inclusive stop becomes an exclusive one.
fn decode(bytes: &[u8]) -> Result<(TimeRange, Predicate), String> {
    let body: Body = body::decode(bytes)?;
    let time = |field: &str, text: Option<String>| {
        text.as_deref().and_then(parse_rfc3339).ok_or_else(|| {
            format!(
                "invalid RFC3339Nano for field {field}, please format your time with RFC3339Nano format, example: \
                 2009-01-02T23:00:00Z"
            )
        })
    };
    let start = time("start", body.start)?;
    if start < i128::from(MIN_TIME) {
        return Err(format!("invalid start time, start time must not be before {}", rfc3339(MIN_TIME)));
    }
    let stop = time("stop", body.stop)?;
    if stop > i128::from(MAX_TIME) {
        return Err(format!("invalid stop time, stop time must not be after {}", rfc3339(MAX_TIME)));
    }
    let predicate = predicate::parse(body.predicate.as_deref().unwrap_or_default())?;
    // A start after the last time, or a stop before the first, leaves an empty range.
    let clamp = |time: i128| time.clamp(i128::from(MIN_TIME), i128::from(i64::MAX)) as i64;
    Ok((TimeRange { start: clamp(start), stop: clamp(stop + 1) }, predicate))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: serde_json::Value) -> String {
        decode(body.to_string().as_bytes()).unwrap_err()
    }

    #[test]
    fn the_stop_is_within() {
        let body = br#"{"start":"1970-01-01T00:00:00Z","stop":"1970-01-01T00:00:01Z"}"#;
        let (range, predicate) = decode(body).unwrap();
        assert_eq!((range.start, range.stop), (0, 1_000_000_001));
        assert_eq!(predicate, Predicate::TRUE);
    }

    #[test]
    fn times_come_before_the_predicate() {
        let bad = refusal(serde_json::json!({"start": "x", "stop": "y", "predicate": "z"}));
        assert!(bad.starts_with("invalid RFC3339Nano for field start"));
        let all = |start: &str, stop: &str| {
            refusal(serde_json::json!({"start": start, "stop": stop, "predicate": "z"}))
        };
        assert_eq!(
            all("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            "invalid operator \"EOF\" at position: 2"
        );
        let early = "invalid start time, start time must not be before 1677-09-21T00:12:43.145224194Z";
        assert_eq!(all("1000-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), early);
        let late = "invalid stop time, stop time must not be after 2262-04-11T23:47:16.854775806Z";
        assert_eq!(all("1970-01-01T00:00:00Z", "2262-04-11T23:47:16.854775807Z"), late);
    }
}
