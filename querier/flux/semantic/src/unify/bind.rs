//! Giving a variable its type.

use crate::error::Cause;
use crate::types::{Arena, Node, Ty};

impl Arena {
    /// Makes an unbound variable be a type; both are resolved and differ.
    pub(super) fn bind(&mut self, var: Ty, ty: Ty) {
        let Node::Var { level, kinds } = *self.node(var) else { return };
        if let Node::Var { level: other_level, kinds: other_kinds } = *self.node(ty) {
            self.set(ty, Node::Var { level: level.min(other_level), kinds: kinds.union(other_kinds) });
            self.set(var, Node::Link(ty));
            return;
        }
        if self.occurs(var, ty, level) {
            return self.fail(Cause::Recursive { var, ty });
        }
        self.set(var, Node::Link(ty));
        for kind in kinds.iter() {
            if let Err(part) = self.constrain(ty, kind) {
                // One reason is enough.
                return self.fail(Cause::NotOfKind { ty: part, kind });
            }
        }
    }

    /// Whether a variable is a part of a type. The type's variables become no younger than `level`, so that an
    /// assignment inside does not generalize what is known outside.
    fn occurs(&mut self, var: Ty, ty: Ty, level: u32) -> bool {
        self.begin_walk();
        let mut todo = vec![self.resolve(ty)];
        while let Some(ty) = todo.pop() {
            if ty == var {
                return true;
            }
            if self.is_closed(ty) || !self.first_visit(ty) {
                continue;
            }
            match *self.node(ty) {
                Node::Var { level: own, kinds } if own > level => {
                    self.set(ty, Node::Var { level, kinds });
                }
                _ => self.parts(ty, |part| todo.push(self.resolve(part))),
            }
        }
        false
    }
}
