//! Generalizing types, using them anew, and carrying them in and out of an arena.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::Cause;

use super::{Arena, Label, Node, PolyType, Ty};

/// How many nodes of generalized types all uses together may copy.
const MOST_COPIES: usize = 1_000_000;

impl Arena {
    /// Lets each use of a type choose those variables that nothing outside the running assignment knows.
    /// Answers whether there are any.
    pub(crate) fn generalize(&mut self, ty: Ty) -> bool {
        let level = self.level;
        let root = self.resolve(ty);
        let (mut any, mut vars) = (false, false);
        self.begin_walk();
        let mut todo = vec![root];
        while let Some(ty) = todo.pop() {
            if self.is_closed(ty) || !self.first_visit(ty) {
                continue;
            }
            match *self.node(ty) {
                Node::Var { level: own, kinds } => {
                    vars = true;
                    if own > level {
                        any = true;
                        self.set(ty, Node::Var { level: Self::GENERIC, kinds });
                    }
                }
                _ => self.parts(ty, |part| todo.push(self.resolve(part))),
            }
        }
        if !vars {
            self.close(root);
        }
        any
    }

    /// A copy of a generalized type with variables of its own.
    pub(crate) fn use_anew(&mut self, ty: Ty) -> Ty {
        self.copy(ty, |level| level == Self::GENERIC)
    }

    /// A copy of a type with variables of its own in the place of those that nothing outside the deeper levels knows.
    pub(crate) fn use_deeper_anew(&mut self, ty: Ty) -> Ty {
        let outside = self.level;
        self.copy(ty, move |level| level > outside)
    }

    fn copy(&mut self, ty: Ty, is_free: impl Fn(u32) -> bool) -> Ty {
        let mut copies = HashMap::new();
        let parts = self.parts_first(ty, |ty| self.is_closed(ty));
        // A record that holds the one before twice doubles with each line of a script.
        let before = self.copied;
        self.copied = before.saturating_add(parts.len());
        if self.copied > MOST_COPIES {
            if before <= MOST_COPIES {
                self.fail(Cause::TooLarge);
            }
            return Ty::ERROR;
        }
        for ty in parts {
            let copy = match self.node(ty).clone() {
                Node::Var { level, kinds } if is_free(level) => self.fresh_of(kinds),
                node => match self.with_parts(&node, &copies) {
                    Some(node) => self.push(node),
                    None => ty,
                },
            };
            copies.insert(ty, copy);
        }
        let root = self.resolve(ty);
        copies.get(&root).copied().unwrap_or(root)
    }

    /// A finished type brought in, with variables of its own.
    pub(crate) fn instantiate(&mut self, poly: &PolyType) -> Ty {
        let base = self.len();
        let shift = |ty: Ty| {
            if ty.0 < Ty::CONSTANTS { ty } else { Ty(ty.0 - Ty::CONSTANTS + base) }
        };
        for node in poly.nodes() {
            let node = match node {
                Node::Var { kinds, .. } => Node::Var { level: self.level, kinds: *kinds },
                node => map_parts(node, shift),
            };
            self.push(node);
        }
        shift(poly.root())
    }

    /// A type taken out; all its free variables become quantified.
    pub(crate) fn export(&self, ty: Ty) -> PolyType {
        let mut nodes = Vec::new();
        let mut places: HashMap<Ty, Ty> = HashMap::new();
        let place = |ty: Ty, places: &HashMap<Ty, Ty>| {
            let ty = self.resolve(ty);
            if ty.0 < Ty::CONSTANTS { ty } else { places.get(&ty).copied().unwrap_or(Ty::ERROR) }
        };
        for ty in self.parts_first(ty, |ty| ty.0 < Ty::CONSTANTS) {
            let node = match self.node(ty) {
                Node::Var { kinds, .. } => Node::Var { level: Self::GENERIC, kinds: *kinds },
                node => map_parts(node, |part| place(part, &places)),
            };
            places.insert(ty, Ty(Ty::CONSTANTS + nodes.len() as u32));
            nodes.push(node);
        }
        PolyType::from_nodes(nodes, place(ty, &places))
    }

    /// All nodes of a type, each once, parts before wholes; some are left out with their parts.
    fn parts_first(&self, root: Ty, without: impl Fn(Ty) -> bool) -> Vec<Ty> {
        let mut order = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut todo = vec![(self.resolve(root), false)];
        while let Some((ty, ready)) = todo.pop() {
            if ready {
                order.push(ty);
            } else if !without(ty) && seen.insert(ty) {
                todo.push((ty, true));
                self.parts(ty, |part| todo.push((self.resolve(part), false)));
            }
        }
        order
    }

    /// The node with copied parts, if any of them was copied.
    fn with_parts(&self, node: &Node, copies: &HashMap<Ty, Ty>) -> Option<Node> {
        let mut changed = false;
        let node = map_parts(node, |part| {
            let part = self.resolve(part);
            let copy = copies.get(&part).copied().unwrap_or(part);
            changed |= copy != part;
            copy
        });
        changed.then_some(node)
    }
}

/// The node with other parts.
fn map_parts(node: &Node, mut f: impl FnMut(Ty) -> Ty) -> Node {
    match node {
        Node::Array(t) => Node::Array(f(*t)),
        Node::Stream(t) => Node::Stream(f(*t)),
        Node::Vector(t) => Node::Vector(f(*t)),
        Node::Dict(k, v) => Node::Dict(f(*k), f(*v)),
        Node::Extend { label, value, tail } => {
            let label = match label {
                Label::Name(name) => Label::Name(Arc::clone(name)),
                Label::Var(t) => Label::Var(f(*t)),
            };
            Node::Extend { label, value: f(*value), tail: f(*tail) }
        }
        Node::Function(function) => Node::Function(Arc::new(function.map(f))),
        node => node.clone(),
    }
}
