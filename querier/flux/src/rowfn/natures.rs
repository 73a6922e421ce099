//! What is known of a function's expressions before any row is looked at: enough to see that an operator does not know
//! the types of its sides.

use weir_flux_syntax::ast::{
    CallExpression, Expression, FunctionBody, Operator, Statement, StringExpressionPart, UnaryOperator,
};
use weir_table::Column;

use crate::error::{FluxError, Result};
use crate::eval::{Context, ops};
use crate::value::{Closure, Function, Value};

/// The nature of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// As run-time messages name it.
    Known(&'static str),
    /// A column that the table does not have.
    Missing,
    Unknown,
}

/// Refuses a function of rows with an operator that does not know what it is given by rows with these columns.
pub(super) fn check(closure: &Closure, row: &str, columns: &[Column], cx: &Context) -> Result<()> {
    let mut natures = Natures { row, columns, closure, cx, locals: Vec::new() };
    for param in &closure.literal.params {
        if param.key.name() != row {
            natures.locals.push((param.key.name(), Nature::Unknown));
        }
    }
    match &closure.literal.body {
        FunctionBody::Expression(e) => natures.of(e).map(|_| ()),
        FunctionBody::Block(block) => {
            for statement in &block.body {
                match statement {
                    Statement::Variable(v) => {
                        let nature = natures.of(&v.init)?;
                        natures.locals.push((v.id.name.as_str(), nature));
                    }
                    Statement::Return(r) => return natures.of(&r.argument).map(|_| ()),
                    _ => return Ok(()),
                }
            }
            Ok(())
        }
    }
}

struct Natures<'a> {
    row: &'a str,
    columns: &'a [Column],
    closure: &'a Closure,
    cx: &'a Context,
    /// Names given in the function, the last one counts.
    locals: Vec<(&'a str, Nature)>,
}

impl<'a> Natures<'a> {
    fn of(&self, e: &'a Expression) -> Result<Nature> {
        Ok(match e {
            Expression::Paren(p) => self.of(&p.expression)?,
            Expression::Integer(_) => Nature::Known("int"),
            Expression::Uint(_) => Nature::Known("uint"),
            Expression::Float(_) => Nature::Known("float"),
            Expression::StringLit(_) => Nature::Known("string"),
            Expression::Boolean(_) => Nature::Known("bool"),
            Expression::Duration(_) => Nature::Known("duration"),
            Expression::DateTime(_) => Nature::Known("time"),
            Expression::Regexp(_) => Nature::Known("regexp"),
            Expression::Identifier(id) => self.name(&id.name),
            Expression::Member(m) => {
                if matches!(&m.object, Expression::Identifier(id) if self.is_row(&id.name)) {
                    let label = m.property.name();
                    match self.columns.iter().find(|c| *c.label == *label) {
                        Some(column) => Nature::Known(column.ty.name()),
                        None => Nature::Missing,
                    }
                } else {
                    self.of(&m.object)?;
                    Nature::Unknown
                }
            }
            Expression::String(s) => {
                for part in &s.parts {
                    if let StringExpressionPart::Interpolated(p) = part {
                        self.of(&p.expression)?;
                    }
                }
                Nature::Known("string")
            }
            Expression::Array(a) => {
                for item in &a.elements {
                    self.of(&item.expression)?;
                }
                Nature::Known("array")
            }
            Expression::Object(o) => {
                for property in &o.properties {
                    if let Some(value) = &property.value {
                        self.of(value)?;
                    }
                }
                Nature::Known("object")
            }
            Expression::Index(i) => {
                self.of(&i.array)?;
                self.of(&i.index)?;
                Nature::Unknown
            }
            Expression::Unary(u) => {
                let argument = self.of(&u.argument)?;
                match u.operator {
                    UnaryOperator::Not | UnaryOperator::Exists => Nature::Known("bool"),
                    _ => argument,
                }
            }
            Expression::Logical(l) => {
                self.of(&l.left)?;
                self.of(&l.right)?;
                Nature::Known("bool")
            }
            Expression::Conditional(c) => {
                self.of(&c.test)?;
                let (yes, no) = (self.of(&c.consequent)?, self.of(&c.alternate)?);
                match (yes, no) {
                    (Nature::Known(_), _) => yes,
                    (_, Nature::Known(_)) => no,
                    _ => Nature::Unknown,
                }
            }
            Expression::Binary(b) => {
                let by_row = self.cx.reads_null_as_false();
                binary(b.operator, self.of(&b.left)?, self.of(&b.right)?, by_row)?
            }
            Expression::Call(c) => self.call(c)?,
            Expression::Pipe(p) => {
                self.of(&p.argument)?;
                self.call(&p.call)?
            }
            _ => Nature::Unknown,
        })
    }

