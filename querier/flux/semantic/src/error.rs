//! What can be wrong, and how it is told.

use thiserror::Error;

use crate::types::{Arena, Kind, Letters, Name, Ty, render_told, type_info};

/// A signature that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// Something else was expected.
    #[error("at byte {at}: expected {expected}")]
    Syntax {
        /// Where in the signature.
        at: usize,
        /// What was expected there.
        expected: &'static str,
    },
    /// A name that is no type.
    #[error("invalid named type {0}")]
    UnknownType(String),
    /// A name that is no kind.
    #[error("invalid constraint {0}")]
    UnknownKind(String),
    /// A constraint on a variable that the type does not have.
    #[error("constraint on {0}, which is not in the type")]
    UnknownVariable(String),
    /// More than one pipe parameter.
    #[error("function types can have at most one pipe parameter")]
    TwoPipes,
}

/// Why two types do not fit, or a type is not of a kind.
#[derive(Debug, Clone)]
pub(crate) struct Mismatch {
    pub(crate) cause: Cause,
    /// Where inside the types, innermost first.
    pub(crate) contexts: Vec<Context>,
}

/// The heart of a mismatch.
#[derive(Debug, Clone)]
pub(crate) enum Cause {
    Different { expected: Ty, found: Ty },
    NotOfKind { ty: Ty, kind: Kind },
    Recursive { var: Ty, ty: Ty },
    MissingLabel(Name),
    UnexpectedLabel(Name),
    MissingArgument(Name),
    UnexpectedArgument { name: Name, instead: Vec<Name> },
    MissingPipe,
    OtherPipe { expected: Name, found: Name },
    TooDeep,
    TooLarge,
}

/// Where inside two types the mismatch is.
#[derive(Debug, Clone)]
pub(crate) enum Context {
    Argument(Name),
    Label { name: Name, expected: Ty, found: Ty },
    Result { expected: Ty, found: Ty },
}

impl Mismatch {
    pub(crate) fn new(cause: Cause) -> Self {
        Self { cause, contexts: Vec::new() }
    }

    /// The message, with the types as they are known by now.
    pub(crate) fn message(&self, arena: &Arena) -> String {
        let mut letters = Letters::default();
        let mut text = self.cause.message(arena, &mut letters);
        for context in &self.contexts {
            text = match context {
                Context::Argument(name) => format!("{text} (argument {name})"),
                Context::Label { name, expected, found } => {
                    let pair = different(arena, *expected, *found, &mut letters);
                    format!("{pair} for label {name} caused by {text}")
                }
                Context::Result { expected, found } => {
                    let pair = different(arena, *expected, *found, &mut letters);
                    format!("{pair} for return type caused by {text}")
                }
            };
        }
        text
    }
}

impl Cause {
    fn message(&self, arena: &Arena, letters: &mut Letters) -> String {
        match self {
            Self::Different { expected, found } => different(arena, *expected, *found, letters),
            Self::NotOfKind { ty, kind } => {
                format!("{}{} is not {kind}", render_told(arena, *ty, letters), type_info(arena, *ty))
            }
            Self::Recursive { var, ty } => {
                let var = render_told(arena, *var, letters);
                format!("recursive types not supported {var} != {}", render_told(arena, *ty, letters))
            }
            Self::MissingLabel(name) => format!("record is missing label {name}"),
            Self::UnexpectedLabel(name) => format!("found unexpected label {name}"),
            Self::MissingArgument(name) => format!("missing required argument {name}"),
            Self::UnexpectedArgument { name, instead } => {
                let hint = match instead.as_slice() {
                    [] => String::new(),
                    [only] => format!(" (Expected `{only}`)"),
                    [first @ .., last] => {
                        let first: Vec<String> = first.iter().map(|n| format!("`{n}`")).collect();
                        format!(" (Expected one of {} or `{last}`)", first.join(", "))
                    }
                };
                format!("found unexpected argument {name}{hint}")
            }
            Self::MissingPipe => "missing pipe argument".to_owned(),
            Self::OtherPipe { expected, found } => {
                format!("expected pipe argument {expected} but found {found}")
            }
            Self::TooDeep => "type is nested too deeply".to_owned(),
            Self::TooLarge => "the script's types are too large".to_owned(),
        }
    }
}

fn different(arena: &Arena, expected: Ty, found: Ty, letters: &mut Letters) -> String {
    let (expected_info, found_info) = (type_info(arena, expected), type_info(arena, found));
    let expected = render_told(arena, expected, letters);
    let found = render_told(arena, found, letters);
    format!("expected {expected}{expected_info} but found {found}{found_info}")
}
