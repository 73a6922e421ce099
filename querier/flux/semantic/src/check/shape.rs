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

struct Shape {
    found: Vec<Diagnostic>,
}

impl Shape {
    fn report(&mut self, location: &Location, message: impl Into<String>) {
        self.found.push(Diagnostic { location: location.clone(), message: message.into() });
    }

    fn block(&mut self, block: &Block) {
        for statement in &block.body {
            let what = match statement {
                Statement::Option(_) => "option",
                Statement::Builtin(_) => "builtin",
                Statement::TestCase(_) => "testcase",
                _ => continue,
            };
            self.report(&statement.base().location, format!("invalid {what} statement in function block"));
        }
        match block.body.last() {
            Some(Statement::Return(_) | Statement::Bad(_)) => {}
            last => {
                let location = last.map_or(&block.base.location, |s| &s.base().location);
                self.report(location, "missing return statement in block");
            }
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
            Expression::Duration(duration) if duration.months_nanoseconds().is_none() => {
                self.report(&duration.base.location, "invalid duration, it is too long");
            }
            _ => {}
        }
    }
}
