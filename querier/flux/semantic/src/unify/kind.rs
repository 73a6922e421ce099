//! Asking a type to be of a kind.

use crate::types::{Arena, Basic, Kind, Node, Ty};

impl Arena {
    /// Makes a type be of a kind; answers the part that is not.
    pub(crate) fn constrain(&mut self, ty: Ty, kind: Kind) -> Result<(), Ty> {
        self.begin_walk();
        let mut todo = vec![self.resolve(ty)];
        while let Some(ty) = todo.pop() {
            if !self.first_visit(ty) {
                continue;
            }
            let ok = match *self.node(ty) {
                Node::Error | Node::Link(_) => true,
                Node::Var { level, kinds } => {
                    self.set(ty, Node::Var { level, kinds: kinds.with(kind) });
                    true
                }
                Node::Basic(basic) => basic.kinds().contains(kind),
                Node::Label(_) => Basic::String.kinds().contains(kind),
                Node::Vector(element) => {
                    todo.push(self.resolve(element));
                    true
                }
                Node::Array(element) | Node::Stream(element) if kind == Kind::Equatable => {
                    todo.push(self.resolve(element));
                    true
                }
                Node::Empty => matches!(kind, Kind::Record | Kind::Equatable),
                Node::Extend { value, tail, .. } if kind == Kind::Equatable => {
                    todo.push(self.resolve(tail));
                    todo.push(self.resolve(value));
                    true
                }
                Node::Extend { .. } => kind == Kind::Record,
                Node::Array(_) | Node::Stream(_) | Node::Dict(..) | Node::Function(_) => false,
            };
            if !ok {
                return Err(ty);
            }
        }
        Ok(())
    }
}
