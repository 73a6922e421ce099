//! From a request to the package that is run.

use serde_json::{Value, json};
use weir_flux::{Engine, FluxError};
use weir_flux_syntax::ast::Package;
use weir_flux_syntax::{from_json, parse_package};
use weir_proto::{QueryRequest, QueryText};

use crate::deep_json;

/// The checked package of a request, with the file of its `extern` member put before its own.
///
/// # Errors
/// `Invalid`: text or tree that is none, or that does not compile.
pub(crate) fn compile(engine: &Engine, request: &QueryRequest) -> Result<Package, FluxError> {
    let mut package = match &request.text {
        QueryText::Source(source) => parse_package(source, "", ""),
        QueryText::Ast(text) => tree(text, None)?,
    };
    if let Some(text) = &request.extern_ast {
        let mut outer = tree(text, Some("File"))?;
        outer.files.append(&mut package.files);
        package.files = outer.files;
    }
    engine.check(&package)?;
    Ok(package)
}

/// A package as JSON, or a file, which becomes a package of its own. What an object without a type is, `untyped` says:
/// the official Python client sends its files so.
fn tree(text: &str, untyped: Option<&str>) -> Result<Package, FluxError> {
    let bad = |what: String| FluxError::invalid(format!("error unmarshalling ast: {what}"));
    let mut value = deep_json::parse(text).map_err(bad)?;
    if let (Some(object), Some(kind)) = (value.as_object_mut(), untyped)
        && object.contains_key("body")
    {
        object.entry("type").or_insert_with(|| Value::from(kind));
    }
    let value = match value.get("type").and_then(Value::as_str) {
        Some("File") => json!({"type": "Package", "package": "main", "files": [value]}),
        _ => value,
    };
    let package = from_json(&value).map_err(|error| bad(error.to_string()))?;
    if package.files.is_empty() {
        return Err(bad("the package has no files".to_owned()));
    }
    Ok(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_chains_come_as_trees_too() {
        let chain = " |> limit(n: 1)".repeat(20);
        let source = format!("from(bucket: \"b\") |> range(start: 0){chain}");
        let package = parse_package(&source, "", "");
        let text = weir_flux_syntax::to_json(&package).to_string();
        assert_eq!(tree(&text, None).unwrap().files, package.files);
        let nested = "[".repeat(100_000);
        assert!(tree(&nested, None).unwrap_err().message.contains("nested too deep"));
    }
}
