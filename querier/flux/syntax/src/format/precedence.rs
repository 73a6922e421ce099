//! Where parentheses are needed.
//!
//! Those of the source are dropped, unless comments stand at them, and set again where the tree needs them.

use crate::ast::{Expression, LogicalOperator, Operator, UnaryOperator};

/// Looseness of a node: the greater, the looser. 0 is what never needs parentheses.
fn looseness(e: &Expression) -> u8 {
    match strip_parens(e) {
        Expression::Call(_) | Expression::Member(_) | Expression::Index(_) => 1,
        Expression::Pipe(_) => 2,
        Expression::Binary(n) => match n.operator {
            Operator::Power => 4,
            Operator::Multiplication | Operator::Division | Operator::Modulo => 5,
            Operator::Addition | Operator::Subtraction => 6,
            Operator::Invalid => 0,
            _ => 7,
        },
        Expression::Unary(n) => match n.operator {
            UnaryOperator::Plus | UnaryOperator::Minus => 6,
            UnaryOperator::Not | UnaryOperator::Exists => 8,
        },
        Expression::Logical(n) => match n.operator {
            LogicalOperator::And => 9,
            LogicalOperator::Or => 10,
        },
        Expression::Conditional(_) => 11,
        // Its body takes all that follows, so it is loosest on the left of anything.
        Expression::Function(_) => 12,
        _ => 0,
    }
}

/// Whether `child` needs parentheses as an operand of `parent`; `right` is for right operands.
pub(super) fn needs_parens(parent: &Expression, child: &Expression, right: bool) -> bool {
    let child_looseness = looseness(child);
    let of_sign = |e: &Expression| matches!(e, Expression::Unary(n) if matches!(n.operator, UnaryOperator::Plus | UnaryOperator::Minus));
    if of_sign(parent) {
        // Signs bind closer than all operators.
        return child_looseness > 1 && !of_sign(strip_parens(child));
    }
    let parent_looseness = looseness(parent);
    if parent_looseness == 0 || child_looseness == 0 {
        return false;
    }
    child_looseness > parent_looseness || (right && child_looseness == parent_looseness)
}

/// Whether an operand of a call, member or index expression needs parentheses.
pub(super) fn postfix_needs_parens(child: &Expression) -> bool {
    looseness(child) > 1
}

/// Whether parentheses hold comments and so must stay.
pub(super) fn has_comments(e: &Expression) -> bool {
    matches!(e, Expression::Paren(p) if !p.lparen.is_empty() || !p.rparen.is_empty())
}

/// The expression without the parentheses around it that nobody needs.
pub(super) fn strip_parens(mut e: &Expression) -> &Expression {
    while let Expression::Paren(p) = e {
        if has_comments(e) {
            break;
        }
        e = &p.expression;
    }
    e
}

/// Whether the text of `e` would start with `{`: as a function's body it would be read as a block.
pub(super) fn starts_with_brace(e: &Expression) -> bool {
    match strip_parens(e) {
        Expression::Object(_) => true,
        Expression::Member(n) => starts_with_brace(&n.object),
        Expression::Index(n) => starts_with_brace(&n.array),
        Expression::Call(n) => starts_with_brace(&n.callee),
        Expression::Pipe(n) => starts_with_brace(&n.argument),
        Expression::Binary(n) => starts_with_brace(&n.left),
        Expression::Logical(n) => starts_with_brace(&n.left),
        _ => false,
    }
}
