//! `filter` over a scan: the conjuncts that storage can decide are decided there.
//!
//! Pushable is what compares, on the left, a column of the row with a literal on the right: tags, `_measurement` and
//! `_field` by `== != =~ !~` with text; `_value` by any comparison with text, numbers and booleans; `exists r.tag`; and
//! `and`/`or` of such. `r.tag == ""` is not: storage does not tell an absent tag from an empty one. The same set as the
//! reference's, whose answers for series without the tag differ between pushed and unpushed predicates.
//!
//! Comparisons of tags with variables, which scripts of dashboards are full of, and `contains` of a tag in a set are
//! pushed down too, in a form that answers as they do elsewhere: nothing but `exists` holds of an absent tag.

use std::sync::Arc;

use weir_batch::{ColumnRef, CompareOp, Literal, Predicate};
use weir_flux_syntax::ast::{
    CallExpression, Expression, LogicalExpression, LogicalOperator, MemberExpression, Operator, UnaryOperator,
};

use super::Rule;
use crate::eval::Scope;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::filter::Filter;
use crate::value::Value;

/// See the module.
pub(super) struct FilterIntoScan;

impl Rule for FilterIntoScan {
    fn name(&self) -> &'static str {
        "PushDownFilterRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let filter = node.spec_as::<Filter>()?;
        let input = node.input()?;
        let scan = input.spec_as::<Scan>()?;
        if filter.keep_empty || shared(input) {
            return None;
        }
        let body = filter.remaining().or_else(|| filter.function.body().cloned())?;
        let row = Row {
            name: filter.function.param(),
            scope: filter.function.function().closure().map(|c| &c.scope),
        };
        let mut pushed = Predicate::TRUE;
        let mut rest: Vec<Expression> = Vec::new();
        let mut any = false;
        for conjunct in conjuncts(body) {
            match pushable(&conjunct, &row) {
                Some(p) => {
                    pushed = pushed.and(p);
                    any = true;
                }
                None => rest.push(conjunct),
            }
        }
        if !any {
            return None;
        }
        let scan = Scan { predicate: scan.predicate.clone().and(pushed), ..scan.clone() };
        let scan = Node::new(scan, Vec::new(), input.location.clone());
        match rest.into_iter().reduce(and) {
            None => Some(scan),
            Some(rest) => Some(Node::new(filter.with_rest(rest), vec![scan], node.location.clone())),
        }
    }
}

fn and(left: Expression, right: Expression) -> Expression {
    let base = left.base().clone();
    Expression::Logical(Box::new(LogicalExpression { base, operator: LogicalOperator::And, left, right }))
}

/// The parts of a conjunction.
fn conjuncts(e: Expression) -> Vec<Expression> {
    match e {
        Expression::Paren(p) => conjuncts(p.expression),
        Expression::Logical(l) if l.operator == LogicalOperator::And => {
            let mut parts = conjuncts(l.left);
            parts.extend(conjuncts(l.right));
            parts
        }
        other => vec![other],
    }
}

/// The row parameter, and the names that stand for values around the function.
struct Row<'a> {
    name: &'a str,
    scope: Option<&'a Scope>,
}

impl Row<'_> {
    /// The value of an expression that does not look at the row: a variable, or a field of one.
    fn value_of(&self, e: &Expression) -> Option<Value> {
        match e {
            Expression::Identifier(id) if id.name != self.name => self.scope?.bound(&id.name).cloned(),
            Expression::Member(m) => match self.value_of(&m.object)? {
                Value::Record(record) => record.get(m.property.name()).cloned(),
                _ => None,
            },
            _ => None,
        }
    }
}

fn pushable(e: &Expression, row: &Row<'_>) -> Option<Predicate> {
    match e {
        Expression::Paren(p) => pushable(&p.expression, row),
        Expression::Logical(l) => {
            let parts = vec![pushable(&l.left, row)?, pushable(&l.right, row)?];
            Some(match l.operator {
                LogicalOperator::And => Predicate::And(parts),
                LogicalOperator::Or => Predicate::Or(parts),
            })
        }
        Expression::Binary(b) => {
            let column = column(member(&b.left, row.name)?)?;
            let literal = literal(&b.right, row)?;
            let op = compare(b.operator)?;
            let text_only =
                matches!(op, CompareOp::Eq | CompareOp::Ne | CompareOp::Match | CompareOp::NotMatch);
            let variable = row.value_of(unwrapped(&b.right)).is_some();
            // A comparison with a value of another type is an error, unless it is one with a literal and so pushed down.
            if column == ColumnRef::Value && variable {
                return None;
            }
            if column != ColumnRef::Value {
                let text = matches!(literal, Literal::String(_) | Literal::Regex(_));
                if !text_only || !text || literal == Literal::String(String::new()) {
                    return None;
                }
            }
            // To storage an absent tag is the empty text, of which much more holds than of null.
            let present = match &column {
                ColumnRef::Tag(_) if variable && op != CompareOp::Eq => {
                    there_is(column.clone(), CompareOp::Ne)
                }
                _ => Predicate::TRUE,
            };
            Some(present.and(Predicate::Compare { column, op, literal }))
        }
        Expression::Call(c) => one_of(c, row),
        Expression::Unary(u) => match (u.operator, &u.argument) {
            (UnaryOperator::Exists, argument) => exists(argument, row, CompareOp::Ne),
            (UnaryOperator::Not, Expression::Unary(inner)) if inner.operator == UnaryOperator::Exists => {
                exists(&inner.argument, row, CompareOp::Eq)
            }
            _ => None,
        },
        _ => None,
    }
}

