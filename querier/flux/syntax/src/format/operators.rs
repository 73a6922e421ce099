//! Operators of two operands, and pipes.

use super::comment::comments;
use super::doc::{Doc, cat, concat, line, line_if};
use super::expression::{call, expression};
use super::is_multiline;
use super::precedence::{has_comments, needs_parens, strip_parens};
use crate::ast::{Expression, PipeExpression};

/// An operand, in parentheses if needed and not there.
pub(super) fn operand(e: &Expression, parens: bool) -> Doc {
    if parens && !has_comments(e) { cat!["(", expression(e), ")"] } else { expression(e) }
}

pub(super) fn binary(parent: &Expression, left: &Expression, operator: &str, right: &Expression) -> Doc {
    let left = operand(left, needs_parens(parent, left, false));
    let rest = operator_and_right(parent, operator, right);
    cat![left, rest.nest()].group()
}

/// The operator and its right operand; of a right operand that needs no parentheses, operator by operator, so that
/// all may break at the same column. Whether it had some makes no difference (to the reference it does, the first time),
/// or what was formatted would be formatted otherwise.
fn operator_and_right(parent: &Expression, operator: &str, right: &Expression) -> Doc {
    let operator = cat![line(), comments(&parent.base().comments), operator, line()].group();
    let inner = strip_parens(right);
    if let Expression::Binary(n) = inner
        && !needs_parens(parent, right, true)
    {
        let left = operand(&n.left, needs_parens(inner, &n.left, false));
        return cat![operator, left, operator_and_right(inner, n.operator.as_str(), &n.right)];
    }
    cat![operator, operand(right, needs_parens(parent, right, true))]
}

/// A whole chain of pipes: all on one line, or each on its own.
pub(super) fn pipe(outermost: &PipeExpression) -> Doc {
    let line = line_if(is_multiline(&outermost.base));
    let mut calls = Vec::new();
    let mut last = outermost;
    loop {
        calls.push(cat![comments(&last.base.comments), "|> ", call(&last.call).group()].group());
        match strip_parens(&last.argument) {
            Expression::Pipe(next) => last = next,
            _ => break,
        }
    }
    let parens = matches!(
        strip_parens(&last.argument),
        Expression::Unary(_)
            | Expression::Binary(_)
            | Expression::Logical(_)
            | Expression::Conditional(_)
            | Expression::Function(_)
    );
    let first = operand(&last.argument, parens).group();
    let calls = concat(calls.into_iter().rev().map(|call| cat![line.clone(), call]));
    cat![first, calls.nest()].group()
}
