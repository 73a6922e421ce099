//! Statements and blocks.

use std::mem::discriminant;

use super::comment::{comment_lines, comments, starts_with_comment, trailing_comments};
use super::doc::{Doc, cat, concat, hardline, line, nil};
use super::expression::{expression, hang_expression, identifier, member};
use super::file::attributes;
use super::hang::{Hang, level, nested};
use super::literal::string_literal;
use super::types::type_expression;
use crate::ast::{Assignment, Block, BuiltinStatement, Expression, Statement, TestCaseStatement};

/// Statements one below the other. A blank line stands between statements of different kinds, before a
/// comment, and where the source had one.
pub(super) fn statement_list(list: &[Statement]) -> Doc {
    let mut parts = Vec::new();
    let mut previous: Option<&Statement> = None;
    for current in list {
        if let Some(previous) = previous {
            parts.push(hardline());
            let ended = previous.base().location.end.line;
            let gap = first_line(current) > ended + 1;
            if gap || discriminant(previous) != discriminant(current) || starts_with_comment(current) {
                parts.push(hardline());
            }
        }
        parts.push(statement(current));
        previous = Some(current);
    }
    concat(parts)
}

fn first_line(statement: &Statement) -> u32 {
    let first = statement.attributes().first().map_or(statement.base(), |attribute| &attribute.base);
    first.location.start.line
}

fn statement(n: &Statement) -> Doc {
    let doc = match n {
        Statement::Expression(n) => expression(&n.expression),
        Statement::Variable(n) => {
            // The comment stays outside, so that its length does not count for the layout.
            let head = cat![n.id.name.as_str(), trailing_comments(&n.base.comments), " ="];
            cat![comments(&n.id.base.comments), assigned(head, &n.init)]
        }
        Statement::Option(n) => {
            cat![comments(&n.base.comments), "option ", assignment(&n.assignment)]
        }
        Statement::Return(n) => {
            cat![comments(&n.base.comments), assigned(Doc::from("return"), &n.argument)]
        }
        Statement::Builtin(n) => builtin(n),
        Statement::TestCase(n) => testcase(n),
        // Trees with these are refused before.
        Statement::Bad(_) => nil(),
    };
    cat![attributes(n.attributes()), doc.group()]
}

/// `head value`, the value below if it does not fit.
fn assigned(head: Doc, value: &Expression) -> Doc {
    hang_expression(value).prepend(line()).within(nested(head, nil())).doc()
}

fn assignment(n: &Assignment) -> Doc {
    match n {
        Assignment::Variable(n) => {
            let head = cat![identifier(&n.id), trailing_comments(&n.base.comments), " ="];
            assigned(head, &n.init)
        }
        Assignment::Member(n) => {
            let head = cat![member(&n.member), trailing_comments(&n.base.comments), " ="];
            assigned(head, &n.init)
        }
    }
}

fn builtin(n: &BuiltinStatement) -> Doc {
    let head = cat!["builtin", line(), identifier(&n.id)].group();
    let gap = if n.colon.is_empty() { Doc::from(" ") } else { line() };
    let rest = cat![head, gap, comments(&n.colon), ": ", type_expression(&n.ty)];
    cat![comments(&n.base.comments), rest.nest().group()]
}

fn testcase(n: &TestCaseStatement) -> Doc {
    let extends =
        n.extends.as_ref().map_or(nil(), |path| cat![line(), "extends", line(), string_literal(path)]);
    let head = cat!["testcase", line(), identifier(&n.id), extends, line()];
    cat![comments(&n.base.comments), block(&n.block).within(nested(head, nil())).doc()]
}

pub(super) fn block(n: &Block) -> Hang {
    let mut body = vec![hardline(), statement_list(&n.body)];
    if !n.rbrace.is_empty() {
        if !n.body.is_empty() {
            body.push(hardline());
        }
        body.push(comment_lines(&n.rbrace));
    }
    let end = cat![hardline(), "}"];
    Hang { affixes: vec![level(cat![comments(&n.lbrace), "{"], end)], body: concat(body) }
}
