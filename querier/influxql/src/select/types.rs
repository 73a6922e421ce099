//! What types the columns of a SELECT have, and refusing what does not fit them.

use std::cell::OnceCell;

use weir_batch::{FieldType, SeriesKey};
use weir_influxql_syntax::{DataType, Expr, Field, Op};

use super::transform::is_transformation;
use super::{Input, Running};
use crate::column::Column;
use crate::env::Listing;
use crate::error::{InfluxQlError, Result};
use crate::eval::is_math;

/// The type of an expression; `None` where a name means nothing that there is.
type Type = Option<Kind>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Field(FieldType),
    Tag,
    Duration,
}

const FLOAT: Kind = Kind::Field(FieldType::Float);
const INTEGER: Kind = Kind::Field(FieldType::Integer);
const UNSIGNED: Kind = Kind::Field(FieldType::Unsigned);
const BOOLEAN: Kind = Kind::Field(FieldType::Boolean);
const STRING: Kind = Kind::Field(FieldType::String);

fn name_of(ty: Type) -> &'static str {
    match ty {
        Some(Kind::Field(ty)) => ty.as_str(),
        Some(Kind::Tag) => "tag",
        Some(Kind::Duration) => "duration",
        None => "unknown",
    }
}

impl Running<'_> {
    /// The columns of a subquery as their types say: a quotient of integers is an integer to the query around it, as
    /// users know it, though it is none where it is shown.
    pub(super) fn as_declared(&self, fields: &[Field], columns: Vec<Column>) -> Result<Vec<Column>> {
        let types = Types { running: self, listed: OnceCell::new(), error: OnceCell::new() };
        let declared = |(field, column): (&Field, Column)| {
            if !matches!(column, Column::Float(_)) || !matches!(field.expr.unparen(), Expr::Binary { .. }) {
                return Ok(column);
            }
            Ok(match types.of(&field.expr)? {
                Some(INTEGER) => column.cast(FieldType::Integer).unwrap_or(column),
                Some(UNSIGNED) => column.cast(FieldType::Unsigned).unwrap_or(column),
                _ => column,
            })
        };
        fields.iter().zip(columns).map(declared).collect()
    }

    /// Refuses expressions whose parts do not go together, and calls that do not take the type that they are given.
    pub(super) fn check_types(&self, fields: &[Field]) -> Result<()> {
        let types = Types { running: self, listed: OnceCell::new(), error: OnceCell::new() };
        for field in fields {
            types.of(&field.expr)?;
        }
        if !matches!(self.series, (0, 1..)) {
            for field in fields {
                types.check_calls(&field.expr)?;
            }
        }
        match types.error.into_inner() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

struct Types<'a> {
    running: &'a Running<'a>,
    listed: OnceCell<Vec<Listing>>,
    error: OnceCell<InfluxQlError>,
}

