//! Function literals.

use super::{Base, Block, Comment, Expression, Property};

/// `(params) => body`.
///
/// A parameter is a [`Property`]: its value is the default, `<-` marks the pipe parameter, and none means
/// that the argument must be given.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionExpression {
    /// Common parts.
    pub base: Base,
    /// Comments before `(`.
    pub lparen: Vec<Comment>,
    /// Parameters in order.
    pub params: Vec<Property>,
    /// Comments before `)`.
    pub rparen: Vec<Comment>,
    /// Comments before `=>`.
    pub arrow: Vec<Comment>,
    /// The body.
    pub body: FunctionBody,
}

/// What a function does.
#[derive(Debug, Clone, PartialEq)]
pub enum FunctionBody {
    /// Statements that end with `return`.
    Block(Block),
    /// One expression.
    Expression(Expression),
}

impl FunctionBody {
    /// The common parts.
    pub fn base(&self) -> &Base {
        match self {
            Self::Block(b) => &b.base,
            Self::Expression(e) => e.base(),
        }
    }
}
