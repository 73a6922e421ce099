//! Changing a user's tree in place.

use std::sync::Arc;

use weir_flux_syntax::ast::{
    Assignment, CallExpression, Expression, File, FunctionBody, PipeExpression, Property, Statement,
    StringExpressionPart, VariableAssignment,
};

/// What is done with nodes. Each is seen before what is below it, which is then seen as the change left it.
pub(super) trait Rewrite {
    /// A property of a record, an argument or a parameter.
    fn property(&mut self, _: &mut Property) {}
    /// A call.
    fn call(&mut self, _: &mut CallExpression) {}
    /// A pipe.
    fn pipe(&mut self, _: &mut PipeExpression) {}
    /// `id = value`, also of an option.
    fn assignment(&mut self, _: &mut VariableAssignment) {}
}

/// Shows a file to `rewrite`. Trees are never high, so this may recurse.
pub(super) fn file(file: &mut File, rewrite: &mut dyn Rewrite) {
    statements(&mut file.body, rewrite);
}

fn statements(list: &mut [Statement], rewrite: &mut dyn Rewrite) {
    for statement in list {
        match statement {
            Statement::Expression(n) => expression(&mut n.expression, rewrite),
            Statement::Variable(n) => assignment(n, rewrite),
            Statement::Option(n) => match &mut n.assignment {
                Assignment::Variable(n) => assignment(n, rewrite),
                Assignment::Member(n) => {
                    expression(&mut n.member.object, rewrite);
                    expression(&mut n.init, rewrite);
                }
            },
            Statement::Return(n) => expression(&mut n.argument, rewrite),
            Statement::TestCase(n) => statements(&mut n.block.body, rewrite),
            Statement::Builtin(_) | Statement::Bad(_) => {}
        }
    }
}

fn assignment(n: &mut VariableAssignment, rewrite: &mut dyn Rewrite) {
    rewrite.assignment(n);
    expression(&mut n.init, rewrite);
}

fn properties(list: &mut [Property], rewrite: &mut dyn Rewrite) {
    for property in list {
        rewrite.property(property);
        if let Some(value) = &mut property.value {
            expression(value, rewrite);
        }
    }
}

fn call(n: &mut CallExpression, rewrite: &mut dyn Rewrite) {
    rewrite.call(n);
    expression(&mut n.callee, rewrite);
    n.arguments.iter_mut().for_each(|argument| expression(argument, rewrite));
}

fn expression(n: &mut Expression, rewrite: &mut dyn Rewrite) {
    match n {
        Expression::Array(n) => {
            n.elements.iter_mut().for_each(|item| expression(&mut item.expression, rewrite))
        }
        Expression::Dict(n) => n.elements.iter_mut().for_each(|item| {
            expression(&mut item.key, rewrite);
            expression(&mut item.val, rewrite);
        }),
        Expression::Function(n) => {
            let n = Arc::make_mut(n);
            properties(&mut n.params, rewrite);
            match &mut n.body {
                FunctionBody::Block(block) => statements(&mut block.body, rewrite),
                FunctionBody::Expression(body) => expression(body, rewrite),
            }
        }
        Expression::Logical(n) => {
            expression(&mut n.left, rewrite);
            expression(&mut n.right, rewrite);
        }
        Expression::Object(n) => properties(&mut n.properties, rewrite),
        Expression::Member(n) => expression(&mut n.object, rewrite),
        Expression::Index(n) => {
            expression(&mut n.array, rewrite);
            expression(&mut n.index, rewrite);
        }
        Expression::Binary(n) => {
            expression(&mut n.left, rewrite);
            expression(&mut n.right, rewrite);
        }
        Expression::Unary(n) => expression(&mut n.argument, rewrite),
        Expression::Pipe(n) => {
            rewrite.pipe(n);
            expression(&mut n.argument, rewrite);
            call(&mut n.call, rewrite);
        }
        Expression::Call(n) => call(n, rewrite),
        Expression::Conditional(n) => {
            expression(&mut n.test, rewrite);
            expression(&mut n.consequent, rewrite);
            expression(&mut n.alternate, rewrite);
        }
        Expression::String(n) => n.parts.iter_mut().for_each(|part| {
            if let StringExpressionPart::Interpolated(part) = part {
                expression(&mut part.expression, rewrite);
            }
        }),
        Expression::Paren(n) => expression(&mut n.expression, rewrite),
        Expression::Identifier(_)
        | Expression::Integer(_)
        | Expression::Float(_)
        | Expression::StringLit(_)
        | Expression::Duration(_)
        | Expression::Uint(_)
        | Expression::Boolean(_)
        | Expression::DateTime(_)
        | Expression::Regexp(_)
        | Expression::PipeLit(_)
        | Expression::Label(_)
        | Expression::Bad(_) => {}
    }
}
