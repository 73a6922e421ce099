//! Short ways to make nodes.

use std::sync::Arc;

use weir_flux_syntax::ast::{
    ArrayExpression, ArrayItem, Assignment, Base, BinaryExpression, Block, BooleanLiteral, CallExpression,
    ConditionalExpression, DurationLiteral, Expression, ExpressionStatement, FloatLiteral, FunctionBody,
    FunctionExpression, Identifier, ImportDeclaration, IntegerLiteral, Location, LogicalExpression,
    LogicalOperator, MemberExpression, ObjectExpression, Operator, OptionStatement, PipeExpression, Property,
    PropertyKey, ReturnStatement, SourceText, Statement, StringLiteral, UnaryExpression, UnaryOperator,
    VariableAssignment, WithSource,
};

use crate::monitoring::FluxDuration;

pub(super) fn import(path: &str) -> ImportDeclaration {
    ImportDeclaration { base: Base::default(), alias: None, path: literal(path) }
}

fn identifier(name: &str) -> Identifier {
    Identifier { base: Base::default(), name: name.to_owned() }
}

fn literal(value: &str) -> StringLiteral {
    StringLiteral { base: Base::default(), value: value.to_owned() }
}

pub(super) fn name(name: &str) -> Expression {
    Expression::Identifier(identifier(name))
}

/// A text that means itself.
pub(super) fn text(value: &str) -> Expression {
    Expression::StringLit(literal(value))
}

/// A text in which `${…}` is replaced when the script runs: a message that a user wrote.
pub(super) fn template(value: &str) -> Expression {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    let source = SourceText::from(format!("\"{escaped}\"").as_str());
    // As if it had been read so, since the formatter leaves alone what was.
    let base = Base::at(Location { source: Some(source), ..Location::default() });
    Expression::StringLit(StringLiteral { base, value: value.to_owned() })
}

pub(super) fn float(value: f64) -> Expression {
    Expression::Float(FloatLiteral { base: Base::default(), value })
}

pub(super) fn integer(value: i64) -> Expression {
    Expression::Integer(IntegerLiteral { base: Base::default(), value })
}

pub(super) fn boolean(value: bool) -> Expression {
    Expression::Boolean(BooleanLiteral { base: Base::default(), value })
}

pub(super) fn duration(value: &FluxDuration) -> Expression {
    Expression::Duration(DurationLiteral { base: Base::default(), values: value.parts().to_vec() })
}

pub(super) fn ago(value: &FluxDuration) -> Expression {
    let (base, operator) = (Base::default(), UnaryOperator::Minus);
    Expression::Unary(Box::new(UnaryExpression { base, operator, argument: duration(value) }))
}

/// `object["property"]`.
pub(super) fn member(object: &str, property: &str) -> Expression {
    Expression::Member(Box::new(MemberExpression {
        base: Base::default(),
        object: name(object),
        lbrack: Vec::new(),
        property: PropertyKey::String(literal(property)),
        rbrack: Vec::new(),
    }))
}

fn property_of(key: PropertyKey, value: Option<Expression>) -> Property {
    Property { base: Base::default(), key, separator: Vec::new(), value, comma: Vec::new() }
}

pub(super) fn property(key: &str, value: Expression) -> Property {
    property_of(PropertyKey::Identifier(identifier(key)), Some(value))
}

/// `"key": value`.
pub(super) fn quoted_property(key: &str, value: Expression) -> Property {
    property_of(PropertyKey::String(literal(key)), Some(value))
}

pub(super) fn object(properties: Vec<Property>) -> Expression {
    Expression::Object(Box::new(ObjectExpression { properties, ..ObjectExpression::default() }))
}

/// `{source with …}`.
pub(super) fn object_with(source: &str, properties: Vec<Property>) -> Expression {
    let with = Some(WithSource { source: identifier(source), with: Vec::new() });
    Expression::Object(Box::new(ObjectExpression { with, properties, ..ObjectExpression::default() }))
}

pub(super) fn array(items: Vec<Expression>) -> Expression {
    let item = |expression| ArrayItem { expression, comma: Vec::new() };
    Expression::Array(Box::new(ArrayExpression {
        base: Base::default(),
        lbrack: Vec::new(),
        elements: items.into_iter().map(item).collect(),
        rbrack: Vec::new(),
    }))
}

fn function_of(body: FunctionBody) -> Expression {
    Expression::Function(Arc::new(FunctionExpression {
        base: Base::default(),
        lparen: Vec::new(),
        params: vec![property_of(PropertyKey::Identifier(identifier("r")), None)],
        rparen: Vec::new(),
        arrow: Vec::new(),
        body,
    }))
}

/// `(r) => body`.
pub(super) fn function(body: Expression) -> Expression {
    function_of(FunctionBody::Expression(body))
}

/// `(r) => { … }`.
pub(super) fn function_block(body: Vec<Statement>) -> Expression {
    function_of(FunctionBody::Block(Block { body, ..Block::default() }))
}

pub(super) fn binary(left: Expression, operator: Operator, right: Expression) -> Expression {
    Expression::Binary(Box::new(BinaryExpression { base: Base::default(), operator, left, right }))
}

pub(super) fn logical(left: Expression, operator: LogicalOperator, right: Expression) -> Expression {
    Expression::Logical(Box::new(LogicalExpression { base: Base::default(), operator, left, right }))
}

/// `if test then consequent else alternate`.
pub(super) fn choice(test: Expression, consequent: Expression, alternate: Expression) -> Expression {
    Expression::Conditional(Box::new(ConditionalExpression {
        base: Base::default(),
        tk_if: Vec::new(),
        test,
        tk_then: Vec::new(),
        consequent,
        tk_else: Vec::new(),
        alternate,
    }))
}

/// A call on its way into a pipe or an expression.
pub(super) fn call(callee: Expression, arguments: Vec<Property>) -> CallExpression {
    CallExpression {
        base: Base::default(),
        callee,
        lparen: Vec::new(),
        arguments: vec![object(arguments)],
        rparen: Vec::new(),
    }
}

/// The value of a call.
pub(super) fn called(callee: Expression, arguments: Vec<Property>) -> Expression {
    Expression::Call(Box::new(call(callee, arguments)))
}

/// `first |> call |> call…`.
pub(super) fn pipe(first: Expression, calls: Vec<CallExpression>) -> Expression {
    calls.into_iter().fold(first, |argument, call| {
        Expression::Pipe(Box::new(PipeExpression { base: Base::default(), argument, call }))
    })
}

fn assignment(id: &str, init: Expression) -> Box<VariableAssignment> {
    Box::new(VariableAssignment { base: Base::default(), id: identifier(id), init })
}

/// `id = value`.
pub(super) fn define(id: &str, value: Expression) -> Statement {
    Statement::Variable(assignment(id, value))
}

/// `option task = {…}`.
pub(super) fn task_option(properties: Vec<Property>) -> Statement {
    let assignment = Assignment::Variable(assignment("task", object(properties)));
    Statement::Option(Box::new(OptionStatement { base: Base::default(), assignment }))
}

pub(super) fn statement(expression: Expression) -> Statement {
    Statement::Expression(Box::new(ExpressionStatement { base: Base::default(), expression }))
}

pub(super) fn give(argument: Expression) -> Statement {
    Statement::Return(Box::new(ReturnStatement { base: Base::default(), argument }))
}
