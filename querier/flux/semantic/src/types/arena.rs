//! Where types live during inference.
//!
//! A type is a number into a list of nodes; variables are resolved by turning their node into a link. Parts are
//! shared freely, so every walk here marks what it has seen: a type written in a hundred lines can stand for a
//! tree of 2^100 leaves.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Basic, Kinds};

/// A label, parameter or column name.
pub(crate) type Name = Arc<str>;

/// A type in an [`Arena`] or a [`super::PolyType`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ty(pub(crate) u32);

impl Ty {
    /// Fits everything: the type of what is broken.
    pub(crate) const ERROR: Self = Self(0);
    /// The record without fields, or the end of a closed record.
    pub(crate) const EMPTY: Self = Self(1);
    /// How many nodes every arena begins with.
    pub(crate) const CONSTANTS: u32 = 2 + Basic::ALL.len() as u32;

    /// The node of a basic type.
    pub(crate) const fn basic(basic: Basic) -> Self {
        Self(2 + basic as u32)
    }

    pub(crate) const BOOL: Self = Self::basic(Basic::Bool);
    pub(crate) const INT: Self = Self::basic(Basic::Int);
    pub(crate) const UINT: Self = Self::basic(Basic::Uint);
    pub(crate) const FLOAT: Self = Self::basic(Basic::Float);
    pub(crate) const STRING: Self = Self::basic(Basic::String);
    pub(crate) const DURATION: Self = Self::basic(Basic::Duration);
    pub(crate) const TIME: Self = Self::basic(Basic::Time);
    pub(crate) const REGEXP: Self = Self::basic(Basic::Regexp);
    pub(crate) const DYNAMIC: Self = Self::basic(Basic::Dynamic);
}

/// The name of a field in a record's type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Label {
    /// A known name.
    Name(Name),
    /// A name that an argument gives.
    Var(Ty),
}

/// How a parameter is given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ParamKind {
    /// By pipe or by name; a pipe parameter without name is called `<-`.
    Pipe,
    /// Must be given.
    Required,
    /// May be left out.
    Optional,
    /// May be left out and is this column then.
    Defaulted(Name),
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Param {
    pub(crate) name: Name,
    pub(crate) kind: ParamKind,
    pub(crate) ty: Ty,
}

/// A function's type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Function {
    /// The pipe parameter, then the required ones by name, then the optional ones by name.
    params: Vec<Param>,
    pub(crate) result: Ty,
}

impl Function {
    pub(crate) fn new(mut params: Vec<Param>, result: Ty) -> Self {
        let rank = |p: &Param| match p.kind {
            ParamKind::Pipe => 0,
            ParamKind::Required => 1,
            ParamKind::Optional | ParamKind::Defaulted(_) => 2,
        };
        params.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name)));
        Self { params, result }
    }

    pub(crate) fn params(&self) -> &[Param] {
        &self.params
    }

    /// The same function with other parts.
    pub(crate) fn map(&self, mut f: impl FnMut(Ty) -> Ty) -> Self {
        let params = self
            .params
            .iter()
            .map(|p| Param { name: Arc::clone(&p.name), kind: p.kind.clone(), ty: f(p.ty) })
            .collect();
        Self { params, result: f(self.result) }
    }
}

/// One node of a type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// Fits everything.
    Error,
    /// Not known yet; `level` says how deep in nested assignments it was made ([`Arena::GENERIC`]: may be
    /// chosen anew at each use).
    Var { level: u32, kinds: Kinds },
    /// Is another type.
    Link(Ty),
    /// A type without parts.
    Basic(Basic),
    /// The type of one column name.
    Label(Name),
    /// `[T]`
    Array(Ty),
    /// `stream[T]`
    Stream(Ty),
    /// `vector[T]`
    Vector(Ty),
    /// `[K: V]`
    Dict(Ty, Ty),
    /// `{}`
    Empty,
    /// `{tail with label: value}`
    Extend { label: Label, value: Ty, tail: Ty },
    /// `(…) => T`
    Function(Arc<Function>),
}

/// The types of one check.
pub(crate) struct Arena {
    nodes: Vec<Node>,
    /// How many nodes uses of generalized types have copied.
    pub(super) copied: usize,
    marks: Vec<u32>,
    /// Which types are known to have no variables, so that most walks need not enter them again.
    closed: Vec<bool>,
    epoch: u32,
    /// How deep in nested assignments we are.
    pub(crate) level: u32,
    /// Pairs of composed types that are known to be equal.
    pub(crate) equal: HashSet<(Ty, Ty)>,
    /// How deep the running walk is.
    pub(crate) depth: u32,
    pub(crate) errors: Vec<crate::error::Mismatch>,
}

