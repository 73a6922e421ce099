//! Records.
//!
//! A record is a list of labelled fields and a tail: nothing (closed) or a variable (open). A label may stand
//! in it more than once; the first hides the others, and the n-th of one record is matched with the n-th of the
//! other. What only one of both has goes into the other's tail, if that is open.

use std::collections::{HashMap, VecDeque};

use crate::error::{Cause, Context};
use crate::types::{Arena, Name, Node, Ty};

/// From how many fields on an index pays.
const INDEXED: usize = 16;

impl Arena {
    pub(super) fn unify_records(&mut self, expected: Ty, found: Ty) {
        let (left, left_tail) = self.fields(expected);
        let (right, right_tail) = self.fields(found);
        let (pairs, only_left, only_right) = pair_fields(left, right);
        let same_tail = left_tail == right_tail && matches!(self.node(left_tail), Node::Var { .. });

        let last = pairs.len().wrapping_sub(1);
        for (i, (name, a, b)) in pairs.into_iter().enumerate() {
            if same_tail && i == last {
                let context = Context::Label { name, expected: a, found: b };
                self.within(&context, |arena| arena.unify(a, b));
            } else {
                self.unify(a, b);
            }
        }

        match (only_left.is_empty(), only_right.is_empty()) {
            (true, true) => self.unify(left_tail, right_tail),
            _ if same_tail => self.fail(Cause::Different { expected, found }),
            (true, false) => self.unify_tail(left_tail, only_right, right_tail, true),
            (false, true) => self.unify_tail(right_tail, only_left, left_tail, false),
            (false, false) => {
                let rest = self.fresh();
                self.unify_tail(left_tail, only_right, rest, true);
                self.unify_tail(right_tail, only_left, rest, false);
            }
        }
    }

    /// Puts the fields that only the other record has, and what follows them, into a record's tail.
    fn unify_tail(&mut self, tail: Ty, fields: Vec<(Name, Ty)>, rest: Ty, tail_is_expected: bool) {
        let tail = self.resolve(tail);
        match self.node(tail) {
            Node::Error => {}
            Node::Empty => {
                // The first is told; where one is not as expected, others often are not.
                if let Some((name, _)) = fields.into_iter().next() {
                    self.fail(if tail_is_expected {
                        Cause::UnexpectedLabel(name)
                    } else {
                        Cause::MissingLabel(name)
                    });
                }
            }
            _ => {
                let mut record = rest;
                for (name, value) in fields.into_iter().rev() {
                    record = self.extend(name, value, record);
                }
                if tail_is_expected {
                    self.unify(tail, record);
                } else {
                    self.unify(record, tail);
                }
            }
        }
    }
}

type Fields = Vec<(Name, Ty)>;

/// Fields of the same label in both, those only in the left, those only in the right.
fn pair_fields(left: Fields, right: Fields) -> (Vec<(Name, Ty, Ty)>, Fields, Fields) {
    let mut pairs = Vec::with_capacity(left.len().min(right.len()));
    let mut only_left = Vec::new();
    let mut taken = vec![false; right.len()];
    let mut index: HashMap<&str, VecDeque<usize>> = HashMap::new();
    if right.len() > INDEXED {
        for (i, (name, _)) in right.iter().enumerate() {
            index.entry(name).or_default().push_back(i);
        }
    }
    for (name, value) in left {
        let place = if right.len() > INDEXED {
            index.get_mut(&*name).and_then(VecDeque::pop_front)
        } else {
            right.iter().zip(&taken).position(|((other, _), taken)| !taken && *other == name)
        };
        match place.and_then(|i| Some((right.get(i)?, taken.get_mut(i)?))) {
            Some(((_, other), taken)) => {
                *taken = true;
                pairs.push((name, value, *other));
            }
            None => only_left.push((name, value)),
        }
    }
    let only_right = right.into_iter().zip(taken).filter(|(_, taken)| !taken).map(|(f, _)| f).collect();
    (pairs, only_left, only_right)
}
