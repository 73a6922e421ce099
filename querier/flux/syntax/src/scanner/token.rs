//! Tokens.

use std::fmt;

use crate::ast::{Comment, Position};

macro_rules! kinds {
    ($($name:ident $text:literal,)*) => {
        /// What a token is. Its text form is what errors name it by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind { $($name,)* }

        impl fmt::Display for Kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text,)* })
            }
        }
    };
}

kinds! {
    Illegal "ILLEGAL",
    Eof "EOF",
    And "AND",
    Or "OR",
    Not "NOT",
    Import "IMPORT",
    Package "PACKAGE",
    Return "RETURN",
    Option "OPTION",
    Builtin "BUILTIN",
    TestCase "TESTCASE",
    If "IF",
    Then "THEN",
    Else "ELSE",
    Exists "EXISTS",
    Ident "IDENT",
    Int "INT",
    Float "FLOAT",
    String "STRING",
    Regex "REGEX",
    Time "TIME",
    Duration "DURATION",
    Add "ADD",
    Sub "SUB",
    Mul "MUL",
    Div "DIV",
    Mod "MOD",
    Pow "POW",
    Eq "EQ",
    Lt "LT",
    Gt "GT",
    Lte "LTE",
    Gte "GTE",
    Neq "NEQ",
    RegexEq "REGEXEQ",
    RegexNeq "REGEXNEQ",
    Assign "ASSIGN",
    Arrow "ARROW",
    LParen "LPAREN",
    RParen "RPAREN",
    LBrack "LBRACK",
    RBrack "RBRACK",
    LBrace "LBRACE",
    RBrace "RBRACE",
    Comma "COMMA",
    Dot "DOT",
    Colon "COLON",
    PipeForward "PIPE_FORWARD",
    PipeReceive "PIPE_RECEIVE",
    Quote "QUOTE",
    StringExpr "STRINGEXPR",
    Text "TEXT",
    QuestionMark "QUESTION_MARK",
    Attribute "ATTRIBUTE",
}

impl Kind {
    /// The keyword spelled so.
    pub(crate) fn keyword(s: &str) -> Option<Self> {
        Some(match s {
            "and" => Self::And,
            "or" => Self::Or,
            "not" => Self::Not,
            "import" => Self::Import,
            "package" => Self::Package,
            "return" => Self::Return,
            "option" => Self::Option,
            "builtin" => Self::Builtin,
            "testcase" => Self::TestCase,
            "if" => Self::If,
            "then" => Self::Then,
            "else" => Self::Else,
            "exists" => Self::Exists,
            _ => return None,
        })
    }
}

/// A place with its byte offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) offset: usize,
    pub(crate) position: Position,
}

/// A token with the comments before it. Its text is the source between its marks.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
    pub(crate) comments: Vec<Comment>,
}
