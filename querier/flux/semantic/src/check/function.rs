//! Function literals.

use weir_flux_syntax::ast::{Block, Expression, FunctionBody, FunctionExpression, PropertyKey, Statement};

use super::Checker;
use super::environment::Binding;
use crate::error::Context;
use crate::types::{Name, Node, Param, ParamKind, Ty};

impl<'a> Checker<'a> {
    pub(super) fn function(&mut self, function: &'a FunctionExpression) -> Ty {
        let has_defaults =
            function.params.iter().any(|p| !matches!(p.value, None | Some(Expression::PipeLit(_))));
        if has_defaults {
            self.arena.level += 1;
        }
        // Defaults do not see the parameters.
        let mut defaults: Vec<(Name, Ty)> = Vec::new();
        let mut params: Vec<Param> = Vec::with_capacity(function.params.len());
        let mut names: Vec<&'a str> = Vec::with_capacity(function.params.len());
        for param in &function.params {
            let PropertyKey::Identifier(key) = &param.key else { continue };
            let (kind, ty) = match &param.value {
                None => (ParamKind::Required, self.arena.fresh()),
                Some(Expression::PipeLit(_)) => (ParamKind::Pipe, self.arena.fresh()),
                Some(default) => {
                    let given = self.infer(default);
                    defaults.push((key.name.as_str().into(), given));
                    (ParamKind::Optional, self.arena.fresh())
                }
            };
            params.push(Param { name: key.name.as_str().into(), kind, ty });
            names.push(&key.name);
        }
        self.environment.enter();
        for (name, param) in names.into_iter().zip(&params) {
            self.environment.define(name, Binding::Type { ty: param.ty, anew: false });
        }
        let result = match &function.body {
            FunctionBody::Expression(body) => self.infer(body),
            FunctionBody::Block(block) => self.block(block),
        };
        self.environment.leave();
        let ty = self.arena.function(params, result);
        if has_defaults {
            self.arena.level -= 1;
            self.defaults_fit(ty, defaults, function);
        }
        ty
    }

    /// A default has to be something that the body can work with, but does not say what else may be given:
    /// `(start=-1h) => …` takes a time as well. So it is held against one use of the function.
    fn defaults_fit(&mut self, ty: Ty, mut defaults: Vec<(Name, Ty)>, function: &'a FunctionExpression) {
        let used = self.arena.use_deeper_anew(ty);
        let Node::Function(used) = self.arena.node(used).clone() else { return };
        defaults.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, given) in defaults {
            if let Some(param) = used.params().iter().find(|p| p.name == name) {
                self.arena.within(&Context::Argument(name), |arena| arena.unify(param.ty, given));
            }
        }
        self.collect(|_| &function.base.location);
    }

    /// The type of what a block returns; what stands behind the first `return` counts for nothing.
    fn block(&mut self, block: &'a Block) -> Ty {
        for statement in &block.body {
            match statement {
                Statement::Variable(s) => self.variable(s),
                Statement::Expression(s) => {
                    self.infer(&s.expression);
                }
                Statement::Return(s) => return self.infer(&s.argument),
                Statement::Option(_) | Statement::Builtin(_) | Statement::TestCase(_) | Statement::Bad(_) => {
                }
            }
        }
        Ty::ERROR
    }
}