impl Types<'_> {
    /// Whether there is a series for which the condition can hold.
    fn any_series(&self) -> bool {
        let running = self.running;
        let read = running.inputs.iter().any(|input| match input {
            Input::Measurements(loaded) => !loaded.series.is_empty(),
            Input::Summed(summed) => !summed.is_empty(),
            Input::Subquery(_) => true,
        });
        let range = (running.start, running.end);
        let is_field = |name: &str| self.listed().iter().any(|l| l.fields.contains_key(name));
        read || running.measured.iter().any(|(bucket, names)| {
            let tags = running.rest.as_ref().map(|rest| (rest, &is_field as &dyn Fn(&str) -> bool));
            let listed = crate::meta::listing(running.run, *bucket, names, range, tags);
            listed.is_ok_and(|listed| listed.values().any(|l| !l.series.is_empty()))
        })
    }

    /// What there is of the measurements; asked only for names that no row told of.
    fn listed(&self) -> &[Listing] {
        self.listed.get_or_init(|| {
            let range = (self.running.start, self.running.end);
            let mut out = Vec::new();
            for (bucket, names) in &self.running.measured {
                match crate::meta::listing(self.running.run, *bucket, names, range, None) {
                    Ok(found) => out.extend(found.into_values()),
                    Err(error) => {
                        let _ = self.error.set(error);
                    }
                }
            }
            out
        })
    }

    fn of_name(&self, name: &str, ty: DataType) -> Type {
        match ty {
            DataType::Tag => return Some(Kind::Tag),
            DataType::Any | DataType::Field => {}
            cast => return super::field_type(cast).map(Kind::Field),
        }
        let mut found: Option<FieldType> = None;
        let widest = |known: Option<FieldType>, ty: FieldType| {
            Some(known.filter(|f| crate::env::rank(*f) <= crate::env::rank(ty)).unwrap_or(ty))
        };
        let mut tag = false;
        for input in &self.running.inputs {
            match input {
                Input::Measurements(loaded) => {
                    if let Some(ty) = loaded.types.get(name) {
                        found = widest(found, *ty);
                    }
                    tag |= loaded.series.iter().any(|s| s.tag(name).is_some());
                }
                Input::Summed(summed) => {
                    if let Some(ty) = summed.type_of(name) {
                        found = widest(found, ty);
                    }
                }
                Input::Subquery(output) => {
                    let at = output.names.iter().position(|n| n == name);
                    if let Some(ty) = at.and_then(|i| output.columns[i].ty()) {
                        found = widest(found, ty);
                    } else if at.is_none() && output.dims.iter().any(|d| d == name) {
                        tag = true;
                    }
                }
            }
        }
        if found.is_none() && !tag && !self.running.measured.is_empty() {
            for listing in self.listed() {
                if let Some(ty) = listing.fields.get(name) {
                    found = widest(found, *ty);
                }
                tag |= listing.series.iter().any(|key| SeriesKey(key).tag(name).is_some());
            }
        }
        found.map(Kind::Field).or(tag.then_some(Kind::Tag))
    }

    fn of(&self, expr: &Expr) -> Result<Type> {
        Ok(match expr {
            Expr::Paren(e) => self.of(e)?,
            Expr::VarRef { name, ty } => self.of_name(name, *ty),
            Expr::Number(_) => Some(FLOAT),
            Expr::Integer(_) => Some(INTEGER),
            Expr::Unsigned(_) => Some(UNSIGNED),
            Expr::String(_) => Some(STRING),
            Expr::Boolean(_) => Some(BOOLEAN),
            Expr::Duration(_) => Some(Kind::Duration),
            Expr::Call { name, args } if is_math(name) => self.of_math(name, args)?,
            Expr::Call { name, args } => self.of_call(name, args)?,
            Expr::Binary { op, lhs, rhs } => {
                let (a, b) = (self.of(lhs)?, self.of(rhs)?);
                let refused = |why: String| {
                    let shown = self.typed(expr);
                    Err(InfluxQlError::invalid(format!("type error: {shown}: {why}")))
                };
                if let (Some(UNSIGNED), Some(INTEGER)) | (Some(INTEGER), Some(UNSIGNED)) = (a, b) {
                    let (unsigned, integer) = if a == Some(UNSIGNED) { (lhs, rhs) } else { (rhs, lhs) };
                    if matches!(unsigned.unparen(), Expr::Unsigned(_)) {
                        return refused(format!(
                            "cannot use {} with an integer and unsigned literal",
                            op.symbol()
                        ));
                    }
                    if !is_literal(integer) {
                        return refused(format!(
                            "cannot use {} between an integer and unsigned, an explicit cast is required",
                            op.symbol()
                        ));
                    }
                }
                match (a, b) {
                    (None | Some(Kind::Duration), other) | (other, None | Some(Kind::Duration)) => other,
                    (Some(x), Some(y)) => match result(*op, x, y) {
                        Some(ty) => Some(ty),
                        None => {
                            return refused(format!("incompatible types: {} and {}", name_of(a), name_of(b)));
                        }
                    },
                }
            }
            _ => None,
        })
    }

    fn of_math(&self, name: &str, args: &[Expr]) -> Result<Type> {
        let types = args.iter().map(|a| self.of(a)).collect::<Result<Vec<_>>>()?;
        Ok(match types.first() {
            Some(first) if matches!(name, "abs" | "floor" | "ceil" | "round") => *first,
            _ => Some(FLOAT),
        })
    }

    fn of_call(&self, name: &str, args: &[Expr]) -> Result<Type> {
        let first = match args.first() {
            Some(arg) => self.of(arg)?,
            None => None,
        };
        Ok(match name {
            "count" | "elapsed" | "count_hll" => Some(INTEGER),
            "min"
            | "max"
            | "sum"
            | "first"
            | "last"
            | "mode"
            | "spread"
            | "distinct"
            | "percentile"
            | "sample"
            | "top"
            | "bottom"
            | "difference"
            | "non_negative_difference"
            | "cumulative_sum" => first,
            _ => Some(FLOAT),
        })
    }

    /// The same with types written behind names.
    fn typed(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::VarRef { name, .. } => {
                let ty = match self.of(expr) {
                    Ok(Some(Kind::Field(ty))) => match ty {
                        FieldType::Float => DataType::Float,
                        FieldType::Integer => DataType::Integer,
                        FieldType::Unsigned => DataType::Unsigned,
                        FieldType::String => DataType::String,
                        FieldType::Boolean => DataType::Boolean,
                    },
                    Ok(Some(Kind::Tag)) => DataType::Tag,
                    _ => DataType::Any,
                };
                Expr::VarRef { name: name.clone(), ty }
            }
            Expr::Paren(e) => Expr::Paren(Box::new(self.typed(e))),
            Expr::Binary { op, lhs, rhs } => Expr::binary(*op, self.typed(lhs), self.typed(rhs)),
            Expr::Call { name, args } => {
                Expr::Call { name: name.clone(), args: args.iter().map(|a| self.typed(a)).collect() }
            }
            other => other.clone(),
        }
    }

    /// Refuses texts and booleans where a call counts, outermost call last.
    fn check_calls(&self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::Paren(e) => self.check_calls(e),
            Expr::Binary { lhs, rhs, .. } => {
                self.check_calls(lhs)?;
                self.check_calls(rhs)
            }
            Expr::Call { name, args } if is_math(name) => args.iter().try_for_each(|a| self.check_calls(a)),
            Expr::Call { name, args } => {
                let Some(first) = args.first() else { return Ok(()) };
                if let Expr::Call { .. } = first {
                    self.check_calls(first)?;
                }
                let any = matches!(
                    name.as_str(),
                    "count"
                        | "count_hll"
                        | "mode"
                        | "first"
                        | "last"
                        | "distinct"
                        | "sample"
                        | "elapsed"
                        | "sum_hll"
                        | "merge_hll"
                );
                if any {
                    return Ok(());
                }
                let kind = match self.of(first)? {
                    Some(STRING) => "string",
                    Some(BOOLEAN) if !matches!(name.as_str(), "min" | "max") => "boolean",
                    _ => return Ok(()),
                };
                // Without a series to call it for, nothing is called.
                if !self.any_series() {
                    return Ok(());
                }
                let name = match name.as_str() {
                    "top" if args.len() > 2 => "max",
                    "bottom" if args.len() > 2 => "min",
                    name if is_transformation(name) => spoken(name),
                    name => name,
                };
                Err(InfluxQlError::invalid(format!(
                    "unsupported {name} iterator type: *query.{kind}InterruptIterator"
                )))
            }
            _ => Ok(()),
        }
    }
}