/// `contains(value: r.tag, set: […])`, where the set is of texts and none is empty.
fn one_of(c: &CallExpression, row: &Row<'_>) -> Option<Predicate> {
    let shadowed = row.scope.is_none_or(|s| s.bound("contains").is_some());
    let (Expression::Identifier(callee), [Expression::Object(arguments)]) =
        (&c.callee, c.arguments.as_slice())
    else {
        return None;
    };
    if shadowed || callee.name != "contains" || arguments.with.is_some() {
        return None;
    }
    let argument = |name: &str| arguments.properties.iter().find(|p| p.key.name() == name)?.value.as_ref();
    let column = column(member(argument("value")?, row.name)?)?;
    if column == ColumnRef::Value {
        return None;
    }
    let texts: Vec<String> = match argument("set")? {
        Expression::Array(a) => a
            .elements
            .iter()
            .map(|e| match literal(&e.expression, row)? {
                Literal::String(s) => Some(s),
                _ => None,
            })
            .collect::<Option<_>>()?,
        set => match row.value_of(set)? {
            Value::Array(items) => items
                .iter()
                .map(|v| match v {
                    Value::String(s) => Some(s.to_string()),
                    _ => None,
                })
                .collect::<Option<_>>()?,
            _ => return None,
        },
    };
    if texts.is_empty() || texts.iter().any(String::is_empty) {
        return None;
    }
    let equals = |text| Predicate::Compare {
        column: column.clone(),
        op: CompareOp::Eq,
        literal: Literal::String(text),
    };
    Some(Predicate::Or(texts.into_iter().map(equals).collect()))
}

fn exists(argument: &Expression, row: &Row<'_>, op: CompareOp) -> Option<Predicate> {
    match column(member(argument, row.name)?)? {
        column @ ColumnRef::Tag(_) => Some(there_is(column, op)),
        _ => None,
    }
}

/// Whether a tag is there (`!=`) or not (`==`).
fn there_is(column: ColumnRef, op: CompareOp) -> Predicate {
    Predicate::Compare { column, op, literal: Literal::String(String::new()) }
}

/// An expression without the parentheses around it.
fn unwrapped(e: &Expression) -> &Expression {
    match e {
        Expression::Paren(p) => unwrapped(&p.expression),
        e => e,
    }
}

fn member<'a>(e: &'a Expression, row: &str) -> Option<&'a MemberExpression> {
    match e {
        Expression::Paren(p) => member(&p.expression, row),
        Expression::Member(m) => match &m.object {
            Expression::Identifier(id) if id.name == row => Some(m),
            _ => None,
        },
        _ => None,
    }
}

/// The stored column behind a label. `_time`, `_start` and `_stop` are not decided by storage predicates.
fn column(m: &MemberExpression) -> Option<ColumnRef> {
    Some(match m.property.name() {
        "_measurement" => ColumnRef::Measurement,
        "_field" => ColumnRef::Field,
        "_value" => ColumnRef::Value,
        "_time" | "_start" | "_stop" => return None,
        tag => ColumnRef::Tag(tag.to_owned()),
    })
}

fn literal(e: &Expression, row: &Row<'_>) -> Option<Literal> {
    let e = unwrapped(e);
    if let Some(value) = row.value_of(e) {
        return match value {
            Value::String(s) => Some(Literal::String(s.to_string())),
            Value::Int(n) => Some(Literal::Integer(n)),
            Value::Float(n) => Some(Literal::Float(n)),
            Value::Bool(b) => Some(Literal::Boolean(b)),
            Value::Regexp(r) => Some(Literal::Regex(r.regex().clone())),
            _ => None,
        };
    }
    Some(match e {
        Expression::StringLit(s) => Literal::String(s.value.clone()),
        Expression::Integer(i) => Literal::Integer(i.value),
        Expression::Float(f) => Literal::Float(f.value),
        Expression::Boolean(b) => Literal::Boolean(b.value),
        Expression::Identifier(id) if id.name == "true" => Literal::Boolean(true),
        Expression::Identifier(id) if id.name == "false" => Literal::Boolean(false),
        Expression::Regexp(r) => Literal::Regex(regex::Regex::new(&crate::value::translate(&r.value)).ok()?),
        _ => return None,
    })
}

fn compare(operator: Operator) -> Option<CompareOp> {
    Some(match operator {
        Operator::Equal => CompareOp::Eq,
        Operator::NotEqual => CompareOp::Ne,
        Operator::LessThan => CompareOp::Lt,
        Operator::LessThanEqual => CompareOp::Le,
        Operator::GreaterThan => CompareOp::Gt,
        Operator::GreaterThanEqual => CompareOp::Ge,
        Operator::RegexpMatch => CompareOp::Match,
        Operator::NotRegexpMatch => CompareOp::NotMatch,
        _ => return None,
    })
}
