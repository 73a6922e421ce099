//! Making types equal.
//!
//! What does not fit is added to the arena's list of mismatches; the walk goes on, so that one call tells
//! everything that is wrong with its arguments.

mod bind;
mod function;
mod kind;
mod record;

use crate::error::{Cause, Context, Mismatch};
use crate::types::{Arena, Basic, Label, Name, Node, Ty};

impl Arena {
    /// Makes a found type equal to an expected one, as far as possible.
    pub(crate) fn unify(&mut self, expected: Ty, found: Ty) {
        let (expected, found) = (self.resolve(expected), self.resolve(found));
        if expected == found || self.equal.contains(&(expected, found)) {
            return;
        }
        if self.depth >= Self::MAX_DEPTH {
            return self.fail(Cause::TooDeep);
        }
        self.depth += 1;
        let before = self.errors.len();
        self.unify_nodes(expected, found);
        if self.errors.len() == before {
            self.equal.insert((expected, found));
        }
        self.depth -= 1;
    }

    fn unify_nodes(&mut self, expected: Ty, found: Ty) {
        match (self.node(expected), self.node(found)) {
            (Node::Error, _) | (_, Node::Error) => {}
            (Node::Var { .. }, _) => self.bind(expected, found),
            (_, Node::Var { .. }) => self.bind(found, expected),
            (Node::Basic(a), Node::Basic(b)) if a == b => {}
            (Node::Label(a), Node::Label(b)) if a == b => {}
            // A column's name is a string for whoever reads it, and a computed string may name a column.
            (Node::Label(_), Node::Basic(Basic::String)) | (Node::Basic(Basic::String), Node::Label(_)) => {}
            (Node::Array(a), Node::Array(b))
            | (Node::Stream(a), Node::Stream(b))
            | (Node::Vector(a), Node::Vector(b)) => {
                let (a, b) = (*a, *b);
                self.unify(a, b);
            }
            (
                Node::Array(a) | Node::Stream(a) | Node::Vector(a),
                Node::Array(b) | Node::Stream(b) | Node::Vector(b),
            ) => {
                let (a, b) = (*a, *b);
                self.fail(Cause::Different { expected, found });
                self.unify(a, b);
            }
            (Node::Dict(a, b), Node::Dict(c, d)) => {
                let (a, b, c, d) = (*a, *b, *c, *d);
                self.unify(a, c);
                self.unify(b, d);
            }
            (Node::Empty | Node::Extend { .. }, Node::Empty | Node::Extend { .. }) => {
                self.unify_records(expected, found);
            }
            (Node::Basic(Basic::Dynamic), Node::Extend { .. }) => self.become_dynamic(expected, found, found),
            (Node::Extend { .. }, Node::Basic(Basic::Dynamic)) => {
                self.become_dynamic(expected, found, expected)
            }
            (Node::Function(a), Node::Function(b)) => {
                let (a, b) = (a.clone(), b.clone());
                self.unify_functions(&a, &b);
            }
            _ => self.fail(Cause::Different { expected, found }),
        }
    }

    /// A record of which only some fields are known may turn out to be dynamic; then these fields are too.
    fn become_dynamic(&mut self, expected: Ty, found: Ty, record: Ty) {
        let (fields, tail) = self.fields(record);
        match self.node(tail) {
            Node::Var { .. } | Node::Error | Node::Basic(Basic::Dynamic) => {
                self.set(record, Node::Link(Ty::DYNAMIC));
                self.unify(Ty::DYNAMIC, tail);
                for (_, value) in fields {
                    self.unify(Ty::DYNAMIC, value);
                }
            }
            _ => self.fail(Cause::Different { expected, found }),
        }
    }

    pub(crate) fn fail(&mut self, cause: Cause) {
        self.errors.push(Mismatch::new(cause));
    }

    /// Does something and says of each mismatch found where it was.
    pub(crate) fn within(&mut self, context: &Context, act: impl FnOnce(&mut Self)) {
        let before = self.errors.len();
        act(self);
        for error in self.errors.iter_mut().skip(before) {
            error.contexts.push(context.clone());
        }
    }

    /// A record's field names that are known by now, with their types, and what follows them. A field whose
    /// name is not known makes the record open.
    fn fields(&mut self, record: Ty) -> (Vec<(Name, Ty)>, Ty) {
        let mut fields = Vec::new();
        let mut unknown = false;
        let mut tail = self.resolve(record);
        while let Node::Extend { label, value, tail: next } = self.node(tail) {
            match label {
                Label::Name(name) => fields.push((name.clone(), *value)),
                Label::Var(var) => match self.node(*var) {
                    Node::Label(name) => fields.push((name.clone(), *value)),
                    _ => unknown = true,
                },
            }
            tail = self.resolve(*next);
        }
        if unknown && tail == Ty::EMPTY {
            tail = Ty::ERROR;
        }
        (fields, tail)
    }
}

#[cfg(test)]
mod tests;
