//! Expressions over columns.

use std::sync::Arc;

use regex::Regex;
use weir_batch::FieldType;
use weir_influxql_syntax::{Expr, Op};

use crate::column::{Column, Value};

/// Where expressions find their columns.
pub(crate) trait Frame {
    fn rows(&self) -> usize;
    /// The column of a reference or of a call that has been computed already.
    fn column(&self, expr: &Expr) -> Option<Column>;
}

/// The functions that compute row by row.
pub(crate) fn is_math(name: &str) -> bool {
    matches!(
        name,
        "abs"
            | "sin"
            | "cos"
            | "tan"
            | "asin"
            | "acos"
            | "atan"
            | "atan2"
            | "exp"
            | "log"
            | "ln"
            | "log2"
            | "log10"
            | "sqrt"
            | "pow"
            | "floor"
            | "ceil"
            | "round"
    )
}

/// Evaluates an expression for all rows.
pub(crate) fn eval(expr: &Expr, frame: &dyn Frame) -> Column {
    let rows = frame.rows();
    match expr {
        Expr::Paren(e) => eval(e, frame),
        Expr::Number(v) => Column::repeat(&Value::Float(*v), rows),
        Expr::Integer(v) => Column::repeat(&Value::Integer(*v), rows),
        Expr::Duration(v) => Column::repeat(&Value::Integer(*v), rows),
        Expr::Unsigned(v) => Column::repeat(&Value::Unsigned(*v), rows),
        Expr::Boolean(v) => Column::repeat(&Value::Boolean(*v), rows),
        Expr::String(v) => Column::repeat(&Value::String(Arc::from(v.as_str())), rows),
        Expr::Call { name, args } if is_math(name) => {
            let args: Vec<Column> = args.iter().map(|a| eval(a, frame)).collect();
            math(name, &args, rows)
        }
        Expr::Binary { op: op @ (Op::Match | Op::NotMatch), lhs, rhs } => {
            let texts = eval(lhs, frame);
            let Expr::Regex(pattern) = rhs.unparen() else { return Column::Null(rows) };
            let Ok(regex) = Regex::new(pattern) else { return Column::Null(rows) };
            match texts {
                Column::String(v) => Column::Boolean(
                    v.iter().map(|t| t.as_ref().map(|t| regex.is_match(t) == (*op == Op::Match))).collect(),
                ),
                _ => Column::Null(rows),
            }
        }
        Expr::Binary { op, lhs, rhs } => {
            binary(*op, &eval(lhs, frame), &eval(rhs, frame), is_literal(lhs), is_literal(rhs))
        }
        other => frame.column(other).unwrap_or(Column::Null(rows)),
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr.unparen(), Expr::Integer(_) | Expr::Unsigned(_) | Expr::Number(_) | Expr::Duration(_))
}

fn zip<A: Clone, B: Clone, C>(
    a: &[Option<A>],
    b: &[Option<B>],
    f: impl Fn(A, B) -> Option<C>,
) -> Vec<Option<C>> {
    a.iter().zip(b).map(|(a, b)| f(a.clone()?, b.clone()?)).collect()
}

