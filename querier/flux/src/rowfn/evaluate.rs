//! The vectorized evaluator.

use std::sync::Arc;

use weir_flux_syntax::ast::{
    CallExpression, ConditionalExpression, Expression, FunctionBody, LogicalExpression, LogicalOperator,
    ObjectExpression, Statement, StringExpressionPart, UnaryOperator,
};
use weir_table::TableBatch;

use super::column::Vector;
use super::pure::is_pure;
use super::rows::Rows;
use super::{RecordColumns, RowFunction, kernels};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context, Scope};
use crate::value::{Closure, Function, Value};

/// Names that stand for vectors, over an ordinary scope.
struct Frame<'a> {
    cx: &'a Context,
    /// The row parameter of this function, if the row itself was passed.
    row: Option<&'a str>,
    vectors: Vec<(&'a str, Vector)>,
    scope: &'a Scope,
}

/// Evaluates a row function for all rows. An error may be one that no row has: the caller starts again row by row.
pub(super) fn evaluate(function: &RowFunction, batch: &TableBatch) -> Result<Vector> {
    let closure = function.function().closure().ok_or_else(fallback)?;
    if closure.literal.params.iter().skip(1).any(|p| p.value.is_none()) {
        return Err(fallback());
    }
    let cx = function.context();
    let frame = Frame { cx, row: Some(function.param()), vectors: Vec::new(), scope: &closure.scope };
    frame.body(&closure.literal.body, &Rows::all(batch))
}

/// Evaluates a function of several records for all rows. The caller falls back as that of [`evaluate`] does.
pub(super) fn evaluate_records(
    function: &Function,
    cx: &Context,
    batch: &TableBatch,
    arguments: &[(&str, Vector)],
) -> Result<Vector> {
    let closure = function.closure().ok_or_else(fallback)?;
    let vectors: Vec<_> = arguments.iter().map(|(name, v)| (*name, v.clone())).collect();
    let known = |name: &str| vectors.iter().any(|(n, _)| *n == name);
    if closure.literal.params.iter().any(|p| !known(p.key.name())) {
        return Err(fallback());
    }
    let frame = Frame { cx, row: None, vectors, scope: &closure.scope };
    frame.body(&closure.literal.body, &Rows::all(batch))
}

fn fallback() -> FluxError {
    FluxError::internal("not vectorized")
}

impl<'a> Frame<'a> {
    /// An expression, or names given to values and an expression.
    fn body(mut self, body: &'a FunctionBody, rows: &Rows<'_>) -> Result<Vector> {
        let block = match body {
            FunctionBody::Expression(e) => return self.eval(e, rows),
            FunctionBody::Block(block) => block,
        };
        for statement in &block.body {
            match statement {
                Statement::Variable(v) => {
                    let value = self.eval(&v.init, rows)?;
                    self.vectors.push((v.id.name.as_str(), value));
                }
                Statement::Return(r) => return self.eval(&r.argument, rows),
                _ => break,
            }
        }
        Err(fallback())
    }

