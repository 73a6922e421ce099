//! Function literals.

use super::MAX_INLINE_ITEMS;
use super::comment::{comments, comments_below, trailing_comments};
use super::doc::{Doc, cat, comma_list, line, line_if, line_or_nothing_if, nil};
use super::expression::{expression, hang_expression};
use super::hang::{Hang, level, nested};
use super::precedence::{starts_with_brace, strip_parens};
use super::record::property_key;
use super::statement::block;
use crate::ast::{FunctionBody, FunctionExpression, Property};

pub(super) fn function(n: &FunctionExpression) -> Hang {
    let head = parameters(n);
    let before = comments(&n.lparen);
    match &n.body {
        FunctionBody::Expression(body) => {
            let body = strip_parens(body);
            let doc = expression(body);
            // Without parentheses a record would be read as a block.
            let doc = if starts_with_brace(body) { cat!["(", doc, ")"].group() } else { doc };
            Hang { affixes: vec![level(head, nil()), nested(before, nil())], body: cat![line(), doc] }
        }
        FunctionBody::Block(body) => {
            block(body).prepend(line()).within(nested(head, nil())).within(nested(before, nil()))
        }
    }
}

/// `(parameters) =>`.
fn parameters(n: &FunctionExpression) -> Doc {
    let hard = n.params.len() > MAX_INLINE_ITEMS;
    let edge = line_or_nothing_if(hard);
    let params = n.params.iter().map(|p| cat![parameter(p), trailing_comments(&p.comma)]);
    let first_edge = if n.params.is_empty() { nil() } else { edge.clone() };
    let list = cat![first_edge, comma_list(params, line_if(hard)), comments_below(&n.rparen)].nest();
    let gap = if n.arrow.is_empty() { line().group() } else { nil() };
    cat!["(", list, edge, ")", gap, trailing_comments(&n.arrow), "=>"].group()
}

fn parameter(n: &Property) -> Doc {
    let Some(value) = &n.value else { return property_key(&n.key) };
    let prefix = cat![property_key(&n.key), trailing_comments(&n.separator), "="];
    hang_expression(value).within(nested(prefix, nil())).doc()
}
