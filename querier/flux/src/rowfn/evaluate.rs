//! The vectorized evaluator.

use std::sync::Arc;

use weir_flux_syntax::ast::{
    CallExpression, Expression, FunctionBody, LogicalOperator, ObjectExpression, Statement,
    StringExpressionPart, UnaryOperator,
};
use weir_table::TableBatch;

use super::column::Vector;
use super::{RowFunction, kernels};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context, Scope};
use crate::value::{Function, Value};

/// Names that stand for vectors, over an ordinary scope.
struct Frame<'a> {
    batch: &'a TableBatch,
    cx: &'a Context,
    /// The row parameter of this function, if the row itself was passed.
    row: Option<&'a str>,
    vectors: Vec<(&'a str, Vector)>,
    scope: &'a Scope,
}

/// Evaluates a row function for all rows. An error may be one that no row has: the caller starts again row by row.
pub(super) fn evaluate(function: &RowFunction, batch: &TableBatch) -> Result<Vector> {
    let closure = function.function().closure().ok_or_else(fallback)?;
    let body = function.body().ok_or_else(fallback)?;
    if closure.literal.params.iter().skip(1).any(|p| p.value.is_none()) {
        return Err(fallback());
    }
    let frame = Frame {
        batch,
        cx: function.context(),
        row: Some(function.param()),
        vectors: Vec::new(),
        scope: &closure.scope,
    };
    frame.eval(body)
}

/// Evaluates a function of several records for all rows. The caller falls back as that of [`evaluate`] does.
pub(super) fn evaluate_records(
    function: &Function,
    cx: &Context,
    batch: &TableBatch,
    arguments: &[(&str, Vector)],
) -> Result<Vector> {
    let closure = function.closure().ok_or_else(fallback)?;
    let body = match &closure.literal.body {
        FunctionBody::Expression(e) => e,
        FunctionBody::Block(block) => match block.body.as_slice() {
            [Statement::Return(r)] => &r.argument,
            _ => return Err(fallback()),
        },
    };
    let vectors: Vec<_> = arguments.iter().map(|(name, v)| (*name, v.clone())).collect();
    let known = |name: &str| vectors.iter().any(|(n, _)| *n == name);
    if closure.literal.params.iter().any(|p| !known(p.key.name())) {
        return Err(fallback());
    }
    Frame { batch, cx, row: None, vectors, scope: &closure.scope }.eval(body)
}

fn fallback() -> FluxError {
    FluxError::internal("not vectorized")
}

impl<'a> Frame<'a> {
    fn eval(&self, e: &'a Expression) -> Result<Vector> {
        Ok(match e {
            Expression::Paren(e) => self.eval(&e.expression)?,
            Expression::Identifier(id) => self.name(&id.name)?,
            Expression::Member(m) => match &m.object {
                Expression::Identifier(id) if self.is_row(&id.name) => self.column(m.property.name()),
                object => match self.eval(object)? {
                    Vector::Const(v) => Vector::Const(crate::eval_member(&v, m.property.name(), self.cx)?),
                    Vector::Record(columns) => columns
                        .into_iter()
                        .find(|(k, _)| &**k == m.property.name())
                        .map_or(Vector::Const(Value::Null(None)), |(_, v)| v),
                    _ => return Err(fallback()),
                },
            },
            Expression::Binary(b) => {
                kernels::binary(b.operator, &self.eval(&b.left)?, &self.eval(&b.right)?, self.batch)?
            }
            Expression::Logical(l) => {
                let left = self.eval(&l.left)?;
                match (&left, l.operator) {
                    (Vector::Const(Value::Bool(false)), LogicalOperator::And)
                    | (Vector::Const(Value::Bool(true)), LogicalOperator::Or) => left,
                    _ => kernels::logical(l.operator, &left, &self.eval(&l.right)?, self.batch)?,
                }
            }
            Expression::Unary(u) => {
                let argument = self.eval(&u.argument)?;
                match u.operator {
                    UnaryOperator::Exists => kernels::exists(&argument, self.batch),
                    operator => kernels::unary(operator, &argument, self.batch)?,
                }
            }
            Expression::Conditional(c) => match self.eval(&c.test)? {
                Vector::Const(Value::Bool(true)) => self.eval(&c.consequent)?,
                Vector::Const(Value::Bool(false) | Value::Null(_)) => self.eval(&c.alternate)?,
                test => {
                    kernels::choose(&test, &self.eval(&c.consequent)?, &self.eval(&c.alternate)?, self.batch)?
                }
            },
            Expression::Object(o) => self.object(o)?,
            Expression::Call(c) => self.call(c, None)?,
            Expression::Pipe(p) => {
                let piped = self.eval(&p.argument)?;
                self.call(&p.call, Some(piped))?
            }
            Expression::String(s) => {
                let mut parts = Vec::with_capacity(s.parts.len());
                for part in &s.parts {
                    parts.push(match part {
                        StringExpressionPart::Text(t) => Vector::Const(Value::string(t.value.as_str())),
                        StringExpressionPart::Interpolated(p) => self.eval(&p.expression)?,
                    });
                }
                kernels::per_row(&parts, self.batch, |values| {
                    let mut out = String::new();
                    values.iter().try_for_each(|v| crate::push_interpolated(&mut out, v))?;
                    Ok(Value::String(out.into()))
                })?
            }
            Expression::Array(a) => {
                let items: Result<Vec<_>> = a.elements.iter().map(|i| self.eval(&i.expression)).collect();
                kernels::per_row(&items?, self.batch, |values| Ok(Value::array(values.to_vec())))?
            }
            Expression::Index(i) => {
                let parts = [self.eval(&i.array)?, self.eval(&i.index)?];
                match &parts {
                    [Vector::Const(Value::Array(_)), _] | [Vector::Values(_), _] => {
                        kernels::per_row(&parts, self.batch, |v| match (&v[0], &v[1]) {
                            (Value::Array(items), Value::Int(n)) => usize::try_from(*n)
                                .ok()
                                .and_then(|n| items.get(n))
                                .cloned()
                                .ok_or_else(fallback),
                            _ => Err(fallback()),
                        })?
                    }
                    _ => return Err(fallback()),
                }
            }
            // Literals, and expressions that do not look at the row at all.
            Expression::Integer(_)
            | Expression::Uint(_)
            | Expression::Float(_)
            | Expression::StringLit(_)
            | Expression::Boolean(_)
            | Expression::Duration(_)
            | Expression::DateTime(_)
            | Expression::Regexp(_)
            | Expression::Label(_) => Vector::Const(self.cx.eval(e, self.scope)?),
            _ => return Err(fallback()),
        })
    }

