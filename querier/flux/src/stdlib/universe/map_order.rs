//! Which functions the reference computes column by column, which shows in the order of the columns.

use weir_flux_syntax::ast::{Expression, Operator};

use crate::rowfn::RowFunction;

/// Whether the columns of the new rows are put in the order of their labels. The reference computes simple functions
/// column by column, which keeps the columns where they are; rows that it makes one by one are records, whose
/// properties it goes through by name. Nulls are also read differently there.
pub(super) fn by_label(function: &RowFunction) -> bool {
    let Some(Expression::Object(record)) = function.body().map(inner) else { return true };
    let row = function.param();
    !record.properties.iter().all(|p| p.value.as_ref().is_some_and(|v| simple(v, row)))
}

/// Whether the new rows are the old ones, but for some of these columns.
pub(super) fn changes_only(function: &RowFunction, columns: &[&str]) -> bool {
    let Some(Expression::Object(record)) = function.body().map(inner) else { return false };
    record.with.as_ref().is_some_and(|with| *with.source.name == *function.param())
        && record.properties.iter().all(|p| columns.contains(&p.key.name()))
}

fn inner(mut e: &Expression) -> &Expression {
    while let Expression::Paren(p) = e {
        e = &p.expression;
    }
    e
}

/// Whether an expression takes nothing but columns, literals, operators, conditions and `float`.
fn simple(e: &Expression, row: &str) -> bool {
    let of_row = |e: &Expression| matches!(e, Expression::Identifier(i) if *i.name == *row);
    match inner(e) {
        Expression::Member(m) => of_row(inner(&m.object)),
        Expression::Binary(b) => {
            !matches!(b.operator, Operator::RegexpMatch | Operator::NotRegexpMatch)
                && simple(&b.left, row)
                && simple(&b.right, row)
        }
        Expression::Logical(l) => simple(&l.left, row) && simple(&l.right, row),
        Expression::Unary(u) => simple(&u.argument, row),
        Expression::Conditional(c) => {
            simple(&c.test, row) && simple(&c.consequent, row) && simple(&c.alternate, row)
        }
        Expression::Call(c) => {
            matches!(inner(&c.callee), Expression::Identifier(i) if *i.name == *"float")
                && c.arguments.iter().all(|a| match a {
                    Expression::Object(o) => {
                        o.properties.iter().all(|p| p.value.as_ref().is_some_and(|v| simple(v, row)))
                    }
                    _ => false,
                })
        }
        Expression::Identifier(i) => matches!(&*i.name, "true" | "false"),
        Expression::Integer(_)
        | Expression::Float(_)
        | Expression::StringLit(_)
        | Expression::Boolean(_)
        | Expression::DateTime(_) => true,
        _ => false,
    }
}