    fn eval(&self, e: &'a Expression, rows: &Rows<'_>) -> Result<Vector> {
        Ok(match e {
            Expression::Paren(e) => self.eval(&e.expression, rows)?,
            Expression::Identifier(id) => self.name(&id.name, rows)?,
            Expression::Member(m) => self.member(&m.object, m.property.name(), rows)?,
            Expression::Binary(b) => {
                kernels::binary(b.operator, &self.eval(&b.left, rows)?, &self.eval(&b.right, rows)?, rows)?
            }
            Expression::Logical(l) => self.logical(l, rows)?,
            Expression::Unary(u) => {
                let argument = self.eval(&u.argument, rows)?;
                match u.operator {
                    UnaryOperator::Exists => kernels::exists(&argument),
                    operator => kernels::unary(operator, &argument, rows)?,
                }
            }
            Expression::Conditional(c) => self.conditional(c, rows)?,
            Expression::Object(o) => self.object(o, rows)?,
            Expression::Call(c) => self.call(c, None, rows)?,
            Expression::Pipe(p) => {
                let piped = self.eval(&p.argument, rows)?;
                self.call(&p.call, Some(piped), rows)?
            }
            Expression::String(s) => {
                let mut parts = Vec::with_capacity(s.parts.len());
                for part in &s.parts {
                    parts.push(match part {
                        StringExpressionPart::Text(t) => Vector::Const(Value::string(t.value.as_str())),
                        StringExpressionPart::Interpolated(p) => self.eval(&p.expression, rows)?,
                    });
                }
                if let Some(text) = kernels::interpolated(&parts, rows)? {
                    return Ok(text);
                }
                kernels::per_row(&parts, rows, |values| {
                    let mut out = String::new();
                    values.iter().try_for_each(|v| crate::push_interpolated(&mut out, v))?;
                    Ok(Value::String(out.into()))
                })?
            }
            Expression::Array(a) => {
                let items: Result<Vec<_>> =
                    a.elements.iter().map(|i| self.eval(&i.expression, rows)).collect();
                kernels::per_row(&items?, rows, |values| Ok(Value::array(values.to_vec())))?
            }
            Expression::Index(i) => {
                let parts = [self.eval(&i.array, rows)?, self.eval(&i.index, rows)?];
                match &parts {
                    [Vector::Const(Value::Array(_)), _] | [Vector::Values(_), _] => {
                        kernels::per_row(&parts, rows, |v| match (&v[0], &v[1]) {
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

    fn member(&self, object: &'a Expression, label: &str, rows: &Rows<'_>) -> Result<Vector> {
        let of_record = |columns: &RecordColumns| {
            let found = columns.iter().find(|(k, _)| **k == *label);
            found.map_or(Vector::Const(Value::Null(None)), |(_, v)| v.clone())
        };
        if let Expression::Identifier(id) = object {
            if self.is_row(&id.name) {
                return Ok(match rows.batch().column(label) {
                    Some(c) => Vector::of_column(c),
                    None => Vector::Const(Value::Null(None)),
                });
            }
            if let Some((_, Vector::Record(columns))) = self.vectors.iter().rev().find(|(n, _)| *n == id.name)
            {
                return Ok(of_record(columns));
            }
        }
        match self.eval(object, rows)? {
            Vector::Const(v) => Ok(Vector::Const(crate::eval_member(&v, label, self.cx)?)),
            Vector::Record(columns) => Ok(of_record(&columns)),
            _ => Err(fallback()),
        }
    }

    /// The right side is evaluated for rows that the left one does not decide.
    fn logical(&self, l: &'a LogicalExpression, rows: &Rows<'_>) -> Result<Vector> {
        let left = self.eval(&l.left, rows)?;
        let null_is_false = self.cx.reads_null_as_false();
        match (&left, l.operator) {
            (Vector::Const(Value::Bool(false)), LogicalOperator::And)
            | (Vector::Const(Value::Bool(true)), LogicalOperator::Or) => return Ok(left),
            (Vector::Const(Value::Null(_)), LogicalOperator::And) if null_is_false => {
                return Ok(Vector::Const(Value::Bool(false)));
            }
            (Vector::Const(_), _) => {
                let right = self.eval(&l.right, rows)?;
                return kernels::logical(l.operator, &left, &right, null_is_false, rows);
            }
            _ => {}
        }
        let truth = kernels::truth(&left, rows).ok_or_else(fallback)?;
        let undecided = match l.operator {
            LogicalOperator::And if null_is_false => truth.yes,
            LogicalOperator::And => !&truth.no,
            LogicalOperator::Or => !&truth.yes,
        };
        let others = rows.among(&undecided);
        let right = match (others.any(), l.operator) {
            (true, _) => self.eval(&l.right, &others)?,
            (false, LogicalOperator::And) => Vector::Const(Value::Bool(true)),
            (false, LogicalOperator::Or) => Vector::Const(Value::Bool(false)),
        };
        kernels::logical(l.operator, &left, &right, null_is_false, rows)
    }

    /// Each branch is evaluated for the rows that take it.
    fn conditional(&self, c: &'a ConditionalExpression, rows: &Rows<'_>) -> Result<Vector> {
        let test = self.eval(&c.test, rows)?;
        match test {
            Vector::Const(Value::Bool(true)) => return self.eval(&c.consequent, rows),
            Vector::Const(Value::Bool(false) | Value::Null(_)) => return self.eval(&c.alternate, rows),
            _ => {}
        }
        let holds = kernels::truth(&test, rows).ok_or_else(fallback)?.yes;
        let (chosen, others) = (rows.among(&holds), rows.among(&!&holds));
        match (chosen.any(), others.any()) {
            (true, false) => self.eval(&c.consequent, rows),
            (false, true) => self.eval(&c.alternate, rows),
            (false, false) => Ok(Vector::Const(Value::Null(None))),
            (true, true) => {
                let (yes, no) = (self.eval(&c.consequent, &chosen)?, self.eval(&c.alternate, &others)?);
                kernels::choose(&holds, &yes, &no, rows)
            }
        }
    }

    fn is_row(&self, name: &str) -> bool {
        self.row == Some(name) && !self.vectors.iter().any(|(n, _)| *n == name)
    }

    fn name(&self, name: &str, rows: &Rows<'_>) -> Result<Vector> {
        if let Some((_, v)) = self.vectors.iter().rev().find(|(n, _)| *n == name) {
            return Ok(v.clone());
        }
        if self.is_row(name) {
            let columns = rows.batch().columns.iter();
            return Ok(Vector::Record(
                columns.map(|c| (Arc::clone(&c.label), Vector::of_column(c))).collect(),
            ));
        }
        Ok(Vector::Const(self.scope.lookup(name, self.cx)?))
    }

    fn object(&self, o: &'a ObjectExpression, rows: &Rows<'_>) -> Result<Vector> {
        let mut columns = match &o.with {
            None => Vec::new(),
            Some(with) => self.name(&with.source.name, rows)?.into_record()?,
        };
        for p in &o.properties {
            let value = match &p.value {
                Some(value) => self.eval(value, rows)?,
                None => self.name(p.key.name(), rows)?,
            };
            match columns.iter_mut().find(|(k, _)| &**k == p.key.name()) {
                Some((_, v)) => *v = value,
                None => columns.push((p.key.name().into(), value)),
            }
        }
        Ok(Vector::Record(columns))
    }

    fn call(&self, c: &'a CallExpression, piped: Option<Vector>, rows: &Rows<'_>) -> Result<Vector> {
        let Vector::Const(Value::Function(function)) = self.eval(&c.callee, rows)? else {
            return Err(fallback());
        };
        let named = match c.arguments.first() {
            Some(Expression::Object(o)) => match self.object(o, rows)? {
                Vector::Record(columns) => columns,
                _ => return Err(fallback()),
            },
            _ => Vec::new(),
        };
        match &function {
            Function::Closure(closure) => self.inlined(closure, &named, piped.as_ref(), rows),
            Function::Native(definition, code) if is_pure(definition) => {
                if piped.is_none() {
                    if let Some(v) =
                        kernels::conversion(definition, &named, rows, self.cx.reads_null_as_false())?
                    {
                        return Ok(v);
                    }
                    if let Some(v) = kernels::native(definition, &named, rows, self.cx)? {
                        return Ok(v);
                    }
                }
                let (labels, mut vectors): (Vec<_>, Vec<_>) = named.into_iter().unzip();
                let mut args = Args::new(labels.into_iter().map(|label| (label, Value::Null(None))));
                if let Some(piped) = piped {
                    args = args.piped(Value::Null(None));
                    vectors.push(piped);
                }
                kernels::per_row(&vectors, rows, |values| {
                    args.set_values(values);
                    code(&mut args, self.cx)
                })
            }
            Function::Native(..) | Function::Partial { .. } => Err(fallback()),
        }
    }

    /// A function written in Flux: its body, with its parameters as vectors.
    fn inlined(
        &self,
        closure: &Closure,
        named: &RecordColumns,
        piped: Option<&Vector>,
        rows: &Rows<'_>,
    ) -> Result<Vector> {
        let mut vectors = Vec::new();
        for param in &closure.literal.params {
            let name = param.key.name();
            let is_pipe = matches!(param.value, Some(Expression::PipeLit(_)));
            let given = named.iter().find(|(k, _)| &**k == name).map(|(_, v)| v.clone());
            let given = given.or_else(|| if is_pipe { piped.cloned() } else { None });
            let value = match (given, &param.value) {
                (Some(v), _) => v,
                (None, Some(default)) if !is_pipe => Vector::Const(self.cx.eval(default, &closure.scope)?),
                _ => return Err(fallback()),
            };
            vectors.push((name, value));
        }
        Frame { cx: self.cx, row: None, vectors, scope: &closure.scope }.body(&closure.literal.body, rows)
    }
}
