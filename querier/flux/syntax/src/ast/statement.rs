//! Statements.

use super::{
    Attribute, Base, Comment, Expression, Identifier, MemberExpression, StringLiteral, TypeExpression,
};

/// Any statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// An expression for its results.
    Expression(Box<ExpressionStatement>),
    /// `x = e`.
    Variable(Box<VariableAssignment>),
    /// `option …`.
    Option(Box<OptionStatement>),
    /// `return e`.
    Return(Box<ReturnStatement>),
    /// `builtin x : T`.
    Builtin(Box<BuiltinStatement>),
    /// `testcase x { … }`.
    TestCase(Box<TestCaseStatement>),
    /// Text that is no statement.
    Bad(Box<BadStatement>),
}

impl Statement {
    /// The common parts.
    pub fn base(&self) -> &Base {
        match self {
            Self::Expression(n) => &n.base,
            Self::Variable(n) => &n.base,
            Self::Option(n) => &n.base,
            Self::Return(n) => &n.base,
            Self::Builtin(n) => &n.base,
            Self::TestCase(n) => &n.base,
            Self::Bad(n) => &n.base,
        }
    }

    /// The common parts, to change.
    pub fn base_mut(&mut self) -> &mut Base {
        match self {
            Self::Expression(n) => &mut n.base,
            Self::Variable(n) => &mut n.base,
            Self::Option(n) => &mut n.base,
            Self::Return(n) => &mut n.base,
            Self::Builtin(n) => &mut n.base,
            Self::TestCase(n) => &mut n.base,
            Self::Bad(n) => &mut n.base,
        }
    }

    /// The attributes written before the statement.
    pub fn attributes(&self) -> &[Attribute] {
        &self.base().attributes
    }
}

/// An expression as a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpressionStatement {
    /// Common parts.
    pub base: Base,
    /// The expression.
    pub expression: Expression,
}

/// `id = init`.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableAssignment {
    /// Common parts; its comments stand before `=`.
    pub base: Base,
    /// The name.
    pub id: Identifier,
    /// The value.
    pub init: Expression,
}

/// `pkg.name = init`, only behind `option`.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberAssignment {
    /// Common parts; its comments stand before `=`.
    pub base: Base,
    /// What is assigned.
    pub member: MemberExpression,
    /// The value.
    pub init: Expression,
}

/// What an option statement assigns.
#[derive(Debug, Clone, PartialEq)]
pub enum Assignment {
    /// `option x = e`.
    Variable(Box<VariableAssignment>),
    /// `option pkg.x = e`.
    Member(Box<MemberAssignment>),
}

impl Assignment {
    /// The common parts.
    pub fn base(&self) -> &Base {
        match self {
            Self::Variable(n) => &n.base,
            Self::Member(n) => &n.base,
        }
    }
}

/// `option assignment`.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionStatement {
    /// Common parts.
    pub base: Base,
    /// The assignment.
    pub assignment: Assignment,
}

/// `return argument`.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnStatement {
    /// Common parts.
    pub base: Base,
    /// The value.
    pub argument: Expression,
}

/// `builtin id : type`.
#[derive(Debug, Clone, PartialEq)]
pub struct BuiltinStatement {
    /// Common parts.
    pub base: Base,
    /// Comments before the colon.
    pub colon: Vec<Comment>,
    /// The name.
    pub id: Identifier,
    /// Its type.
    pub ty: TypeExpression,
}

/// `testcase id extends "path" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct TestCaseStatement {
    /// Common parts.
    pub base: Base,
    /// The name.
    pub id: Identifier,
    /// The extended case.
    pub extends: Option<StringLiteral>,
    /// The statements.
    pub block: Block,
}

/// `{ statements }`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// Common parts; its comments stand before `{`.
    pub base: Base,
    /// Comments before `{`.
    pub lbrace: Vec<Comment>,
    /// The statements.
    pub body: Vec<Statement>,
    /// Comments before `}`.
    pub rbrace: Vec<Comment>,
}

/// Text that is no statement.
#[derive(Debug, Clone, PartialEq)]
pub struct BadStatement {
    /// Common parts.
    pub base: Base,
    /// The text.
    pub text: String,
}
