//! What is wrong with a tree: the errors that the parser left in it, and what only the whole node shows.

use std::fmt;

use crate::ast::{Expression, File, Location, ObjectExpression, Package, PropertyKey, Statement};
use crate::walk::{Node, walk};

/// How deep a tree may be: package, file, statement and so on down to the last leaf.
const MAX_DEPTH: u32 = 180;
/// The depth of a statement in a package's file.
const STATEMENT_DEPTH: u32 = 3;

/// The message of a tree beyond the limits.
pub(crate) const TOO_DEEP: &str = "Program is nested too deep";

/// An error and its place. Prints as `error @1:2-1:3: message`.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Where.
    pub location: Location,
    /// What, as users read it.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error {}: {}", self.location, self.message)
    }
}

/// The errors of a file in the order of the tree; empty if it is sound.
pub fn errors(file: &File) -> Vec<Diagnostic> {
    node_errors(Node::File(file), STATEMENT_DEPTH - 1)
}

/// The errors of all files of a package.
pub fn package_errors(package: &Package) -> Vec<Diagnostic> {
    node_errors(Node::Package(package), STATEMENT_DEPTH - 2)
}

/// Errors as one text, as clients get them: joined by blank lines.
pub fn join_errors(errors: &[Diagnostic]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

/// The first of errors, as those get it who ask for a tree and not for its answer.
pub fn first_error(errors: &[Diagnostic]) -> String {
    let Some(Diagnostic { location, message }) = errors.first() else { return String::new() };
    let (start, end) = (location.start, location.end);
    let place = format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column);
    // What could not be read at all is named with its place.
    let message = match message.split_once(": ") {
        Some((what @ "invalid statement", rest)) => format!("{what} @{place}: {rest}"),
        _ => message.clone(),
    };
    format!("loc {place}: {message}")
}

/// The place where a statement gets too deep.
pub(crate) fn too_deep(statement: &Statement) -> Option<Location> {
    let mut found = None;
    walk(Node::Statement(statement), STATEMENT_DEPTH, &mut |node, depth| {
        if depth > MAX_DEPTH && found.is_none() {
            found = Some(node.base().location.clone());
        }
        found.is_none()
    });
    found
}

pub(crate) fn node_errors(node: Node<'_>, depth: u32) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    walk(node, depth, &mut |node, depth| {
        let location = &node.base().location;
        let mut push = |message: String| errors.push(Diagnostic { location: location.clone(), message });
        if depth > MAX_DEPTH {
            push(TOO_DEEP.to_owned());
            return false;
        }
        node.base().attributes.iter().for_each(|attribute| {
            attribute.base.errors.iter().cloned().for_each(&mut push);
            for param in &attribute.params {
                node_errors(Node::Expression(&param.value), depth + 1)
                    .into_iter()
                    .for_each(|e| push(e.message));
                param.base.errors.iter().cloned().for_each(&mut push);
            }
        });
        node.base().errors.iter().cloned().for_each(&mut push);
        match node {
            Node::Statement(Statement::Bad(n)) if n.base.errors.is_empty() || !n.text.is_empty() => {
                push(format!("invalid statement: {}", n.text));
            }
            Node::Expression(Expression::Bad(n)) if !n.text.is_empty() => {
                push(format!("invalid expression: {}", n.text));
            }
            Node::Expression(Expression::Object(n)) => object_errors(n, &mut push),
            _ => {}
        }
        true
    });
    // What was cut off for its depth makes nonsense of the rest.
    if let Some(fatal) = errors.iter().find(|e| e.message == TOO_DEEP) {
        return vec![fatal.clone()];
    }
    errors
}

fn object_errors(object: &ObjectExpression, push: &mut dyn FnMut(String)) {
    let (mut implicit, mut explicit) = (false, false);
    for property in object.properties.iter().filter(|p| p.base.errors.is_empty()) {
        if property.value.is_some() {
            explicit = true;
            continue;
        }
        implicit = true;
        if let PropertyKey::String(key) = &property.key {
            push(format!("string literal key {} must have a value", key.value));
        }
    }
    if implicit && explicit {
        push("cannot mix implicit and explicit properties".to_owned());
    }
}
