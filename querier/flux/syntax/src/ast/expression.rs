//! Expressions.

use std::sync::Arc;

use super::{
    ArrayExpression, Base, BooleanLiteral, Comment, DateTimeLiteral, DictExpression, DurationLiteral,
    FloatLiteral, FunctionExpression, IntegerLiteral, LabelLiteral, LogicalOperator, ObjectExpression,
    Operator, PipeLiteral, PropertyKey, RegexpLiteral, StringExpression, StringLiteral, UnaryOperator,
    UnsignedIntegerLiteral,
};

macro_rules! expressions {
    ($($(#[$doc:meta])* $name:ident($ty:ty),)*) => {
        /// Any expression.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Expression {
            $($(#[$doc])* $name($ty),)*
        }

        impl Expression {
            /// The common parts.
            pub fn base(&self) -> &Base {
                match self {
                    $(Self::$name(n) => &n.base,)*
                }
            }
        }
    };
}

expressions! {
    /// `x`
    Identifier(Identifier),
    /// `[a, b]`
    Array(Box<ArrayExpression>),
    /// `[k: v]`
    Dict(Box<DictExpression>),
    /// `(x) => y`, shared, because values keep it
    Function(Arc<FunctionExpression>),
    /// `a and b`
    Logical(Box<LogicalExpression>),
    /// `{a: 1}`
    Object(Box<ObjectExpression>),
    /// `a.b`, `a["b"]`
    Member(Box<MemberExpression>),
    /// `a[0]`
    Index(Box<IndexExpression>),
    /// `a + b`
    Binary(Box<BinaryExpression>),
    /// `-a`
    Unary(Box<UnaryExpression>),
    /// `a |> b()`
    Pipe(Box<PipeExpression>),
    /// `f(a: 1)`
    Call(Box<CallExpression>),
    /// `if a then b else c`
    Conditional(Box<ConditionalExpression>),
    /// `"a ${b}"`
    String(Box<StringExpression>),
    /// `(a)`
    Paren(Box<ParenExpression>),
    /// `1`
    Integer(IntegerLiteral),
    /// `1.0`
    Float(FloatLiteral),
    /// `"a"`
    StringLit(StringLiteral),
    /// `1h`
    Duration(DurationLiteral),
    /// An unsigned integer
    Uint(UnsignedIntegerLiteral),
    /// A boolean
    Boolean(BooleanLiteral),
    /// `2020-01-01T00:00:00Z`
    DateTime(DateTimeLiteral),
    /// `/a/`
    Regexp(RegexpLiteral),
    /// `<-`
    PipeLit(PipeLiteral),
    /// `.a`
    Label(LabelLiteral),
    /// Text that is no expression
    Bad(Box<BadExpression>),
}

impl Expression {
    /// The common parts, to change; a shared function is copied if others hold it.
    pub fn base_mut(&mut self) -> &mut Base {
        match self {
            Self::Identifier(n) => &mut n.base,
            Self::Array(n) => &mut n.base,
            Self::Dict(n) => &mut n.base,
            Self::Function(n) => &mut Arc::make_mut(n).base,
            Self::Logical(n) => &mut n.base,
            Self::Object(n) => &mut n.base,
            Self::Member(n) => &mut n.base,
            Self::Index(n) => &mut n.base,
            Self::Binary(n) => &mut n.base,
            Self::Unary(n) => &mut n.base,
            Self::Pipe(n) => &mut n.base,
            Self::Call(n) => &mut n.base,
            Self::Conditional(n) => &mut n.base,
            Self::String(n) => &mut n.base,
            Self::Paren(n) => &mut n.base,
            Self::Integer(n) => &mut n.base,
            Self::Float(n) => &mut n.base,
            Self::StringLit(n) => &mut n.base,
            Self::Duration(n) => &mut n.base,
            Self::Uint(n) => &mut n.base,
            Self::Boolean(n) => &mut n.base,
            Self::DateTime(n) => &mut n.base,
            Self::Regexp(n) => &mut n.base,
            Self::PipeLit(n) => &mut n.base,
            Self::Label(n) => &mut n.base,
            Self::Bad(n) => &mut n.base,
        }
    }
}

/// A name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Identifier {
    /// Common parts.
    pub base: Base,
    /// The name.
    pub name: String,
}

/// `object.property` or `object["property"]`.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberExpression {
    /// Common parts.
    pub base: Base,
    /// The record or package.
    pub object: Expression,
    /// Comments before `.` or `[`.
    pub lbrack: Vec<Comment>,
    /// The name.
    pub property: PropertyKey,
    /// Comments before `]`.
    pub rbrack: Vec<Comment>,
}

/// `array[index]`.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexExpression {
    /// Common parts.
    pub base: Base,
    /// The array.
    pub array: Expression,
    /// Comments before `[`.
    pub lbrack: Vec<Comment>,
    /// The index.
    pub index: Expression,
    /// Comments before `]`.
    pub rbrack: Vec<Comment>,
}