impl Arena {
    /// The level of variables that each use chooses anew.
    pub(crate) const GENERIC: u32 = u32::MAX;
    /// How deep a type may be.
    pub(crate) const MAX_DEPTH: u32 = 200;

    pub(crate) fn new() -> Self {
        let mut nodes = Vec::with_capacity(1024);
        nodes.push(Node::Error);
        nodes.push(Node::Empty);
        nodes.extend(Basic::ALL.into_iter().map(Node::Basic));
        Self {
            marks: vec![0; nodes.len()],
            closed: vec![true; nodes.len()],
            nodes,
            copied: 0,
            epoch: 0,
            level: 0,
            equal: HashSet::new(),
            depth: 0,
            errors: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, node: Node) -> Ty {
        let ty = Ty(self.nodes.len() as u32);
        self.nodes.push(node);
        self.marks.push(0);
        self.closed.push(false);
        ty
    }

    pub(crate) fn len(&self) -> u32 {
        self.nodes.len() as u32
    }

    pub(crate) fn fresh(&mut self) -> Ty {
        self.fresh_of(Kinds::NONE)
    }

    pub(crate) fn fresh_of(&mut self, kinds: Kinds) -> Ty {
        let level = self.level;
        self.push(Node::Var { level, kinds })
    }

    pub(crate) fn function(&mut self, params: Vec<Param>, result: Ty) -> Ty {
        self.push(Node::Function(Arc::new(Function::new(params, result))))
    }

    pub(crate) fn extend(&mut self, name: Name, value: Ty, tail: Ty) -> Ty {
        self.push(Node::Extend { label: Label::Name(name), value, tail })
    }

    /// What a type is by now.
    pub(crate) fn resolve(&self, mut ty: Ty) -> Ty {
        while let Some(Node::Link(to)) = self.nodes.get(ty.0 as usize) {
            ty = *to;
        }
        ty
    }

    /// The node of a type, never a link.
    pub(crate) fn node(&self, ty: Ty) -> &Node {
        self.nodes.get(self.resolve(ty).0 as usize).unwrap_or(&Node::Error)
    }

    /// Replaces the node of a resolved type.
    pub(crate) fn set(&mut self, ty: Ty, node: Node) {
        if let Some(slot) = self.nodes.get_mut(ty.0 as usize) {
            *slot = node;
        }
    }

    /// Begins a walk that visits each node once.
    pub(crate) fn begin_walk(&mut self) {
        self.epoch += 1;
    }

    /// Whether the running walk sees this node for the first time.
    pub(crate) fn first_visit(&mut self, ty: Ty) -> bool {
        let epoch = self.epoch;
        match self.marks.get_mut(ty.0 as usize) {
            Some(mark) if *mark != epoch => {
                *mark = epoch;
                true
            }
            _ => false,
        }
    }

    /// Whether a type is known to have no variables.
    pub(crate) fn is_closed(&self, ty: Ty) -> bool {
        self.closed.get(ty.0 as usize).copied().unwrap_or(true)
    }

    /// Says of a type, and with it of its parts, that it has no variables.
    pub(crate) fn close(&mut self, ty: Ty) {
        if let Some(closed) = self.closed.get_mut(ty.0 as usize) {
            *closed = true;
        }
    }

    /// The parts of a type.
    pub(crate) fn parts(&self, ty: Ty, mut each: impl FnMut(Ty)) {
        match self.node(ty) {
            Node::Array(t) | Node::Stream(t) | Node::Vector(t) => each(*t),
            Node::Dict(k, v) => {
                each(*k);
                each(*v);
            }
            Node::Extend { label, value, tail } => {
                if let Label::Var(t) = label {
                    each(*t);
                }
                each(*value);
                each(*tail);
            }
            Node::Function(function) => {
                function.params().iter().for_each(|p| each(p.ty));
                each(function.result);
            }
            Node::Error
            | Node::Var { .. }
            | Node::Link(_)
            | Node::Basic(_)
            | Node::Label(_)
            | Node::Empty => {}
        }
    }
}
