//! The calls that most kinds need, by their route.

use serde_json::{Map, Value};

use super::{Desired, Problem, Route, Scope, Update};
use crate::api::{Call, Failure, Method};

/// Objects a page.
const PAGE: usize = 100;

/// Objects whose name is `name`.
pub(crate) async fn named(route: Route, scope: &Scope<'_>, name: &str) -> Result<Vec<Value>, Problem> {
    let mut rows = list(route, scope, route.filter.map(|filter| (filter, name))).await?;
    rows.retain(|row| row.get(route.name).and_then(Value::as_str) == Some(name));
    Ok(rows)
}

/// Every object that the filter lets through. Some collections page and some do not, so a page that brings nothing new
/// ends the list too.
pub(crate) async fn list(
    route: Route,
    scope: &Scope<'_>,
    filter: Option<(&'static str, &str)>,
) -> Result<Vec<Value>, Problem> {
    let mut rows: Vec<Value> = Vec::new();
    loop {
        let mut call = Call::get(route.path);
        if let Some(organization) = scope.organization.as_ref().filter(|_| route.organized) {
            call = call.with("orgID", &organization.id);
        }
        if let Some((name, value)) = filter {
            call = call.with(name, value);
        }
        if rows.is_empty() {
            call = call.with("limit", PAGE.to_string());
        } else {
            call = call.with("limit", PAGE.to_string()).with("offset", rows.len().to_string());
        }
        let mut answer = match scope.remote.call(call).await {
            Ok(answer) => answer,
            Err(failure) if failure.is_missing() => return Ok(rows), // a name that no bucket or user has is a 404
            Err(failure) => return Err(failure.into()),
        };
        let page = match answer.get_mut(route.list).map(Value::take) {
            Some(Value::Array(page)) => page,
            _ => Vec::new(), // an empty list may be null
        };
        let full = page.len() == PAGE;
        let before = rows.len();
        for row in page {
            if !rows.iter().any(|known| id_of(known) == id_of(&row)) {
                rows.push(row);
            }
        }
        if !full || rows.len() == before {
            return Ok(rows);
        }
    }
}

/// The object as it is.
pub(crate) async fn read(route: Route, scope: &Scope<'_>, id: &str) -> Result<Option<Value>, Problem> {
    match scope.remote.call(one(route, scope, Method::GET, id)).await {
        Ok(answer) => Ok(Some(unwrapped(route, answer))),
        Err(failure) if failure.is_missing() => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

/// Makes the object, with the marker in its place.
pub(crate) async fn create(route: Route, scope: &Scope<'_>, desired: &Desired) -> Result<Value, Problem> {
    let mut body = whole(desired);
    body.insert(route.marker.to_owned(), Value::String(scope.marker(route)));
    let made = scope.remote.call(Call::new(Method::POST, route.path).body(Value::Object(body))).await;
    match made {
        Ok(made) => Ok(unwrapped(route, made)),
        // Names in use are told in different ways: a conflict, or words only.
        Err(Failure::Refused { code, message, .. }) if code == "conflict" => Err(Problem::Conflict(message)),
        Err(failure) => Err(failure.into()),
    }
}

/// PATCHes what differs, or PUTs everything.
pub(crate) async fn update(
    route: Route,
    scope: &Scope<'_>,
    actual: &Value,
    desired: &Desired,
    difference: Map<String, Value>,
) -> Result<(), Problem> {
    let id = id_of(actual).ok_or_else(|| Problem::Invalid("the server's object has no id".into()))?;
    let (method, body) = match route.update {
        Update::Patch => (Method::PATCH, difference),
        Update::Put => (Method::PUT, whole(desired)),
    };
    let call = one(route, scope, method, id).body(Value::Object(body));
    match scope.remote.call(call).await {
        Ok(_) => Ok(()),
        Err(Failure::Refused { code, message, .. }) if code == "conflict" => Err(Problem::Conflict(message)),
        Err(failure) => Err(failure.into()),
    }
}

/// Deletes the object.
pub(crate) async fn delete(route: Route, scope: &Scope<'_>, id: &str) -> Result<(), Problem> {
    match scope.remote.call(one(route, scope, Method::DELETE, id)).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.is_missing() => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}

/// The id of an object.
pub(crate) fn id_of(object: &Value) -> Option<&str> {
    object.get("id").and_then(Value::as_str)
}

fn one(route: Route, scope: &Scope<'_>, method: Method, id: &str) -> Call {
    let call = Call::new(method, format!("{}/{id}", route.path));
    match (&scope.organization, route.envelope) {
        // Only mappings, whose answers are wrapped, ask for the organization with the id.
        (Some(organization), Some(_)) => call.with("orgID", &organization.id),
        _ => call,
    }
}

fn unwrapped(route: Route, mut answer: Value) -> Value {
    match route.envelope.and_then(|key| answer.get_mut(key)) {
        Some(inner) => inner.take(),
        None => answer,
    }
}

fn whole(desired: &Desired) -> Map<String, Value> {
    let mut body = desired.once.clone();
    body.extend(desired.fields.clone());
    body.extend(desired.secret.clone());
    body
}
