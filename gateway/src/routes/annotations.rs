//! Annotations, which only the user interface uses.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Annotation, AnnotationFields, AnnotationFilter};
use weir_model::{Id, Timestamp};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathText, Query, RawBody, loose};
use crate::json::Kit;
use crate::params::Params;
use crate::time::parse_rfc3339;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2private/annotations", list)
        .post("/api/v2private/annotations", create)
        .delete("/api/v2private/annotations", delete_some)
        .get("/api/v2private/annotations/{id}", get)
        .put("/api/v2private/annotations/{id}", replace)
        .delete("/api/v2private/annotations/{id}", delete)
}

pub(super) const BAD_ID: &str = "annotation id is invalid";
const REVERSED: &str = "start time must come before end time";

/// The organization a list is about.
pub(super) fn org(params: &Params) -> ApiResult<Id> {
    let org = params.id("orgID").ok().flatten();
    org.ok_or_else(|| ApiError::invalid("invalid or missing org id"))
}

fn time(text: &str) -> ApiResult<Timestamp> {
    let nanos = parse_rfc3339(text).and_then(|nanos| i64::try_from(nanos).ok());
    nanos.map(Timestamp).ok_or_else(|| ApiError::invalid(format!("{text:?} is no time of RFC 3339")))
}

fn optional_time(params: &Params, name: &str) -> ApiResult<Option<Timestamp>> {
    params.get(name).map(time).transpose()
}

/// From when to when a list goes: from the beginning until now, unless told.
pub(super) fn range(access: &Access, params: &Params) -> ApiResult<(Timestamp, Timestamp)> {
    let start = optional_time(params, "startTime")?.unwrap_or(Timestamp(i64::MIN));
    let end = optional_time(params, "endTime")?.unwrap_or_else(|| access.catalog.now());
    if end < start { Err(ApiError::invalid(REVERSED)) } else { Ok((start, end)) }
}

/// `word[name]=value`, as often as it stands in the query.
fn stickers(params: &Params, word: &str) -> BTreeMap<String, String> {
    let named = |key: &str| Some(key.strip_prefix(word)?.strip_prefix('[')?.strip_suffix(']')?.to_owned());
    params.pairs().filter_map(|(key, value)| Some((named(key)?, value.to_owned()))).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    stream: String,
    summary: String,
    message: String,
    stickers: BTreeMap<String, String>,
    start_time: Option<String>,
    end_time: Option<String>,
}

impl Body {
    fn checked(self, now: Timestamp) -> ApiResult<AnnotationFields> {
        let long = |text: &str, most: usize| text.chars().count() > most;
        if self.summary.is_empty() {
            return Err(ApiError::invalid("summary cannot be empty"));
        }
        if long(&self.summary, 255) {
            return Err(ApiError::invalid("summary must be less than 255 characters"));
        }
        if long(&self.stream, 255) {
            return Err(ApiError::invalid("stream tag must be less than 255 characters"));
        }
        if long(&self.message, 4096) {
            return Err(ApiError::invalid("message must be less than 4096 characters"));
        }
        if self.stickers.iter().any(|(name, value)| long(name, 255) || long(value, 255)) {
            return Err(ApiError::invalid("stickers must be less than 255 characters"));
        }
        let end = self.end_time.as_deref().map(time).transpose()?.unwrap_or(now);
        let start = self.start_time.as_deref().map(time).transpose()?.unwrap_or(end);
        if end < start {
            return Err(ApiError::invalid(REVERSED));
        }
        let stream = if self.stream.is_empty() { "default".to_owned() } else { self.stream };
        Ok(AnnotationFields {
            stream,
            summary: self.summary,
            message: self.message,
            stickers: self.stickers,
            start,
            end,
        })
    }
}

async fn create(access: Access, Query(params): Query, RawBody(body): RawBody) -> ApiResult<Kit<Value>> {
    let org = org(&params)?;
    let bodies: Vec<Body> = serde_json::from_slice(&body)
        .and_then(loose::from_value)
        .map_err(|error| ApiError::invalid(error.to_string()))?;
    let now = access.catalog.now();
    let new = bodies.into_iter().map(|body| body.checked(now)).collect::<ApiResult<Vec<_>>>()?;
    let made = access.catalog.create_annotations(org, new).await?;
    Ok(Kit::ok(made.iter().map(view).collect()))
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let org = org(&params)?;
    let (start, end) = range(&access, &params)?;
    let filter = AnnotationFilter {
        start,
        end,
        streams: params.all("streamIncludes").map(str::to_owned).collect(),
        stream_id: None,
        stickers: stickers(&params, "stickerIncludes"),
    };
    let mut streams: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for annotation in access.catalog.list_annotations(org, &filter).await? {
        let mut shown = view(&annotation);
        if let Some(members) = shown.as_object_mut() {
            members.remove("stream");
        }
        streams.entry(annotation.fields.stream).or_default().push(shown);
    }
    let groups = streams.into_iter().map(|(stream, all)| json!({"stream": stream, "annotations": all}));
    Ok(Kit::ok(groups.collect()))
}

async fn delete_some(access: Access, Query(params): Query) -> ApiResult<StatusCode> {
    let org = org(&params)?;
    let stream_id = params.id("streamID").map_err(|_| ApiError::invalid("stream id is invalid"))?;
    let streams: Vec<String> = params.get("stream").map(str::to_owned).into_iter().collect();
    let (start, end) = (optional_time(&params, "startTime")?, optional_time(&params, "endTime")?);
    let mut missing = Vec::new();
    if streams.is_empty() && stream_id.is_none() {
        missing.push("stream tag or id must be set");
    }
    if end.is_none() {
        missing.push("end time must be set");
    }
    if start.is_none() {
        missing.push("start time must be set");
    }
    let (Some(start), Some(end), true) = (start, end, missing.is_empty()) else {
        return Err(ApiError::invalid(missing.join("; ")));
    };
    if end < start {
        return Err(ApiError::invalid(REVERSED));
    }
    let filter = AnnotationFilter { start, end, streams, stream_id, stickers: stickers(&params, "stickers") };
    access.catalog.delete_annotations(org, &filter).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn get(access: Access, path: PathText) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.find_annotation(path.id(BAD_ID)?).await?)))
}

async fn replace(access: Access, path: PathText, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    let (id, fields) = (path.id(BAD_ID)?, body.checked(access.catalog.now())?);
    Ok(Kit::ok(view(&access.catalog.replace_annotation(id, fields).await?)))
}

async fn delete(access: Access, path: PathText) -> ApiResult<StatusCode> {
    access.catalog.delete_annotation(path.id(BAD_ID)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(annotation: &Annotation) -> Value {
    let fields = &annotation.fields;
    let mut view = json!({
        "id": annotation.id,
        "stream": fields.stream,
        "summary": fields.summary,
        "startTime": fields.start,
        "endTime": fields.end,
    });
    if !fields.message.is_empty() {
        view["message"] = json!(fields.message);
    }
    if !fields.stickers.is_empty() {
        view["stickers"] = json!(fields.stickers);
    }
    view
}
