//! WHERE: what it says about time, and what is left of it.

use jiff::tz::TimeZone;
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate};
use weir_influxql_syntax::{Expr, Op};

use crate::error::{InfluxQlError, Result};
use crate::time::{MAX_TIME, MIN_TIME, looks_like_time, parse_time};

/// A condition taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Split {
    /// The first time, `None` if it is not bounded.
    pub(crate) start: Option<i64>,
    /// The last time (inclusive), `None` if it is not bounded.
    pub(crate) end: Option<i64>,
    /// What is left, without time.
    pub(crate) rest: Option<Expr>,
}

/// What times mean: now, and the zone of texts without one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock<'a> {
    pub(crate) now: i64,
    pub(crate) zone: Option<&'a TimeZone>,
}

fn is_time(expr: &Expr) -> bool {
    matches!(expr.unparen(), Expr::VarRef { name, .. } if name.eq_ignore_ascii_case("time"))
}

/// Takes the bounds of time out of a condition. Bounds on both sides of an OR are those of an AND, as in the reference.
pub(crate) fn split(condition: Option<&Expr>, clock: Clock<'_>) -> Result<Split> {
    let mut out = Split { start: None, end: None, rest: None };
    if let Some(condition) = condition {
        out.rest = walk(condition, clock, &mut out)?;
    }
    Ok(out)
}

fn walk(expr: &Expr, clock: Clock<'_>, out: &mut Split) -> Result<Option<Expr>> {
    match expr {
        Expr::Paren(inner) => Ok(match walk(inner, clock, out)? {
            Some(e @ (Expr::Paren(_) | Expr::Boolean(_))) => Some(e),
            rest => rest.map(|e| Expr::Paren(Box::new(e))),
        }),
        Expr::Binary { op: op @ (Op::And | Op::Or), lhs, rhs } => {
            let (lhs, rhs) = (walk(lhs, clock, out)?, walk(rhs, clock, out)?);
            Ok(match (lhs, rhs) {
                (Some(a), Some(b)) => Some(Expr::binary(*op, a, b)),
                (a, b) => a.or(b),
            })
        }
        Expr::Binary { op, lhs, rhs } if op.is_comparison() => {
            let (op, other) = if is_time(lhs) {
                (*op, rhs)
            } else if is_time(rhs) {
                (mirrored(*op), lhs)
            } else {
                return Ok(Some(expr.clone()));
            };
            bound(op, other, clock, out)?;
            Ok(None)
        }
        Expr::Boolean(_) => Ok(Some(expr.clone())),
        other => Err(InfluxQlError::invalid(format!("invalid condition expression: {other}"))),
    }
}

fn mirrored(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        op => op,
    }
}

fn bound(op: Op, expr: &Expr, clock: Clock<'_>, out: &mut Split) -> Result<()> {
    let at = time_of(expr, clock)?;
    let raise = |old: &mut Option<i64>, new: i64| *old = Some(old.map_or(new, |o| o.max(new)));
    let lower = |old: &mut Option<i64>, new: i64| *old = Some(old.map_or(new, |o| o.min(new)));
    match op {
        Op::Eq => {
            raise(&mut out.start, at);
            lower(&mut out.end, at);
        }
        Op::Gt => raise(&mut out.start, at.saturating_add(1)),
        Op::Ge => raise(&mut out.start, at),
        Op::Lt => lower(&mut out.end, at.saturating_sub(1)),
        Op::Le => lower(&mut out.end, at),
        op => {
            return Err(InfluxQlError::invalid(format!("invalid time comparison operator: {}", op.symbol())));
        }
    }
    Ok(())
}

