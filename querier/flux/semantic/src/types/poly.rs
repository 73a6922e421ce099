//! Finished types, which stand by themselves.

use std::fmt;

use super::{Arena, Basic, Label, Letters, Node, ParamKind, Ty, render_type};

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

/// The type of a field of a record that a function takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// A basic type, as written in signatures.
    Basic(&'static str),
    /// Any type; the same number stands for the same type.
    Variable(u32),
    /// A type with parts, in one word.
    Composite(&'static str),
    /// Not known.
    Unknown,
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

    /// The fields that a function looks for in a record that is its parameter, each once; none if it takes no record
    /// or is no function.
    pub fn fields_of(&self, parameter: &str) -> Vec<(String, FieldType)> {
        let Some(Node::Function(function)) = self.at(self.root) else { return Vec::new() };
        let parameter = function.params().iter().find(|p| &*p.name == parameter);
        parameter.map_or_else(Vec::new, |p| self.fields_at(p.ty))
    }

    /// The fields that a function's result is known to have, each once; none if it is no record.
    pub fn result_fields(&self) -> Vec<(String, FieldType)> {
        match self.at(self.root) {
            Some(Node::Function(function)) => self.fields_at(function.result),
            _ => Vec::new(),
        }
    }

    fn fields_at(&self, record: Ty) -> Vec<(String, FieldType)> {
        let mut fields: Vec<(String, FieldType)> = Vec::new();
        let mut at = self.at(record);
        while let Some(Node::Extend { label, value, tail }) = at {
            if let Label::Name(name) = label
                && !fields.iter().any(|(known, _)| **known == **name)
            {
                fields.push((name.to_string(), self.field_type(*value)));
            }
            at = self.at(*tail);
        }
        fields
    }

    fn field_type(&self, ty: Ty) -> FieldType {
        if let Some(basic) = Basic::ALL.into_iter().find(|b| Ty::basic(*b) == ty) {
            return FieldType::Basic(basic.as_str());
        }
        match self.at(ty) {
            Some(Node::Var { .. }) => FieldType::Variable(ty.0),
            None | Some(Node::Label(_)) => FieldType::Unknown,
            Some(_) => FieldType::Composite(self.nature_of(ty)),
        }
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
