//! Files and statements.

use weir_flux_syntax::ast::{Assignment, File, ImportDeclaration, Package, Statement};

use super::{Context, Scope, eval};
use crate::error::{FluxError, Result};
use crate::registry;
use crate::value::Value;

/// Evaluates a user's package: its results are added to the context. Streams that stand alone as a statement are
/// results; a package that is not `main` has none.
pub fn eval_package(package: &Package, cx: &Context) -> Result<()> {
    let mut scope = Scope::main();
    for file in &package.files {
        let is_main = file.package.as_ref().is_none_or(|p| p.name.name == "main");
        scope = import_all(&file.imports, scope)?;
        for statement in &file.body {
            let (next, value) = eval_statement(statement, scope, cx)?;
            scope = next;
            if let (Statement::Expression(_), Some(Value::Stream(node)), true) = (statement, &value, is_main)
            {
                cx.add_result(None, node);
            }
        }
    }
    Ok(())
}

/// Evaluates library code: the value of its last expression statement.
pub(crate) fn eval_library(file: &File, scope: &Scope, cx: &Context) -> Result<Value> {
    if let Some(diagnostic) = weir_flux_syntax::errors(file).into_iter().next() {
        return Err(FluxError::internal(format!("standard library: {}: {}", file.name, diagnostic.message)));
    }
    let mut scope = import_all(&file.imports, scope.clone())?;
    let mut last = None;
    for statement in &file.body {
        let (next, value) = eval_statement(statement, scope, cx)?;
        scope = next;
        last = value;
    }
    last.ok_or_else(|| FluxError::internal(format!("standard library: {} has no value", file.name)))
}

fn import_all(imports: &[ImportDeclaration], mut scope: Scope) -> Result<Scope> {
    for import in imports {
        let path = import.path.value.as_str();
        let Some(package) = registry::package(path) else {
            return Err(FluxError::invalid(format!("invalid import path {path}")));
        };
        let name = import.alias.as_ref().map_or(package.package.name, |a| a.name.as_str());
        scope = scope.bind(name, Value::Package(package.package.path));
    }
    Ok(scope)
}

/// Evaluates a statement: the scope after it, and the value of an expression statement.
pub(super) fn eval_statement(
    statement: &Statement,
    scope: Scope,
    cx: &Context,
) -> Result<(Scope, Option<Value>)> {
    match statement {
        Statement::Expression(s) => {
            let value = eval(&s.expression, &scope, cx)?;
            Ok((scope, Some(value)))
        }
        Statement::Variable(s) => {
            let value = eval(&s.init, &scope, cx)?;
            Ok((scope.bind(s.id.name.as_str(), value), None))
        }
        Statement::Option(s) => match &s.assignment {
            Assignment::Variable(a) => {
                let value = eval(&a.init, &scope, cx)?;
                let name = a.id.name.as_str();
                let package = registry::prelude(name).filter(|d| d.is_option()).map_or("main", |d| d.package);
                cx.set_option(package, name, value.clone());
                Ok((scope.bind(name, value), None))
            }
            Assignment::Member(a) => {
                let value = eval(&a.init, &scope, cx)?;
                match eval(&a.member.object, &scope, cx)? {
                    Value::Package(path) => cx.set_option(path, a.member.property.name(), value),
                    other => {
                        return Err(FluxError::invalid(format!(
                            "cannot set an option of {}",
                            other.nature()
                        )));
                    }
                }
                Ok((scope, None))
            }
        },
        Statement::Return(s) => {
            let value = eval(&s.argument, &scope, cx)?;
            Ok((scope, Some(value)))
        }
        // A test case has no meaning outside of the test runner, which rewrites it before evaluation.
        Statement::TestCase(_) | Statement::Builtin(_) => Ok((scope, None)),
        Statement::Bad(s) => Err(FluxError::invalid(format!("invalid statement: {}", s.text))),
    }
}
