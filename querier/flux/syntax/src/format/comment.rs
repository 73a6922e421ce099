//! Comments.

use super::doc::{Doc, cat, concat, hardline, intersperse, line, nil, text};
use crate::ast::{Comment, Expression, Statement};

/// Comments before a token, each with its end of line.
pub(super) fn comments(list: &[Comment]) -> Doc {
    concat(list.iter().map(|c| {
        let parts = c.text.split('\n').map(|part| text(part.trim_end()));
        intersperse(parts, &hardline())
    }))
}

/// Comments one below the other, without the end of the last line.
pub(super) fn comment_lines(list: &[Comment]) -> Doc {
    intersperse(list.iter().map(|c| text(c.text.trim_end())), &hardline())
}

/// Comments below what is before them, to be nested; without the end of the last line.
pub(super) fn comments_below(list: &[Comment]) -> Doc {
    if list.is_empty() { nil() } else { cat![hardline(), comment_lines(list)] }
}

/// Comments that stand behind something: on the same line or on a deeper one.
pub(super) fn trailing_comments(list: &[Comment]) -> Doc {
    let gap = if list.is_empty() { nil() } else { line() };
    concat([gap, comments(list)]).nest()
}

/// Whether the first thing written for a statement is a comment.
pub(super) fn starts_with_comment(statement: &Statement) -> bool {
    if let Some(first) = statement.attributes().first() {
        return !first.base.comments.is_empty();
    }
    match statement {
        Statement::Expression(n) => expression_starts_with_comment(&n.expression),
        Statement::Variable(n) => !n.id.base.comments.is_empty(),
        other => !other.base().comments.is_empty(),
    }
}

fn expression_starts_with_comment(e: &Expression) -> bool {
    let first = match e {
        Expression::Array(n) => &n.lbrack,
        Expression::Dict(n) => &n.lbrack,
        Expression::Function(n) => &n.lparen,
        Expression::Object(n) => &n.lbrace,
        Expression::Conditional(n) => &n.tk_if,
        Expression::Paren(n) => &n.lparen,
        Expression::Logical(n) => return expression_starts_with_comment(&n.left),
        Expression::Binary(n) => return expression_starts_with_comment(&n.left),
        Expression::Pipe(n) => return expression_starts_with_comment(&n.argument),
        Expression::Member(n) => return expression_starts_with_comment(&n.object),
        Expression::Index(n) => return expression_starts_with_comment(&n.array),
        Expression::Call(n) => return expression_starts_with_comment(&n.callee),
        other => &other.base().comments,
    };
    !first.is_empty()
}