/// How messages speak of a transformation.
pub(super) fn spoken(name: &str) -> &str {
    match name {
        "moving_average" => "moving average",
        "cumulative_sum" => "cumulative sum",
        "exponential_moving_average" => "exponential moving average",
        "double_exponential_moving_average" => "double exponential moving average",
        "triple_exponential_moving_average" => "triple exponential moving average",
        "triple_exponential_derivative" => "triple exponential derivative",
        "relative_strength_index" => "relative strength index",
        "kaufmans_efficiency_ratio" => "kaufmans efficiency ratio",
        "kaufmans_adaptive_moving_average" => "kaufmans adaptive moving average",
        "chande_momentum_oscillator" => "chande momentum oscillator",
        "non_negative_derivative" => "derivative",
        "non_negative_difference" => "difference",
        other => other,
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr.unparen(),
        Expr::Integer(_)
            | Expr::Unsigned(_)
            | Expr::Number(_)
            | Expr::Duration(_)
            | Expr::String(_)
            | Expr::Boolean(_)
    )
}

/// The type of an operation, `None` if there is none between such types.
fn result(op: Op, a: Kind, b: Kind) -> Type {
    let number = |k: Kind| matches!(k, FLOAT | INTEGER | UNSIGNED);
    let whole = |k: Kind| matches!(k, INTEGER | UNSIGNED);
    match op {
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod if number(a) && number(b) => Some(widest(a, b)),
        Op::BitAnd | Op::BitOr | Op::BitXor if whole(a) && whole(b) => Some(widest(a, b)),
        Op::BitAnd | Op::BitOr | Op::BitXor if a == BOOLEAN && b == BOOLEAN => Some(BOOLEAN),
        op if op.is_comparison() || op.precedence() < 3 => Some(BOOLEAN),
        _ => None,
    }
}

fn widest(a: Kind, b: Kind) -> Kind {
    [FLOAT, UNSIGNED, INTEGER].into_iter().find(|t| a == *t || b == *t).unwrap_or(FLOAT)
}
