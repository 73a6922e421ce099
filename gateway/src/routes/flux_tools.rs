//! What editors ask about Flux: its syntax tree, its mistakes, its functions.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use weir_flux_semantic::{PolyType, parse_poly_type};
use weir_flux_syntax as syntax;
use weir_influxql_syntax::{Params, ParseError};
use weir_model::Error;

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json};
use crate::json::Compact;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post("/api/v2/query/ast", ast)
        .post("/api/v2/query/analyze", analyze)
        .get("/api/v2/query/suggestions", suggestions)
        .get("/api/v2/query/suggestions/{name}", suggestion)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Script {
    query: Option<String>,
    #[serde(rename = "type")]
    language: Option<String>,
}

async fn ast(_: Access, Json(script): Json<Script>) -> ApiResult<Compact<Value>> {
    let package = syntax::parse_package(script.query.as_deref().unwrap_or_default(), "", "");
    let errors: Vec<_> = package.files.iter().flat_map(syntax::tool_errors).collect();
    if !errors.is_empty() {
        return Err(ApiError::invalid(syntax::first_error(&errors)).context("invalid AST"));
    }
    Ok(Compact::ok(json!({"ast": syntax::to_json(&package)})))
}

async fn analyze(_: Access, Json(script): Json<Script>) -> ApiResult<Compact<Value>> {
    match script.language.as_deref() {
        None | Some("" | "flux") => {}
        Some("influxql") => {
            let errors = mistakes_in_influxql(script.query.as_deref().unwrap_or_default());
            return Ok(Compact::ok(json!({"errors": errors})));
        }
        Some(other) => return Err(ApiError::invalid(format!("unknown query request type {other}"))),
    }
    let file = syntax::parse(script.query.as_deref().unwrap_or_default(), "");
    let mistake = |found: &syntax::Diagnostic| {
        let start = &found.location.start;
        json!({"line": start.line, "column": start.column, "character": 0, "message": found.message})
    };
    let errors: Vec<Value> = syntax::tool_errors(&file).iter().map(mistake).collect();
    Ok(Compact::ok(json!({"errors": errors})))
}

fn mistakes_in_influxql(text: &str) -> Vec<Value> {
    let Err(mistake) = weir_influxql_syntax::parse(text, &Params::default()) else { return Vec::new() };
    let (line, column) = match &mistake {
        ParseError::Unexpected { line, column, .. } | ParseError::At { line, column, .. } => (*line, *column),
        ParseError::Message(_) => (1, 1),
    };
    // The place has members of its own.
    let whole = mistake.to_string();
    let message = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(message, _)| message);
    vec![json!({"line": line, "column": column, "character": 0, "message": message})]
}

/// A function as editors complete it: its parameters with their types in a word.
#[derive(Debug, Clone, Serialize)]
struct Suggestion {
    name: String,
    params: BTreeMap<String, &'static str>,
}

fn suggest(name: &str, signature: &PolyType) -> Option<Suggestion> {
    let parameters = signature.parameters()?;
    let params = parameters.into_iter().map(|p| (p.name, p.nature)).collect();
    Some(Suggestion { name: name.to_owned(), params })
}

async fn suggestions(_: Access, State(gateway): State<Gateway>) -> Compact<Value> {
    let functions = gateway.functions().iter();
    let funcs: Vec<Suggestion> =
        functions.filter_map(|(name, signature)| suggest(name, &parse_poly_type(signature).ok()?)).collect();
    Compact::ok(json!({"funcs": funcs}))
}

async fn suggestion(
    _: Access,
    State(gateway): State<Gateway>,
    Path(name): Path<String>,
) -> ApiResult<Compact<Suggestion>> {
    let found = gateway.functions().get(&name).and_then(|signature| parse_poly_type(signature).ok());
    let found = found.and_then(|signature| suggest(&name, &signature));
    let missing = || Error::not_found(format!("there is no function {name:?} without an import"));
    Ok(Compact::ok(found.ok_or_else(missing)?))
}
