//! The syntax tree.
//!
//! Every node holds a [`Base`] with its place in the text, the comments before its first token, and the
//! errors found there. Comments before inner tokens (brackets, commas, arrows) are kept in fields named after
//! the token, so that the formatter loses none. A function literal is shared ([`std::sync::Arc`]), because
//! values keep it after evaluation; all else is owned.

mod base;
mod expression;
mod file;
mod function;
mod literal;
mod operator;
mod record;
mod statement;
mod types;

pub use base::{Attribute, AttributeParam, Base, Comment, Location, Position, SourceText};
pub use expression::{
    BadExpression, BinaryExpression, CallExpression, ConditionalExpression, Expression, Identifier,
    IndexExpression, LogicalExpression, MemberExpression, ParenExpression, PipeExpression, UnaryExpression,
};
pub use file::{File, ImportDeclaration, Package, PackageClause};
pub use function::{FunctionBody, FunctionExpression};
pub use literal::{
    BooleanLiteral, DateTimeLiteral, Duration, DurationLiteral, DurationUnit, FloatLiteral, IntegerLiteral,
    InterpolatedPart, LabelLiteral, PipeLiteral, RegexpLiteral, StringExpression, StringExpressionPart,
    StringLiteral, TextPart, UnsignedIntegerLiteral,
};
pub use operator::{LogicalOperator, Operator, UnaryOperator};
pub use record::{
    ArrayExpression, ArrayItem, DictExpression, DictItem, ObjectExpression, Property, PropertyKey, WithSource,
};
pub use statement::{
    Assignment, BadStatement, Block, BuiltinStatement, ExpressionStatement, MemberAssignment,
    OptionStatement, ReturnStatement, Statement, TestCaseStatement, VariableAssignment,
};
pub use types::{
    ArrayType, DictType, DynamicType, FunctionType, MonoType, NamedType, ParameterType, PropertyType,
    RecordType, StreamType, TvarType, TypeConstraint, TypeExpression, VectorType,
};
