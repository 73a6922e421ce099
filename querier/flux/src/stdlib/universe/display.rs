//! `display(v:)`.

use std::sync::Arc;

use weir_flux_semantic::{Importer, PackageTypes, check_package};

use super::convert::describe;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, RegistryImporter};
use crate::value::{Closure, Function, Value, limits, shown_with};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "display",
    signature: "(v: A) => string",
    doc: "Shows any value as text, for people: functions as their types. The form is not fixed.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let v: Value = args.required("v")?;
    limits::whole(&v)?;
    Ok(Value::from(shown_with(&v, &|function| match function {
        Function::Native(definition, _) => without_kinds(definition.signature).to_owned(),
        Function::Closure(closure) => type_of(closure).unwrap_or_else(|| format!("{function:?}")),
        Function::Partial { .. } => format!("{function:?}"),
    })))
}

/// What the variables of a type stand for is not shown.
fn without_kinds(signature: &str) -> &str {
    signature.split(" where ").next().unwrap_or(signature)
}

/// The type of a function literal, found as the checker would; `None` if it cannot be told by itself.
fn type_of(closure: &Closure) -> Option<String> {
    let source = format!("shown = {}", closure.literal.base.location.text());
    let package = weir_flux_syntax::parse_package(&source, "", "");
    if !weir_flux_syntax::package_errors(&package).is_empty() {
        return None;
    }
    let mut missing = Vec::new();
    loop {
        let checked = check_package(&package, &Surroundings { closure, names: missing.clone() });
        let Some(first) = checked.diagnostics.first() else {
            return Some(without_kinds(&checked.types.lookup("shown")?.to_string()).to_owned());
        };
        let name = first.message.strip_prefix("undefined identifier ")?;
        // A name that the function saw where it stood; each is added once.
        if missing.iter().any(|n| n == name) || closure.scope.bound(name).is_none() {
            return None;
        }
        missing.push(name.to_owned());
    }
}

/// The standard library and some names around a function.
struct Surroundings<'a> {
    closure: &'a Closure,
    names: Vec<String>,
}

impl Importer for Surroundings<'_> {
    fn package(&self, path: &str) -> Option<Arc<PackageTypes>> {
        RegistryImporter.package(path)
    }

    fn prelude(&self) -> Arc<PackageTypes> {
        let prelude = RegistryImporter.prelude();
        if self.names.is_empty() {
            return prelude;
        }
        let mut types = PackageTypes::new("prelude");
        types.extend(&prelude);
        for name in &self.names {
            let signature = self.closure.scope.bound(name).map_or_else(|| "A".to_owned(), describe);
            types.add_signature(name.as_str(), signature);
        }
        Arc::new(types)
    }
}
