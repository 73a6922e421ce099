//! Function literals.

use weir_flux_syntax::ast::{Block, Expression, FunctionBody, FunctionExpression, PropertyKey, Statement};

use super::Checker;
use super::environment::Binding;
use crate::types::{Param, ParamKind, Ty};

impl<'a> Checker<'a> {
    pub(super) fn function(&mut self, function: &'a FunctionExpression) -> Ty {
        // Defaults do not see the parameters.
        let mut params: Vec<Param> = Vec::with_capacity(function.params.len());
        let mut names: Vec<&'a str> = Vec::with_capacity(function.params.len());
        for param in &function.params {
            let PropertyKey::Identifier(key) = &param.key else { continue };
            let (kind, ty) = match &param.value {
                None => (ParamKind::Required, self.arena.fresh()),
                Some(Expression::PipeLit(_)) => (ParamKind::Pipe, self.arena.fresh()),
                Some(default) => {
                    // The default has to make sense, but does not say what else may be given: `(start=-1h) => …`
                    // takes a time as well.
                    self.infer(default);
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
        self.arena.function(params, result)
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
