//! Expressions.

use weir_flux_syntax::ast::{Expression, Identifier, Location, StringExpression, StringExpressionPart};

use super::environment::Binding;
use super::{Checker, place};
use crate::types::{Kind, Node, Ty};

impl<'a> Checker<'a> {
    /// The type of an expression. Kept slim, since it is the step of the recursion.
    pub(super) fn infer(&mut self, expression: &'a Expression) -> Ty {
        match expression {
            Expression::Identifier(e) => self.identifier(e),
            Expression::Array(e) => self.array(e),
            Expression::Dict(e) => self.dict(e),
            Expression::Function(e) => self.function(e),
            Expression::Logical(e) => self.logical(e),
            Expression::Object(e) => self.object(e),
            Expression::Member(e) => self.member(e),
            Expression::Index(e) => self.index(e),
            Expression::Binary(e) => self.binary(e),
            Expression::Unary(e) => self.unary(e),
            Expression::Pipe(e) => self.call(&e.call, Some(&e.argument)),
            Expression::Call(e) => self.call(e, None),
            Expression::Conditional(e) => self.conditional(e),
            Expression::String(e) => self.string(e),
            Expression::Paren(e) => self.infer(&e.expression),
            Expression::Integer(_) => Ty::INT,
            Expression::Float(_) => Ty::FLOAT,
            Expression::StringLit(_) => Ty::STRING,
            Expression::Duration(_) => Ty::DURATION,
            Expression::Uint(_) => Ty::UINT,
            Expression::Boolean(_) => Ty::BOOL,
            Expression::DateTime(_) => Ty::TIME,
            Expression::Regexp(_) => Ty::REGEXP,
            Expression::Label(e) => self.arena.push(Node::Label(e.value.as_str().into())),
            Expression::PipeLit(_) | Expression::Bad(_) => Ty::ERROR,
        }
    }

    fn identifier(&mut self, identifier: &'a Identifier) -> Ty {
        self.name(&identifier.name, &identifier.base.location)
    }

    /// The type of what a name stands for.
    pub(super) fn name(&mut self, name: &'a str, location: &'a Location) -> Ty {
        match self.environment.lookup(name).cloned() {
            Some(Binding::Type { ty, anew: true }) => {
                let ty = self.arena.use_anew(ty);
                self.collect(|_| location);
                ty
            }
            Some(Binding::Type { ty, anew: false }) => ty,
            Some(Binding::Signature(poly)) => self.instantiate(&poly),
            Some(Binding::Package(package)) => self.package_record(&package),
            None => {
                let prelude = self.environment.prelude.clone();
                match prelude.lookup(name) {
                    Some(poly) => self.instantiate(poly),
                    None => {
                        self.report(location, format!("undefined identifier {name}"));
                        self.undefined(name)
                    }
                }
            }
        }
    }

    /// The type of a name that stands for nothing: all its uses should agree.
    fn undefined(&mut self, name: &'a str) -> Ty {
        if let Some(ty) = self.undefined.get(name) {
            return *ty;
        }
        // It belongs to no function or variable that uses it.
        let level = std::mem::take(&mut self.arena.level);
        let ty = self.arena.fresh();
        self.arena.level = level;
        self.undefined.insert(name, ty);
        ty
    }

    fn string(&mut self, string: &'a StringExpression) -> Ty {
        for part in &string.parts {
            if let StringExpressionPart::Interpolated(part) = part {
                let ty = self.infer(&part.expression);
                self.constrain(ty, Kind::Stringable, place(&part.expression));
            }
        }
        Ty::STRING
    }
}