    fn is_row(&self, name: &str) -> bool {
        name == self.row && !self.locals.iter().any(|(n, _)| *n == name)
    }

    fn name(&self, name: &str) -> Nature {
        if let Some((_, nature)) = self.locals.iter().rev().find(|(n, _)| *n == name) {
            return *nature;
        }
        if name == self.row {
            return Nature::Known("object");
        }
        match self.closure.scope.bound(name) {
            Some(Value::Null(_) | Value::Dynamic(_)) => Nature::Unknown,
            Some(value) => Nature::Known(value.nature()),
            None if matches!(name, "true" | "false") => Nature::Known("bool"),
            None => Nature::Unknown,
        }
    }

    /// What functions of the library answer is known by their signatures.
    fn call(&self, c: &'a CallExpression) -> Result<Nature> {
        for argument in &c.arguments {
            self.of(argument)?;
        }
        let definition = match &c.callee {
            Expression::Identifier(id) if self.locals.iter().all(|(n, _)| *n != id.name) => {
                match self.closure.scope.lookup(&id.name, self.cx) {
                    Ok(Value::Function(Function::Native(definition, _))) => definition,
                    _ => return Ok(Nature::Unknown),
                }
            }
            _ => return Ok(Nature::Unknown),
        };
        let result = definition.signature.rsplit_once("=> ").map_or("", |(_, result)| result);
        let result = result.split(" where ").next().unwrap_or_default();
        let basic = ["bool", "int", "uint", "float", "string", "time", "duration", "bytes"];
        Ok(basic.into_iter().find(|b| *b == result).map_or(Nature::Unknown, Nature::Known))
    }
}

/// What an operator answers. A column that is missing is taken for what stands on the other side; where both are,
/// functions that are called row by row cannot be compiled.
fn binary(operator: Operator, left: Nature, right: Nature, by_row: bool) -> Result<Nature> {
    use Operator as O;
    if by_row && (left, right) == (Nature::Missing, Nature::Missing) {
        let operator = operator.as_str();
        return Err(FluxError::invalid(format!("unsupported binary expression invalid {operator} invalid")));
    }
    let matches_regexp = matches!(operator, O::RegexpMatch | O::NotRegexpMatch);
    let both = match (left, right) {
        (Nature::Known(l), Nature::Known(r)) => Some((l, r)),
        (Nature::Known(known), _) | (_, Nature::Known(known)) if !matches_regexp => {
            let is_missing = left == Nature::Missing || right == Nature::Missing;
            is_missing.then_some((known, known))
        }
        _ => None,
    };
    if let Some((l, r)) = both
        && !ops::is_supported(operator, l, r)
    {
        return Err(FluxError::invalid(format!(
            "unsupported binary expression {l} {} {r}",
            operator.as_str()
        )));
    }
    Ok(match operator {
        O::Addition | O::Subtraction | O::Multiplication | O::Division | O::Modulo => {
            both.map_or(Nature::Unknown, |(l, _)| Nature::Known(l))
        }
        O::Power => Nature::Known("float"),
        _ => Nature::Known("bool"),
    })
}