/// `callee(arguments)`.
#[derive(Debug, Clone, PartialEq)]
pub struct CallExpression {
    /// Common parts.
    pub base: Base,
    /// The function.
    pub callee: Expression,
    /// Comments before `(`.
    pub lparen: Vec<Comment>,
    /// At most one record with the named arguments.
    pub arguments: Vec<Expression>,
    /// Comments before `)`.
    pub rparen: Vec<Comment>,
}

/// `argument |> call`.
#[derive(Debug, Clone, PartialEq)]
pub struct PipeExpression {
    /// Common parts; its comments stand before `|>`.
    pub base: Base,
    /// What is piped.
    pub argument: Expression,
    /// Where to.
    pub call: CallExpression,
}

/// `left operator right`.
#[derive(Debug, Clone, PartialEq)]
pub struct BinaryExpression {
    /// Common parts; its comments stand before the operator.
    pub base: Base,
    /// The operator.
    pub operator: Operator,
    /// Left operand.
    pub left: Expression,
    /// Right operand.
    pub right: Expression,
}

/// `operator argument`.
#[derive(Debug, Clone, PartialEq)]
pub struct UnaryExpression {
    /// Common parts.
    pub base: Base,
    /// The operator.
    pub operator: UnaryOperator,
    /// The operand.
    pub argument: Expression,
}

/// `left and right`, `left or right`.
#[derive(Debug, Clone, PartialEq)]
pub struct LogicalExpression {
    /// Common parts; its comments stand before the operator.
    pub base: Base,
    /// The operator.
    pub operator: LogicalOperator,
    /// Left operand.
    pub left: Expression,
    /// Right operand.
    pub right: Expression,
}

/// `if test then consequent else alternate`.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalExpression {
    /// Common parts.
    pub base: Base,
    /// Comments before `if`.
    pub tk_if: Vec<Comment>,
    /// The condition.
    pub test: Expression,
    /// Comments before `then`.
    pub tk_then: Vec<Comment>,
    /// If true.
    pub consequent: Expression,
    /// Comments before `else`.
    pub tk_else: Vec<Comment>,
    /// If false.
    pub alternate: Expression,
}

/// `(expression)`.
#[derive(Debug, Clone, PartialEq)]
pub struct ParenExpression {
    /// Common parts.
    pub base: Base,
    /// Comments before `(`.
    pub lparen: Vec<Comment>,
    /// What is inside.
    pub expression: Expression,
    /// Comments before `)`.
    pub rparen: Vec<Comment>,
}

/// Text that is no expression.
#[derive(Debug, Clone, PartialEq)]
pub struct BadExpression {
    /// Common parts.
    pub base: Base,
    /// The text or what was wrong with it.
    pub text: String,
    /// A part that could be read.
    pub expression: Option<Expression>,
}
