//! What is wrong with a tree before types come into play: functions that return nothing, statements where they
//! may not stand, pipes and durations that cannot be.

use weir_flux_syntax::Diagnostic;
use weir_flux_syntax::ast::{
    self, Block, Expression, FunctionBody, FunctionExpression, Location, PropertyKey, Statement,
};

use super::names::{Visit, walk_expression, walk_statement};

pub(super) fn check(package: &ast::Package) -> Vec<Diagnostic> {
    let mut shape = Shape { found: Vec::new() };
    for statement in package.files.iter().flat_map(|file| &file.body) {
        walk_statement(statement, &mut shape);
    }
    shape.found
}

const MISSING_RETURN: &str = "missing return statement in block";

struct Shape {
    found: Vec<Diagnostic>,
}

impl Shape {
    fn report(&mut self, location: &Location, message: impl Into<String>) {
        self.found.push(Diagnostic { location: location.clone(), message: message.into() });
    }

    fn block(&mut self, block: &Block) {
        // From the last statement to the first, as the incumbent tells of them: what may stand in a block counts as
        // its last statement first, and that has to be the only `return`.
        let mut last = None;
        for statement in block.body.iter().rev() {
            let what = match statement {
                Statement::Option(_) => "option",
                Statement::Builtin(_) => "builtin",
                Statement::TestCase(_) => "testcase",
                Statement::Return(_) if last.is_some() => "return",
                _ if last.is_some() => continue,
                _ => {
                    last = Some(statement);
                    if !matches!(statement, Statement::Return(_) | Statement::Bad(_)) {
                        self.report(&statement.base().location, MISSING_RETURN);
                    }
                    continue;
                }
            };
            self.report(&statement.base().location, format!("invalid {what} statement in function block"));
        }
        if last.is_none() {
            self.report(&block.base.location, MISSING_RETURN);
        }
    }
}

impl<'a> Visit<'a> for Shape {
    fn function(&mut self, function: &'a FunctionExpression) {
        let mut piped = false;
        for param in &function.params {
            if matches!(param.key, PropertyKey::String(_)) {
                self.report(&param.base.location, "function parameters must be identifiers");
            }
            match &param.value {
                Some(Expression::PipeLit(pipe)) if piped => {
                    let message = "function types can have at most one pipe parameter";
                    self.report(&pipe.base.location, message);
                }
                Some(Expression::PipeLit(_)) => piped = true,
                Some(default) => walk_expression(default, self),
                None => {}
            }
        }
        match &function.body {
            FunctionBody::Expression(body) => walk_expression(body, self),
            FunctionBody::Block(block) => {
                for statement in &block.body {
                    walk_statement(statement, self);
                }
                self.block(block);
            }
        }
    }

    fn expression(&mut self, expression: &'a Expression) {
        match expression {
            Expression::PipeLit(pipe) => self.report(
                &pipe.base.location,
                "a pipe literal may only be used as a default value for an argument in a function definition",
            ),
            // The incumbent knows them only with a feature that its servers do not switch on.
            Expression::Label(label) => self.report(
                &label.base.location,
                "Labels are currently experimental. (See the labelPolymorphism feature)",
            ),
            Expression::Duration(duration) if duration.months_nanoseconds().is_none() => {
                self.report(&duration.base.location, "invalid duration, it is too long");
            }
            _ => {}
        }
    }
}
