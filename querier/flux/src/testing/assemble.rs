//! From a test case to a script.

use std::path::Path;

use weir_flux_syntax::ast::{
    Assignment, Expression, File, ImportDeclaration, Package, Statement, TestCaseStatement,
};

use super::modules::Modules;

/// Cases may extend cases that extend others; no deeper than this.
const DEEPEST: usize = 16;

/// What a script is put together from.
#[derive(Default)]
struct Parts {
    imports: Vec<ImportDeclaration>,
    preamble: Vec<Statement>,
    body: Vec<Statement>,
}

/// The script of a case.
pub(super) fn script(
    path: &Path,
    file: &File,
    case: &TestCaseStatement,
    modules: &mut Modules,
) -> Result<Package, String> {
    let parts = parts(path, file, case, modules, DEEPEST)?;
    let mut body = parts.preamble;
    body.extend(parts.body);
    let body = last_options(body);
    let name = file.name.clone();
    let file = File { name, imports: parts.imports, body, base: file.base.clone(), ..File::default() };
    let package = weir_flux_syntax::DEFAULT_PACKAGE.to_owned();
    Ok(Package { base: file.base.clone(), path: String::new(), package, files: vec![file] })
}

fn parts(
    path: &Path,
    file: &File,
    case: &TestCaseStatement,
    modules: &mut Modules,
    deepest: usize,
) -> Result<Parts, String> {
    let mut parts = match &case.extends {
        None => Parts::default(),
        Some(reference) if deepest == 0 => {
            return Err(format!("extends \"{}\": too many cases extend each other", reference.value));
        }
        Some(reference) => {
            let (at, name) = modules.resolve(path, &reference.value)?;
            let parent = modules.read(&at)?;
            let found = parent.body.iter().find_map(|s| match s {
                Statement::TestCase(c) if c.id.name == name => Some(c),
                _ => None,
            });
            match found {
                Some(found) => self::parts(&at, &parent, found, modules, deepest - 1)?,
                None => {
                    return Err(format!("extends \"{}\": there is no such testcase", reference.value));
                }
            }
        }
    };
    for import in &file.imports {
        if !parts.imports.iter().any(|i| name_of(i) == name_of(import)) {
            parts.imports.push(import.clone());
        }
    }
    let preamble = file.body.iter().filter(|s| !matches!(s, Statement::TestCase(_)));
    for statement in preamble {
        // What the extending file says again takes the place of what the other said.
        if let Some(name) = defined(statement) {
            parts.preamble.retain(|s| defined(s).as_deref() != Some(&name));
        }
        parts.preamble.push(statement.clone());
    }
    let inherited = std::mem::take(&mut parts.body);
    for statement in &case.block.body {
        if is_super(statement) {
            parts.body.extend(inherited.iter().cloned());
        } else {
            parts.body.push(statement.clone());
        }
    }
    Ok(parts)
}

/// The path and the name that an import binds.
fn name_of(import: &ImportDeclaration) -> (&str, Option<&str>) {
    (&import.path.value, import.alias.as_ref().map(|a| a.name.as_str()))
}

/// What a statement gives a value to.
fn defined(statement: &Statement) -> Option<String> {
    match statement {
        Statement::Variable(s) => Some(s.id.name.clone()),
        Statement::Option(s) => Some(match &s.assignment {
            Assignment::Variable(a) => a.id.name.clone(),
            Assignment::Member(a) => match &a.member.object {
                Expression::Identifier(package) => format!("{}.{}", package.name, a.member.property.name()),
                _ => return None,
            },
        }),
        _ => None,
    }
}

/// An option may be set once in a script: what a case says goes before what its file says.
fn last_options(body: Vec<Statement>) -> Vec<Statement> {
    let mut seen = std::collections::HashSet::new();
    let mut out: Vec<Statement> = Vec::with_capacity(body.len());
    for statement in body.into_iter().rev() {
        let repeated = matches!(statement, Statement::Option(_))
            && defined(&statement).is_some_and(|name| !seen.insert(name));
        if !repeated {
            out.push(statement);
        }
    }
    out.reverse();
    out
}

fn is_super(statement: &Statement) -> bool {
    let Statement::Expression(s) = statement else { return false };
    let Expression::Call(call) = &s.expression else { return false };
    call.arguments.is_empty() && matches!(&call.callee, Expression::Identifier(id) if id.name == "super")
}