    fn is_row(&self, name: &str) -> bool {
        self.row == Some(name) && !self.vectors.iter().any(|(n, _)| *n == name)
    }

    fn name(&self, name: &str) -> Result<Vector> {
        if let Some((_, v)) = self.vectors.iter().rev().find(|(n, _)| *n == name) {
            return Ok(v.clone());
        }
        if self.is_row(name) {
            return Ok(Vector::Record(self.all_columns()));
        }
        Ok(Vector::Const(self.scope.lookup(name, self.cx)?))
    }

    fn column(&self, label: &str) -> Vector {
        match self.batch.column(label) {
            Some(c) => Vector::of_column(c),
            None => Vector::Const(Value::Null(None)),
        }
    }

    fn all_columns(&self) -> super::RecordColumns {
        self.batch.columns.iter().map(|c| (Arc::clone(&c.label), Vector::of_column(c))).collect()
    }

    fn object(&self, o: &'a ObjectExpression) -> Result<Vector> {
        let mut columns = match &o.with {
            None => Vec::new(),
            Some(with) => self.name(&with.source.name)?.into_record()?,
        };
        for p in &o.properties {
            let value = match &p.value {
                Some(value) => self.eval(value)?,
                None => self.name(p.key.name())?,
            };
            match columns.iter_mut().find(|(k, _)| &**k == p.key.name()) {
                Some((_, v)) => *v = value,
                None => columns.push((p.key.name().into(), value)),
            }
        }
        Ok(Vector::Record(columns))
    }

    fn call(&self, c: &'a CallExpression, piped: Option<Vector>) -> Result<Vector> {
        let Vector::Const(Value::Function(function)) = self.eval(&c.callee)? else { return Err(fallback()) };
        let named = match c.arguments.first() {
            Some(Expression::Object(o)) => match self.object(o)? {
                Vector::Record(columns) => columns,
                _ => return Err(fallback()),
            },
            _ => Vec::new(),
        };
        match &function {
            Function::Closure(closure) => {
                let FunctionBody::Expression(body) = &closure.literal.body else { return Err(fallback()) };
                let mut vectors = Vec::new();
                for param in &closure.literal.params {
                    let name = param.key.name();
                    let is_pipe = matches!(param.value, Some(Expression::PipeLit(_)));
                    let given = named.iter().find(|(k, _)| &**k == name).map(|(_, v)| v.clone());
                    let given = given.or_else(|| if is_pipe { piped.clone() } else { None });
                    let value = match (given, &param.value) {
                        (Some(v), _) => v,
                        (None, Some(default)) if !is_pipe => {
                            Vector::Const(self.cx.eval(default, &closure.scope)?)
                        }
                        _ => return Err(fallback()),
                    };
                    vectors.push((name, value));
                }
                let frame =
                    Frame { batch: self.batch, cx: self.cx, row: None, vectors, scope: &closure.scope };
                frame.eval(body)
            }
            _ => {
                if let Some(v) = kernels::conversion(&function, &named, self.batch)? {
                    return Ok(v);
                }
                let (labels, mut vectors): (Vec<_>, Vec<_>) = named.into_iter().unzip();
                let has_pipe = piped.is_some();
                vectors.extend(piped);
                kernels::per_row(&vectors, self.batch, |values| {
                    let mut args = Args::new(labels.iter().cloned().zip(values.iter().cloned()));
                    if has_pipe {
                        args = args.piped(values[values.len() - 1].clone());
                    }
                    self.cx.call(&function, args)
                })
            }
        }
    }
}
