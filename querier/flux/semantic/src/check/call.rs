//! Calls.

use weir_flux_syntax::ast::{CallExpression, Expression, Location};

use super::{Checker, bare, place};
use crate::error::{Cause, Context, Mismatch};
use crate::types::{Function, Name, Node, Param, ParamKind, Ty};

impl<'a> Checker<'a> {
    /// A call is a function of its arguments that the callee must be equal to.
    pub(super) fn call(&mut self, call: &'a CallExpression, piped: Option<&'a Expression>) -> Ty {
        let callee = self.infer(&call.callee);
        let mut params: Vec<Param> = Vec::new();
        let mut places: Vec<(Name, &'a Location)> = Vec::new();
        self.arguments(call, callee, &mut params, &mut places);
        if let Some(piped) = piped {
            self.piped_twice(call, callee);
            let ty = self.infer(piped);
            params.push(Param { name: "<-".into(), kind: ParamKind::Pipe, ty });
        }
        let result = self.arena.fresh();
        match self.arena.node(callee) {
            Node::Function(function) => {
                let function = function.clone();
                self.arena.unify_functions(&function, &Function::new(params, result));
            }
            _ => {
                let wanted = self.arena.function(params, result);
                self.arena.unify(callee, wanted);
            }
        }
        if !self.arena.errors.is_empty() {
            self.collect(|mismatch| argument_place(mismatch, &places).unwrap_or(&call.base.location));
        }
        result
    }

    fn arguments(
        &mut self,
        call: &'a CallExpression,
        callee: Ty,
        params: &mut Vec<Param>,
        places: &mut Vec<(Name, &'a Location)>,
    ) {
        for argument in &call.arguments {
            let Expression::Object(object) = argument else {
                self.infer(argument);
                continue;
            };
            for property in &object.properties {
                let name: Name = property.key.name().into();
                let ty = match property.value.as_ref().map(bare) {
                    Some(Expression::StringLit(text)) if self.wants_label(callee, &name) => {
                        self.arena.push(Node::Label(text.value.as_str().into()))
                    }
                    _ => self.property(property),
                };
                let location = property.value.as_ref().map_or(&property.key.base().location, place);
                // Of an argument given twice the last counts.
                params.retain(|p| p.name != name);
                places.retain(|(n, _)| *n != name);
                params.push(Param { name: name.clone(), kind: ParamKind::Required, ty });
                places.push((name, location));
            }
        }
    }

    /// Reports a pipe argument that is given by its name too.
    fn piped_twice(&mut self, call: &'a CallExpression, callee: Ty) {
        let Node::Function(function) = self.arena.node(callee) else { return };
        let Some(pipe) = function.params().iter().find(|p| p.kind == ParamKind::Pipe) else { return };
        let name = pipe.name.clone();
        let mut given = call.arguments.iter().filter_map(|argument| match argument {
            Expression::Object(object) => object.properties.iter().find(|p| p.key.name() == &*name),
            _ => None,
        });
        if let Some(property) = given.next() {
            let message = format!("pipe argument also specified as a keyword parameter: \"{name}\"");
            self.report(&property.base.location, message);
        }
    }

    /// Whether the callee takes a column's name here.
    fn wants_label(&self, callee: Ty, name: &str) -> bool {
        match self.arena.node(callee) {
            Node::Function(function) => {
                function.params().iter().any(|p| &*p.name == name && self.arena.is_label(p.ty))
            }
            _ => false,
        }
    }
}

/// Where the argument stands that a mismatch is about.
fn argument_place<'a>(mismatch: &Mismatch, places: &[(Name, &'a Location)]) -> Option<&'a Location> {
    let name = match (mismatch.contexts.last(), &mismatch.cause) {
        (Some(Context::Argument(name)), _) | (None, Cause::UnexpectedArgument { name, .. }) => name,
        _ => return None,
    };
    places.iter().find(|(n, _)| n == name).map(|(_, location)| *location)
}
