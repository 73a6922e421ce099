//! Operators.

use std::fmt;

/// Operators of two operands that are not logical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `*`
    Multiplication,
    /// `/`
    Division,
    /// `%`
    Modulo,
    /// `^`
    Power,
    /// `+`
    Addition,
    /// `-`
    Subtraction,
    /// `<=`
    LessThanEqual,
    /// `<`
    LessThan,
    /// `>=`
    GreaterThanEqual,
    /// `>`
    GreaterThan,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    RegexpMatch,
    /// `!~`
    NotRegexpMatch,
    /// A missing operator: two expressions side by side inside brackets.
    Invalid,
}

impl Operator {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Multiplication => "*",
            Self::Division => "/",
            Self::Modulo => "%",
            Self::Power => "^",
            Self::Addition => "+",
            Self::Subtraction => "-",
            Self::LessThanEqual => "<=",
            Self::LessThan => "<",
            Self::GreaterThanEqual => ">=",
            Self::GreaterThan => ">",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::RegexpMatch => "=~",
            Self::NotRegexpMatch => "!~",
            Self::Invalid => "<INVALID_OP>",
        }
    }

    /// The operator written so.
    pub fn from_text(s: &str) -> Option<Self> {
        Some(match s {
            "*" => Self::Multiplication,
            "/" => Self::Division,
            "%" => Self::Modulo,
            "^" => Self::Power,
            "+" => Self::Addition,
            "-" => Self::Subtraction,
            "<=" => Self::LessThanEqual,
            "<" => Self::LessThan,
            ">=" => Self::GreaterThanEqual,
            ">" => Self::GreaterThan,
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "=~" => Self::RegexpMatch,
            "!~" => Self::NotRegexpMatch,
            "<INVALID_OP>" => Self::Invalid,
            _ => return None,
        })
    }
}

/// `and`, `or`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogicalOperator {
    /// `and`
    And,
    /// `or`
    Or,
}

impl LogicalOperator {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
        }
    }

    /// The operator written so.
    pub fn from_text(s: &str) -> Option<Self> {
        match s {
            "and" => Some(Self::And),
            "or" => Some(Self::Or),
            _ => None,
        }
    }
}

/// Operators of one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `not`
    Not,
    /// `exists`
    Exists,
}

impl UnaryOperator {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Not => "not",
            Self::Exists => "exists",
        }
    }

    /// The operator written so.
    pub fn from_text(s: &str) -> Option<Self> {
        Some(match s {
            "+" => Self::Plus,
            "-" => Self::Minus,
            "not" => Self::Not,
            "exists" => Self::Exists,
            _ => return None,
        })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for LogicalOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for UnaryOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
