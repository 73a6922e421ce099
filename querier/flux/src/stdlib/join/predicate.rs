//! Which columns a join predicate compares.

use std::collections::BTreeSet;

use weir_flux_syntax::ast::{Expression, FunctionBody, LogicalOperator, Operator, Statement};
use weir_flux_syntax::walk::{Node, walk};

use crate::value::Function;

/// The pairs of columns, left and right, that `(l, r) => l.a == r.b and …` compares.
///
/// # Errors
/// What the predicate is other than such equalities.
pub(super) fn equalities(on: &Function) -> Result<Vec<(String, String)>, String> {
    let Some(closure) = on.closure() else { return Err("the predicate must be a function literal".into()) };
    let names: Vec<&str> = closure.literal.params.iter().map(|p| p.key.name()).collect();
    if names.len() != 2 || !names.contains(&"l") || !names.contains(&"r") {
        return Err("the predicate must take the parameters l and r".into());
    }
    let body = match &closure.literal.body {
        FunctionBody::Expression(e) => e,
        FunctionBody::Block(block) => match block.body.as_slice() {
            [Statement::Return(r)] => &r.argument,
            _ => return Err("the predicate must be a single expression".into()),
        },
    };
    let mut pairs = Vec::new();
    let mut pending = vec![body];
    while let Some(e) = pending.pop() {
        match e {
            Expression::Paren(p) => pending.push(&p.expression),
            Expression::Logical(l) if l.operator == LogicalOperator::And => {
                pending.extend([&l.right, &l.left])
            }
            Expression::Logical(_) => return Err(unsupported("unsupported operator in join predicate: or")),
            Expression::Binary(b) if b.operator == Operator::Equal => pairs.push(pair(&b.left, &b.right)?),
            Expression::Binary(b) => {
                return Err(unsupported(&format!(
                    "unsupported operator in join predicate: {}",
                    symbol(b.operator)
                )));
            }
            other => {
                let text = other.base().location.text();
                return Err(unsupported(&format!("illegal expression type in join predicate: {text}")));
            }
        }
    }
    Ok(pairs)
}

/// The columns of a parameter that a function literal names.
pub(super) fn members<'a>(function: &'a Function, param: &str) -> BTreeSet<&'a str> {
    let mut out = BTreeSet::new();
    let Some(closure) = function.closure() else { return out };
    let root = match &closure.literal.body {
        FunctionBody::Expression(e) => Node::Expression(e),
        FunctionBody::Block(b) => Node::Block(b),
    };
    walk(root, 0, &mut |node, _| {
        let member = match node {
            Node::Member(m) => Some(m),
            Node::Expression(Expression::Member(m)) => Some(&**m),
            _ => None,
        };
        if let Some(m) = member
            && matches!(&m.object, Expression::Identifier(id) if id.name == *param)
        {
            out.insert(m.property.name());
        }
        true
    });
    out
}

/// Whether a function's record is one of its parameters with other properties, or takes properties from it.
pub(super) fn names_rows(function: &Function, param: &str) -> bool {
    let Some(closure) = function.closure() else { return false };
    let extends = match &closure.literal.body {
        FunctionBody::Expression(e) => is_record_with(e, param),
        FunctionBody::Block(_) => false,
    };
    extends || !members(function, param).is_empty()
}

fn is_record_with(e: &Expression, param: &str) -> bool {
    match e {
        Expression::Paren(p) => is_record_with(&p.expression, param),
        Expression::Object(o) => o.with.as_ref().is_some_and(|with| *with.source.name == *param),
        _ => false,
    }
}

fn unsupported(what: &str) -> String {
    format!("some expressions are not yet supported in the `on` parameter: {what}")
}

fn pair(left: &Expression, right: &Expression) -> Result<(String, String), String> {
    match (member(left), member(right)) {
        (Some(("l", a)), Some(("r", b))) | (Some(("r", b)), Some(("l", a))) => {
            Ok((a.to_owned(), b.to_owned()))
        }
        (Some(_), Some(_)) => {
            Err(unsupported("binary expression operands must reference `l` or `r` only, one on each side"))
        }
        _ => Err(unsupported(
            "illegal expression type in join predicate: both sides must be columns of `l` and `r`",
        )),
    }
}

fn member(e: &Expression) -> Option<(&str, &str)> {
    match e {
        Expression::Paren(p) => member(&p.expression),
        Expression::Member(m) => match &m.object {
            Expression::Identifier(id) => Some((&id.name, m.property.name())),
            _ => None,
        },
        _ => None,
    }
}

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::LessThan => "<",
        Operator::LessThanEqual => "<=",
        Operator::GreaterThan => ">",
        Operator::GreaterThanEqual => ">=",
        Operator::RegexpMatch => "=~",
        Operator::NotRegexpMatch => "!~",
        _ => "arithmetic",
    }
}
