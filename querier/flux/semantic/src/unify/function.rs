//! Functions, and calls as functions of the arguments that are given.
//!
//! The expected function's parameters rule: what it requires must be there, what it allows may be, and nothing
//! else. A found function may have more optional parameters, for they need not be given. A pipe parameter is a
//! required one that may be given without its name; a call that pipes has a pipe parameter called `<-`.

use crate::error::{Cause, Context};
use crate::types::{Arena, Function, Kind, Name, Node, Param, ParamKind, Ty};

impl Arena {
    pub(crate) fn unify_functions(&mut self, expected: &Function, found: &Function) {
        let (expected_pipe, found_pipe) = (pipe(expected), pipe(found));
        // Under which name a pipe parameter counts as required, for either side.
        let mut expected_as: Option<Name> = None;
        let mut found_as: Option<Name> = None;
        match (expected_pipe, found_pipe) {
            (Some(e), Some(f)) if &*e.name != "<-" && &*f.name != "<-" && e.name != f.name => {
                self.fail(Cause::OtherPipe { expected: e.name.clone(), found: f.name.clone() });
            }
            (Some(e), Some(_)) => {
                expected_as = Some(e.name.clone());
                found_as = Some(e.name.clone());
            }
            (Some(p), None) if &*p.name != "<-" => expected_as = Some(p.name.clone()),
            (None, Some(p)) if &*p.name != "<-" => found_as = Some(p.name.clone()),
            (Some(_), None) | (None, Some(_)) => self.fail(Cause::MissingPipe),
            (None, None) => {}
        }
        let expected = Side::new(expected, expected_as);
        let found = Side::new(found, found_as);

        for (name, _) in &found.required {
            if expected.get(name).is_none() {
                let instead = expected.names().filter(|n| found.get(n).is_none()).cloned().collect();
                self.fail(Cause::UnexpectedArgument { name: name.clone(), instead });
            }
        }
        // What names a column first, because records have fields of that name.
        let labels_first = |arena: &Self, p: &Param| arena.is_label(p.ty);
        let labelled: Vec<bool> = expected.optional.iter().map(|p| labels_first(self, p)).collect();
        for (param, _) in expected.optional.iter().zip(&labelled).filter(|(_, labelled)| **labelled) {
            self.unify_optional(param, &found);
        }
        for (name, ty) in &expected.required {
            match found.get(name) {
                Some(given) => {
                    let context = Context::Argument(name.clone());
                    self.within(&context, |arena| arena.unify(*ty, given));
                }
                None => self.fail(Cause::MissingArgument(name.clone())),
            }
        }
        for (param, _) in expected.optional.iter().zip(&labelled).filter(|(_, labelled)| !**labelled) {
            self.unify_optional(param, &found);
        }
        let context = Context::Result { expected: expected.result, found: found.result };
        self.within(&context, |arena| arena.unify(expected.result, found.result));
    }

    fn unify_optional(&mut self, param: &Param, found: &Side<'_>) {
        let given = match (found.get(&param.name), &param.kind) {
            (Some(ty), _) => ty,
            (None, ParamKind::Defaulted(label)) => self.push(Node::Label(label.clone())),
            (None, _) => return,
        };
        let context = Context::Argument(param.name.clone());
        self.within(&context, |arena| arena.unify(param.ty, given));
    }

    /// Whether a parameter names a column.
    pub(crate) fn is_label(&self, ty: Ty) -> bool {
        matches!(self.node(ty), Node::Var { kinds, .. } if kinds.contains(Kind::Label))
    }
}

fn pipe(function: &Function) -> Option<&Param> {
    function.params().iter().find(|p| p.kind == ParamKind::Pipe)
}

/// A function whose pipe parameter stands among the required ones.
struct Side<'a> {
    /// By name.
    required: Vec<(Name, Ty)>,
    /// By name.
    optional: Vec<&'a Param>,
    result: Ty,
}

impl<'a> Side<'a> {
    fn new(function: &'a Function, pipe_as: Option<Name>) -> Self {
        let mut required = Vec::with_capacity(function.params().len());
        let mut optional = Vec::new();
        for param in function.params() {
            match (&param.kind, &pipe_as) {
                (ParamKind::Pipe, Some(name)) => required.push((name.clone(), param.ty)),
                (ParamKind::Pipe, None) => {}
                (ParamKind::Required, _) => required.push((param.name.clone(), param.ty)),
                (ParamKind::Optional | ParamKind::Defaulted(_), _) => optional.push(param),
            }
        }
        required.sort_by(|a, b| a.0.cmp(&b.0));
        Self { required, optional, result: function.result }
    }

    fn get(&self, name: &str) -> Option<Ty> {
        let required = self.required.iter().find(|(n, _)| &**n == name).map(|(_, ty)| *ty);
        required.or_else(|| self.optional.iter().find(|p| &*p.name == name).map(|p| p.ty))
    }

    fn names(&self) -> impl Iterator<Item = &Name> {
        self.required.iter().map(|(name, _)| name).chain(self.optional.iter().map(|p| &p.name))
    }
}
