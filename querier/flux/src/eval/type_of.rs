//! Types of functions that scripts made, found as the checker finds them.

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_flux_semantic::{Importer, PackageTypes, PolyType, check_package};
use weir_flux_syntax::ast::Expression;
use weir_flux_syntax::walk::Node;

use crate::registry::RegistryImporter;
use crate::stdlib::universe::convert::describe;
use crate::value::{Closure, Function, Value};

/// How many functions may stand in each other's surroundings before no more is asked of them.
const DEEPEST: usize = 3;

/// The type of a function literal; `None` if it cannot be told by itself.
pub(crate) fn type_of(closure: &Closure) -> Option<PolyType> {
    type_within(closure, DEEPEST)
}

fn type_within(closure: &Closure, depth: usize) -> Option<PolyType> {
    let mut imports = String::new();
    let mut names = PackageTypes::new("prelude");
    names.extend(&RegistryImporter.prelude());
    for name in identifiers(closure) {
        match closure.scope.bound(&name) {
            None => {}
            Some(Value::Package(path)) => imports.push_str(&format!("import {name} \"{path}\"\n")),
            Some(Value::Function(Function::Closure(other))) => {
                let ty = depth.checked_sub(1).and_then(|depth| type_within(other, depth));
                names.add(name, ty.unwrap_or_else(PolyType::unknown));
            }
            Some(Value::Function(Function::Native(definition, _))) => {
                names.add_signature(name, definition.signature);
            }
            Some(value) => {
                names.add_signature(name, describe(value));
            }
        }
    }
    let source = format!("{imports}shown = {}", closure.literal.base.location.text());
    let package = weir_flux_syntax::parse_package(&source, "", "");
    if !weir_flux_syntax::package_errors(&package).is_empty() {
        return None;
    }
    let checked = check_package(&package, &Surroundings(Arc::new(names)));
    if !checked.diagnostics.is_empty() {
        return None;
    }
    checked.types.lookup("shown").cloned()
}

/// The names that a function's body uses.
fn identifiers(closure: &Closure) -> BTreeSet<String> {
    let whole = Expression::Function(Arc::clone(&closure.literal));
    let mut found = BTreeSet::new();
    let mut todo = vec![Node::Expression(&whole)];
    while let Some(node) = todo.pop() {
        if let Node::Identifier(id) | Node::Expression(Expression::Identifier(id)) = node {
            found.insert(id.name.clone());
        }
        node.children(&mut |child| todo.push(child));
    }
    found
}

/// The standard library and the names around a function.
struct Surroundings(Arc<PackageTypes>);

impl Importer for Surroundings {
    fn package(&self, path: &str) -> Option<Arc<PackageTypes>> {
        RegistryImporter.package(path)
    }

    fn prelude(&self) -> Arc<PackageTypes> {
        Arc::clone(&self.0)
    }
}
