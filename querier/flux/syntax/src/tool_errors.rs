//! What is wrong with a tree, as editors and other tools are told it.
//!
//! The reference answers them from a second tree, which it reads from the first one's JSON. That tree has no place for
//! what could not be read, so it misses operands where the first tells what stands there instead; it knows nothing of
//! types, has no operator that is none, and is looked through twice for what only whole nodes show.

use crate::ast::{
    BinaryExpression, Expression, File, Location, ObjectExpression, Operator, PropertyKey, Statement,
};
use crate::check::{Diagnostic, TOO_DEEP};
use crate::walk::{Node, walk};

/// How often whole nodes are looked at.
const LOOKS: usize = 2;

/// The errors of a file; empty if tools take it for sound, which they may although [`crate::errors`] tells of some.
pub fn tool_errors(file: &File) -> Vec<Diagnostic> {
    let fatal = crate::errors(file);
    if fatal.iter().any(|e| e.message == TOO_DEEP) {
        return fatal;
    }
    let mut errors = Vec::new();
    let mut readable = true;
    walk(Node::File(file), 0, &mut |node, _| {
        let base = node.base();
        match node {
            Node::TypeExpression(_) | Node::Expression(Expression::Bad(_)) => return false,
            Node::Expression(Expression::Binary(n)) if n.operator == Operator::Invalid => readable = false,
            _ => {}
        }
        let mut push = |message: String| errors.push(Diagnostic { location: base.location.clone(), message });
        base.errors.iter().cloned().for_each(&mut push);
        match node {
            Node::Statement(Statement::Bad(n)) => {
                let (start, end) = (base.location.start, base.location.end);
                let place = format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column);
                (0..LOOKS).for_each(|_| push(format!("invalid statement @{place}: {}", n.text)));
            }
            Node::Expression(Expression::Binary(n)) => missing_operands(n, &mut push),
            Node::Expression(Expression::Object(n)) => errors.extend(properties(n)),
            _ => {}
        }
        true
    });
    if readable {
        return errors;
    }
    let message = format!("unknown operator \"{}\"", Operator::Invalid.as_str());
    vec![Diagnostic { location: Location::default(), message }]
}

fn missing_operands(n: &BinaryExpression, push: &mut dyn FnMut(String)) {
    for _ in 0..LOOKS {
        for (side, operand) in [("left", &n.left), ("right", &n.right)] {
            if matches!(operand, Expression::Bad(_)) {
                push(format!("missing {side} hand side of expression"));
            }
        }
    }
}

/// What is wrong with the properties of a record beside what is wrong with each of them. Those behind one with an error
/// are not looked at; a key without its value is an error from the first look on.
fn properties(object: &ObjectExpression) -> Vec<Diagnostic> {
    let (mut mixed, mut keys) = (Vec::new(), Vec::new());
    let sound = object.properties.iter().take_while(|p| p.base.errors.is_empty());
    let mut looked_at: Vec<_> = sound.collect();
    for look in 0..LOOKS {
        let explicit = looked_at.iter().any(|p| p.value.is_some());
        let implicit = looked_at.iter().any(|p| p.value.is_none());
        if explicit && implicit {
            let message = "cannot mix implicit and explicit properties".to_owned();
            mixed.push(Diagnostic { location: object.base.location.clone(), message });
        }
        let of_text = |p: &crate::ast::Property| match &p.key {
            PropertyKey::String(key) if p.value.is_none() => Some(key.value.clone()),
            _ => None,
        };
        if look == 0 {
            for property in &looked_at {
                if let Some(key) = of_text(property) {
                    let message = format!("string literal key {key:?} must have a value");
                    keys.push(Diagnostic { location: property.base.location.clone(), message });
                }
            }
            let first = looked_at.iter().position(|p| of_text(p).is_some()).unwrap_or(looked_at.len());
            looked_at.truncate(first);
        }
    }
    mixed.extend(keys);
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_tools_are_told() {
        for (script, want) in [
            ("x = 1", ""),
            ("x = a ? b", "1:7 invalid statement @1:7-1:8: ?, 1:7 invalid statement @1:7-1:8: ?"),
            (
                "y = 1 +",
                "1:5 missing right hand side of expression, 1:5 missing right hand side of expression",
            ),
            ("x = -", ""),
            ("x = \"${}\"", ""),
            ("f = (r => r", "0:0 unknown operator \"<INVALID_OP>\""),
            ("builtin", "1:8 expected IDENT, got EOF"),
            (
                "x = {a: 1, b}",
                "1:5 cannot mix implicit and explicit properties, 1:5 cannot mix implicit and explicit properties",
            ),
            ("from(bucket: \"m\") |>", "1:21 pipe destination must be a function call"),
        ] {
            let errors = tool_errors(&crate::parse(script, ""));
            let shown = errors
                .iter()
                .map(|e| format!("{}:{} {}", e.location.start.line, e.location.start.column, e.message));
            assert_eq!(shown.collect::<Vec<_>>().join(", "), want, "{script}");
        }
    }
}