fn binary(op: Op, a: &Column, b: &Column, a_literal: bool, b_literal: bool) -> Column {
    use Column as C;
    let rows = a.len();
    match (a, b) {
        (C::Boolean(x), C::Boolean(y)) => match op {
            Op::And | Op::BitAnd => C::Boolean(zip(x, y, |a, b| Some(a && b))),
            Op::Or | Op::BitOr => C::Boolean(zip(x, y, |a, b| Some(a || b))),
            Op::BitXor | Op::Ne => C::Boolean(zip(x, y, |a, b| Some(a != b))),
            Op::Eq => C::Boolean(zip(x, y, |a, b| Some(a == b))),
            _ => C::Null(rows),
        },
        // A null is neither true nor false, and what is not true does not hold.
        (C::Boolean(x), C::Null(_)) | (C::Null(_), C::Boolean(x)) if matches!(op, Op::And | Op::Or) => {
            C::Boolean(x.iter().map(|v| if op == Op::Or { *v } else { Some(false) }).collect())
        }
        (C::String(x), C::String(y)) => match op {
            Op::Eq => C::Boolean(zip(x, y, |a, b| Some(a == b))),
            Op::Ne => C::Boolean(zip(x, y, |a, b| Some(a != b))),
            _ => C::Null(rows),
        },
        (C::Integer(x), C::Integer(y)) => integers(op, x, y),
        (C::Unsigned(x), C::Unsigned(y)) => unsigneds(op, x, y),
        (C::Unsigned(x), C::Integer(y)) if op.is_comparison() => {
            compare(op, x, y, |a, b| i128::from(a).cmp(&i128::from(b)))
        }
        (C::Integer(x), C::Unsigned(y)) if op.is_comparison() => {
            compare(op, x, y, |a, b| i128::from(a).cmp(&i128::from(b)))
        }
        (C::Unsigned(x), C::Integer(y)) if b_literal => {
            unsigneds(op, x, &y.iter().map(|v| v.map(|v| v as u64)).collect::<Vec<_>>())
        }
        (C::Integer(x), C::Unsigned(y)) if a_literal => {
            unsigneds(op, &x.iter().map(|v| v.map(|v| v as u64)).collect::<Vec<_>>(), y)
        }
        (C::Unsigned(x), C::Integer(y)) => {
            unsigneds(op, x, &y.iter().map(|v| v.map(|v| v as u64)).collect::<Vec<_>>())
        }
        (C::Integer(x), C::Unsigned(y)) => {
            unsigneds(op, &x.iter().map(|v| v.map(|v| v as u64)).collect::<Vec<_>>(), y)
        }
        (C::Float(_) | C::Integer(_) | C::Unsigned(_), C::Float(_) | C::Integer(_) | C::Unsigned(_)) => {
            floats(op, &a.floats(), &b.floats())
        }
        _ => C::Null(rows),
    }
}

fn compare<A: Copy, B: Copy>(
    op: Op,
    x: &[Option<A>],
    y: &[Option<B>],
    order: impl Fn(A, B) -> std::cmp::Ordering,
) -> Column {
    let rows = x.len();
    let with = |f: fn(std::cmp::Ordering) -> bool| Column::Boolean(zip(x, y, |a, b| Some(f(order(a, b)))));
    match op {
        Op::Eq => with(std::cmp::Ordering::is_eq),
        Op::Ne => with(std::cmp::Ordering::is_ne),
        Op::Lt => with(std::cmp::Ordering::is_lt),
        Op::Le => with(std::cmp::Ordering::is_le),
        Op::Gt => with(std::cmp::Ordering::is_gt),
        Op::Ge => with(std::cmp::Ordering::is_ge),
        _ => Column::Null(rows),
    }
}

fn integers(op: Op, x: &[Option<i64>], y: &[Option<i64>]) -> Column {
    let with = |f: fn(i64, i64) -> i64| Column::Integer(zip(x, y, |a, b| Some(f(a, b))));
    match op {
        Op::Add => with(i64::wrapping_add),
        Op::Sub => with(i64::wrapping_sub),
        Op::Mul => with(i64::wrapping_mul),
        Op::Mod => with(|a, b| if b == 0 { 0 } else { a.wrapping_rem(b) }),
        Op::BitAnd => with(|a, b| a & b),
        Op::BitOr => with(|a, b| a | b),
        Op::BitXor => with(|a, b| a ^ b),
        Op::Div => Column::Float(zip(x, y, |a, b| Some(if b == 0 { 0.0 } else { a as f64 / b as f64 }))),
        _ => compare(op, x, y, |a, b| a.cmp(&b)),
    }
}

