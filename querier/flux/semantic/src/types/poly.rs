//! Finished types, which stand by themselves.

use std::fmt;

use super::{Arena, Basic, Letters, Node, ParamKind, Ty, render_type};

/// A type whose variables each use may choose: what a package's member has.
///
/// Printed as in signatures: `(<-tables: stream[A], n: int) => stream[A] where A: Record`.
#[derive(Debug, Clone, PartialEq)]
pub struct PolyType {
    nodes: Box<[Node]>,
    root: Ty,
}

/// A parameter of a function, for suggestions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; `<-` for a pipe parameter without one.
    pub name: String,
    /// How it is given.
    pub kind: ParameterKind,
    /// What it is in one word: `string`, `stream`, `function`, `object`, …; `invalid` if it may be many things.
    pub nature: &'static str,
}

/// How a parameter is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// By `|>` or by name.
    Pipe,
    /// Must be given.
    Required,
    /// May be left out.
    Optional,
}

impl PolyType {
    /// A type without parts.
    pub fn basic(basic: Basic) -> Self {
        Self { nodes: Box::new([]), root: Ty::basic(basic) }
    }

    /// A type that fits everything, for what could not be understood.
    pub fn unknown() -> Self {
        Self { nodes: Box::new([]), root: Ty::ERROR }
    }

    pub(crate) fn from_nodes(nodes: Vec<Node>, root: Ty) -> Self {
        Self { nodes: nodes.into_boxed_slice(), root }
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn root(&self) -> Ty {
        self.root
    }

    /// Whether it is a function.
    pub fn is_function(&self) -> bool {
        self.nature() == "function"
    }

    /// What it is in one word, as suggestions name it.
    pub fn nature(&self) -> &'static str {
        self.nature_of(self.root)
    }

    /// Its parameters, if it is a function: the pipe, then the required, then the optional ones by name.
    pub fn parameters(&self) -> Option<Vec<Parameter>> {
        let Some(Node::Function(function)) = self.at(self.root) else { return None };
        let parameter = |p: &super::Param| Parameter {
            name: p.name.to_string(),
            kind: match p.kind {
                ParamKind::Pipe => ParameterKind::Pipe,
                ParamKind::Required => ParameterKind::Required,
                ParamKind::Optional | ParamKind::Defaulted(_) => ParameterKind::Optional,
            },
            nature: self.nature_of(p.ty),
        };
        Some(function.params().iter().map(parameter).collect())
    }

    /// What a function answers, in one word.
    pub fn result_nature(&self) -> Option<&'static str> {
        match self.at(self.root) {
            Some(Node::Function(function)) => Some(self.nature_of(function.result)),
            _ => None,
        }
    }

    fn at(&self, ty: Ty) -> Option<&Node> {
        self.nodes.get(ty.0.checked_sub(Ty::CONSTANTS)? as usize)
    }

    fn nature_of(&self, ty: Ty) -> &'static str {
        if let Some(basic) = Basic::ALL.into_iter().find(|b| Ty::basic(*b) == ty) {
            return basic.as_str();
        }
        if ty == Ty::EMPTY {
            return "object";
        }
        match self.at(ty) {
            Some(Node::Label(_)) => "string",
            Some(Node::Array(_)) => "array",
            Some(Node::Stream(_)) => "stream",
            Some(Node::Vector(_)) => "vector",
            Some(Node::Dict(..)) => "dictionary",
            Some(Node::Extend { .. }) => "object",
            Some(Node::Function(_)) => "function",
            _ => "invalid",
        }
    }
}

impl fmt::Display for PolyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arena = Arena::new();
        let root = arena.instantiate(self);
        let mut letters = Letters::default();
        f.write_str(&render_type(&arena, root, &mut letters))?;
        let mut separator = " where ";
        for (letter, kinds) in letters.constrained(&arena) {
            write!(f, "{separator}{letter}: {kinds}")?;
            separator = ", ";
        }
        Ok(())
    }
}
