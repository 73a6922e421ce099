//! Expressions.

use super::comment::{comments, comments_below, trailing_comments};
use super::doc::{
    Doc, cat, comma_list, concat, flat_alt, hardline, line, line_if, line_or_nothing, nil, text,
};
use super::function::function;
use super::hang::{Hang, level, nested};
use super::operators::{binary, operand, pipe};
use super::precedence::{has_comments, needs_parens, postfix_needs_parens, strip_parens};
use super::record::{arguments, object};
use super::{MAX_INLINE_ITEMS, is_multiline, literal};
use crate::ast::{
    ArrayExpression, CallExpression, ConditionalExpression, DictExpression, Expression, Identifier,
    IndexExpression, MemberExpression, ParenExpression, PropertyKey, UnaryExpression, UnaryOperator,
};

pub(super) fn identifier(n: &Identifier) -> Doc {
    cat![comments(&n.base.comments), n.name.as_str()]
}

pub(super) fn expression(e: &Expression) -> Doc {
    let doc = match e {
        Expression::Array(_)
        | Expression::Object(_)
        | Expression::String(_)
        | Expression::Function(_)
        | Expression::StringLit(_)
        | Expression::Index(_) => hang_expression(e).doc(),
        Expression::Identifier(n) => identifier(n),
        Expression::Dict(n) => dict(n),
        Expression::Logical(n) => binary(e, &n.left, n.operator.as_str(), &n.right),
        Expression::Binary(n) => binary(e, &n.left, n.operator.as_str(), &n.right),
        Expression::Member(n) => member(n),
        Expression::Unary(n) => unary(e, n),
        Expression::Pipe(n) => pipe(n),
        Expression::Call(n) => call(n),
        Expression::Conditional(n) => conditional(n),
        Expression::Paren(n) if has_comments(e) => paren(n),
        Expression::Paren(n) => expression(&n.expression),
        // Trees with these are refused before.
        Expression::Bad(_) => nil(),
        other => cat![comments(&other.base().comments), literal::literal(other)],
    };
    doc.group()
}

/// An expression whose opening may stay on the line of what is before it.
pub(super) fn hang_expression(e: &Expression) -> Hang {
    match strip_parens(e) {
        Expression::Array(n) => array(n),
        Expression::Object(n) => object(n),
        Expression::String(n) => literal::string_expression(n),
        Expression::Function(n) => function(n),
        Expression::StringLit(n) => literal::hang_string(n),
        Expression::Index(n) => index(n),
        other => Hang::plain(expression(other)),
    }
}

fn array(n: &ArrayExpression) -> Hang {
    let hard = n.elements.len() > MAX_INLINE_ITEMS;
    let edge = if hard { hardline() } else { line_or_nothing() };
    let items =
        n.elements.iter().map(|item| cat![expression(&item.expression), trailing_comments(&item.comma)]);
    let first_edge = if n.elements.is_empty() { nil() } else { edge.clone() };
    let body = cat![first_edge, comma_list(items, line_if(hard)), comments_below(&n.rbrack)];
    let suffix = cat![if n.rbrack.is_empty() { edge } else { hardline() }, "]"];
    Hang { affixes: vec![level(Doc::from("["), suffix), nested(comments(&n.lbrack), nil())], body }
}

fn dict(n: &DictExpression) -> Doc {
    let hard = is_multiline(&n.base) && n.elements.len() > 1;
    let items = n
        .elements
        .iter()
        .map(|item| cat![expression(&item.key), ": ", expression(&item.val), trailing_comments(&item.comma)]);
    let items = if n.elements.is_empty() { Doc::from(":") } else { comma_list(items, line_if(hard)) };
    let end = if n.rbrack.is_empty() { nil() } else { cat![line(), comments(&n.rbrack)] };
    cat![comments(&n.lbrack), "[", cat![line_or_nothing(), items, end].nest(), line_or_nothing(), "]"]
}

pub(super) fn member(n: &MemberExpression) -> Doc {
    let mut object = postfix_operand(&n.object);
    // A digit before the dot would be read as a float.
    if let Expression::Integer(_) = strip_parens(&n.object) {
        object = cat!["(", object, ")"];
    }
    match &n.property {
        PropertyKey::Identifier(name) => cat![object, trailing_comments(&n.lbrack), ".", identifier(name)],
        PropertyKey::String(name) => cat![
            object,
            comments(&n.lbrack),
            "[",
            literal::string_literal(name),
            trailing_comments(&n.rbrack),
            "]"
        ],
    }
}

fn index(n: &IndexExpression) -> Hang {
    let mut index = expression(&n.index);
    // Without parentheses a string would name a property.
    if let (Expression::Paren(_), Expression::StringLit(_)) = (&n.index, strip_parens(&n.index)) {
        index = cat!["(", index, ")"];
    }
    let prefix = cat![postfix_operand(&n.array), comments(&n.lbrack), "["];
    Hang { affixes: vec![nested(prefix, cat![comments(&n.rbrack), "]"])], body: index }
}

/// The operand of a call, member or index expression.
fn postfix_operand(e: &Expression) -> Doc {
    operand(e, postfix_needs_parens(e))
}

fn unary(e: &Expression, n: &UnaryExpression) -> Doc {
    let gap = match n.operator {
        UnaryOperator::Plus | UnaryOperator::Minus => "",
        UnaryOperator::Not | UnaryOperator::Exists => " ",
    };
    let argument = operand(&n.argument, needs_parens(e, &n.argument, false));
    cat![comments(&n.base.comments), n.operator.as_str(), gap, argument]
}

fn paren(n: &ParenExpression) -> Doc {
    cat![comments(&n.lparen), "(", expression(&n.expression), trailing_comments(&n.rparen), ")"]
}

pub(super) fn call(n: &CallExpression) -> Doc {
    let callee = cat![postfix_operand(&n.callee), trailing_comments(&n.lparen)];
    let rparen = comments(&n.rparen);
    match n.arguments.as_slice() {
        [Expression::Object(object)] => {
            let gap = if n.rparen.is_empty() { nil() } else { flat_alt(nil(), text(" ")) };
            cat![callee, "(", arguments(object).doc(), gap, rparen, ")"]
        }
        [] if !n.rparen.is_empty() => {
            cat![callee, "(", comments_below(&n.rparen).nest(), hardline(), ")"]
        }
        other => {
            let items = comma_list(other.iter().map(expression), line());
            cat![callee, "(", items, rparen, ")"]
        }
    }
    .group()
}

fn conditional(n: &ConditionalExpression) -> Doc {
    let line = line_if(is_multiline(&n.base));
    let then_gap = if n.tk_then.is_empty() { super::doc::line() } else { nil() };
    let head = cat!["if ", expression(&n.test).nest(), comments(&n.tk_then), then_gap, "then"].group();
    let mut parts = vec![head, branch(n, &line)];
    let mut rest = strip_parens(&n.alternate);
    while let Expression::Conditional(n) = rest {
        parts.push(cat![comments(&n.tk_if), "else if ", expression(&n.test).nest()]);
        parts.push(cat![comments(&n.tk_then), " then", branch(n, &line)]);
        rest = strip_parens(&n.alternate);
    }
    parts.push(cat!["else", cat![line, expression(rest)].nest()]);
    cat![comments(&n.tk_if), concat(parts).group()]
}

/// What follows `then` up to `else`.
fn branch(n: &ConditionalExpression, line: &Doc) -> Doc {
    cat![cat![line.clone(), expression(&n.consequent)].nest(), line.clone(), comments(&n.tk_else)]
}