fn unsigneds(op: Op, x: &[Option<u64>], y: &[Option<u64>]) -> Column {
    let with = |f: fn(u64, u64) -> u64| Column::Unsigned(zip(x, y, |a, b| Some(f(a, b))));
    match op {
        Op::Add => with(u64::wrapping_add),
        Op::Sub => with(u64::wrapping_sub),
        Op::Mul => with(u64::wrapping_mul),
        Op::Div => with(|a, b| a.checked_div(b).unwrap_or(0)),
        Op::Mod => with(|a, b| a.checked_rem(b).unwrap_or(0)),
        Op::BitAnd => with(|a, b| a & b),
        Op::BitOr => with(|a, b| a | b),
        Op::BitXor => with(|a, b| a ^ b),
        _ => compare(op, x, y, |a, b| a.cmp(&b)),
    }
}

fn floats(op: Op, x: &[Option<f64>], y: &[Option<f64>]) -> Column {
    let with = |f: fn(f64, f64) -> f64| Column::Float(zip(x, y, |a, b| Some(f(a, b))));
    let holds = |f: fn(&f64, &f64) -> bool| Column::Boolean(zip(x, y, |a, b| Some(f(&a, &b))));
    match op {
        Op::Add => with(|a, b| a + b),
        Op::Sub => with(|a, b| a - b),
        Op::Mul => with(|a, b| a * b),
        Op::Div => with(|a, b| if b == 0.0 { 0.0 } else { a / b }),
        Op::Mod => with(|a, b| a % b),
        Op::Eq => holds(f64::eq),
        Op::Ne => holds(f64::ne),
        Op::Lt => holds(f64::lt),
        Op::Le => holds(f64::le),
        Op::Gt => holds(f64::gt),
        Op::Ge => holds(f64::ge),
        _ => Column::Null(x.len()),
    }
}

fn math(name: &str, args: &[Column], rows: usize) -> Column {
    let Some(first) = args.first() else { return Column::Null(rows) };
    if !matches!(first.ty(), Some(FieldType::Float | FieldType::Integer | FieldType::Unsigned)) {
        return Column::Null(rows);
    }
    match (name, first) {
        ("abs", Column::Integer(v)) => {
            return Column::Integer(v.iter().map(|v| v.map(i64::wrapping_abs)).collect());
        }
        ("abs" | "floor" | "ceil" | "round", Column::Unsigned(_)) => return first.clone(),
        ("floor" | "ceil" | "round", Column::Integer(_)) => return first.clone(),
        ("pow", Column::Integer(x)) => {
            if let Some(Column::Integer(y)) = args.get(1) {
                return Column::Integer(zip(x, y, |a, b| Some((a as f64).powf(b as f64) as i64)));
            }
        }
        _ => {}
    }
    let x = first.floats();
    let one = |f: fn(f64) -> f64| Column::Float(x.iter().map(|v| v.map(f)).collect());
    let two = |f: fn(f64, f64) -> f64| {
        let y = args.get(1).map(Column::floats).unwrap_or_default();
        Column::Float(zip(&x, &y, |a, b| Some(f(a, b))))
    };
    match name {
        "abs" => one(f64::abs),
        "sin" => one(f64::sin),
        "cos" => one(f64::cos),
        "tan" => one(f64::tan),
        "asin" => one(f64::asin),
        "acos" => one(f64::acos),
        "atan" => one(f64::atan),
        "exp" => one(f64::exp),
        "ln" => one(f64::ln),
        "log2" => one(f64::log2),
        "log10" => one(f64::log10),
        "sqrt" => one(f64::sqrt),
        "floor" => one(f64::floor),
        "ceil" => one(f64::ceil),
        "round" => one(f64::round),
        "log" => two(|v, base| v.ln() / base.ln()),
        "pow" => two(f64::powf),
        "atan2" => two(f64::atan2),
        _ => Column::Null(rows),
    }
}
