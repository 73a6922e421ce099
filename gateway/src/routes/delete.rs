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
    let (range, predicate) = decode(&bytes).map_err(ApiError::invalid)?;
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

/// What comes before the message of everything that is wrong with the body at first sight.
const BAD_BODY: &str = "error decoding json body";

/// Reads the body; the inclusive stop becomes an exclusive one.
fn decode(bytes: &[u8]) -> Result<(TimeRange, Predicate), String> {
    let (range, predicate, text) = read(bytes).map_err(|error| format!("{BAD_BODY}: {error}"))?;
    // The reference reads the body and the predicate a second time, and is stricter then.
    body::nothing_follows(bytes).map_err(|error| format!("{BAD_BODY} for predicate: {error}"))?;
    predicate::check_influxql(&text)
        .map_err(|error| format!("invalid request; error parsing predicate: {error}"))?;
    Ok((range, predicate))
}

fn read(bytes: &[u8]) -> Result<(TimeRange, Predicate, String), String> {
    let body: Body = body::decode_loosely(bytes)?;
    let time = |field: &str, text: Option<String>| {
        text.as_deref().and_then(parse_rfc3339).ok_or_else(|| {
            format!(
                "invalid RFC3339Nano for field {field}, please format your time with RFC3339Nano format, example: \
                 2009-01-02T23:00:00Z"
            )
        })
    };
    let kept = |time: i128| i64::try_from(time).ok().filter(|t| (MIN_TIME..=MAX_TIME).contains(t));
    let start = kept(time("start", body.start)?)
        .ok_or_else(|| format!("invalid start time, start time must not be before {}", rfc3339(MIN_TIME)))?;
    let stop = kept(time("stop", body.stop)?)
        .ok_or_else(|| format!("invalid stop time, stop time must not be after {}", rfc3339(MAX_TIME)))?;
    let text = body.predicate.unwrap_or_default();
    let predicate = predicate::parse(&text)?;
    // No time is as late as the last of all, so that there is always one after the stop.
    Ok((TimeRange { start, stop: stop.saturating_add(1) }, predicate, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: serde_json::Value) -> String {
        let refusal = decode(body.to_string().as_bytes()).unwrap_err();
        refusal.strip_prefix("error decoding json body: ").unwrap().to_owned()
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
        // Each end has one message, whichever limit is passed.
        assert_eq!(all("9999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), early);
        assert_eq!(all("1970-01-01T00:00:00Z", "1000-01-01T00:00:00Z"), late);
    }

    #[test]
    fn the_second_reading_is_stricter() {
        let range = r#""start":"1970-01-01T00:00:00Z","stop":"1970-01-01T00:00:01Z""#;
        let refusal = |body: String| decode(body.as_bytes()).unwrap_err();
        assert_eq!(
            refusal(format!("{{{range}}} x")),
            "error decoding json body for predicate: invalid character 'x' after top-level value"
        );
        assert!(decode(format!("{{{range}}} \n").as_bytes()).is_ok());
        let half = refusal(format!(r#"{{{range},"predicate":"a=b AND"}}"#));
        assert!(half.starts_with("invalid request; error parsing predicate: found EOF, expected"), "{half}");
    }
}