/// What an expression says as a time.
fn time_of(expr: &Expr, clock: Clock<'_>) -> Result<i64> {
    let incompatible = |kind: &str| {
        InfluxQlError::invalid(format!("invalid operation: time and *influxql.{kind} are not compatible"))
    };
    match expr.unparen() {
        Expr::Integer(v) | Expr::Duration(v) => Ok((*v).clamp(MIN_TIME, MAX_TIME)),
        Expr::Unsigned(_) => Ok(MAX_TIME),
        Expr::Number(v) => Ok(*v as i64),
        Expr::String(text) => parse_time(text, clock.zone).ok_or_else(|| {
            if looks_like_time(text) {
                InfluxQlError::invalid("invalid timestamp string")
            } else {
                incompatible("StringLiteral")
            }
        }),
        Expr::Call { name, args } if name == "now" && args.is_empty() => Ok(clock.now),
        Expr::Binary { op: op @ (Op::Add | Op::Sub), lhs, rhs } => {
            let (a, b) = (time_of(lhs, clock)?, time_of(rhs, clock)?);
            Ok(if *op == Op::Add { a.saturating_add(b) } else { a.saturating_sub(b) })
        }
        Expr::Binary { op: op @ (Op::Mul | Op::Div), lhs, rhs } => {
            let (a, b) = (time_of(lhs, clock)?, time_of(rhs, clock)?);
            Ok(if *op == Op::Mul { a.saturating_mul(b) } else { a.checked_div(b).unwrap_or(0) })
        }
        Expr::Regex(_) => Err(incompatible("RegexLiteral")),
        Expr::Boolean(_) => Err(incompatible("BooleanLiteral")),
        Expr::VarRef { .. } => Err(incompatible("VarRef")),
        Expr::Call { .. } => Err(incompatible("Call")),
        _ => Err(incompatible("BinaryExpr")),
    }
}

/// The condition as a predicate on tags, if it speaks of nothing else. What looks like a tag is taken for one; `names` are
/// these.
pub(crate) fn decided_by_tags(expr: &Expr, names: &mut Vec<String>) -> Option<Predicate> {
    fn whole(expr: &Expr) -> bool {
        match expr {
            Expr::Paren(e) => whole(e),
            Expr::Boolean(_) => true,
            Expr::Binary { op: Op::And | Op::Or, lhs, rhs } => whole(lhs) && whole(rhs),
            Expr::Binary { op: Op::Eq | Op::Ne | Op::Match | Op::NotMatch, lhs, rhs } => {
                let text = |e: &Expr| matches!(e, Expr::String(_) | Expr::Regex(_));
                let name = |e: &Expr| {
                    matches!(
                        e,
                        Expr::VarRef {
                            ty: weir_influxql_syntax::DataType::Any | weir_influxql_syntax::DataType::Tag,
                            ..
                        }
                    )
                };
                let (lhs, rhs) = (lhs.unparen(), rhs.unparen());
                (name(lhs) && text(rhs)) || (text(lhs) && name(rhs))
            }
            _ => false,
        }
    }
    if !whole(expr) {
        return None;
    }
    tag_predicate(expr, &|_| true, names)
}

/// What a condition says about tags alone, as a predicate that holds wherever the condition can hold, given which names
/// are tags. Names in `pushed` are those that it took for tags.
pub(crate) fn tag_predicate(
    expr: &Expr,
    is_tag: &dyn Fn(&str) -> bool,
    pushed: &mut Vec<String>,
) -> Option<Predicate> {
    match expr {
        Expr::Paren(e) => tag_predicate(e, is_tag, pushed),
        Expr::Boolean(b) => Some(Predicate::Constant(*b)),
        Expr::Binary { op: Op::And, lhs, rhs } => {
            match (tag_predicate(lhs, is_tag, pushed), tag_predicate(rhs, is_tag, pushed)) {
                (Some(a), Some(b)) => Some(a.and(b)),
                (a, b) => a.or(b),
            }
        }
        Expr::Binary { op: Op::Or, lhs, rhs } => {
            let mut both = Vec::new();
            let (a, b) = (tag_predicate(lhs, is_tag, &mut both)?, tag_predicate(rhs, is_tag, &mut both)?);
            pushed.append(&mut both);
            Some(Predicate::Or(vec![a, b]))
        }
        Expr::Binary { op, lhs, rhs } if op.is_comparison() => {
            let (name, other) = match (lhs.unparen(), rhs.unparen()) {
                (Expr::VarRef { name, .. }, other) | (other, Expr::VarRef { name, .. }) => (name, other),
                _ => return None,
            };
            if !is_tag(name) {
                return None;
            }
            let (op, literal) = match (op, other) {
                (Op::Eq, Expr::String(text)) => (CompareOp::Eq, Literal::String(text.clone())),
                (Op::Ne, Expr::String(text)) => (CompareOp::Ne, Literal::String(text.clone())),
                (Op::Match, Expr::Regex(text)) => {
                    (CompareOp::Match, Literal::Regex(regex::Regex::new(text).ok()?))
                }
                (Op::NotMatch, Expr::Regex(text)) => {
                    (CompareOp::NotMatch, Literal::Regex(regex::Regex::new(text).ok()?))
                }
                _ => return None,
            };
            pushed.push(name.clone());
            Some(Predicate::Compare { column: ColumnRef::Tag(name.clone()), op, literal })
        }
        _ => None,
    }
}
