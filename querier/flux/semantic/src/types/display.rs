//! Types as users read them.

use std::fmt::Write as _;

use super::{Arena, Kinds, Label, Node, ParamKind, Ty};

/// Longest text of one type: shared parts can make a small type print without end.
const MAX_TEXT: usize = 4 * 1024;

/// Names given to variables in the order in which they are first read.
#[derive(Default)]
pub(crate) struct Letters {
    vars: Vec<Ty>,
}

impl Letters {
    fn name(&mut self, var: Ty) -> String {
        let index = self.vars.iter().position(|v| *v == var).unwrap_or_else(|| {
            self.vars.push(var);
            self.vars.len() - 1
        });
        letter(index)
    }

    /// The named variables that have constraints.
    pub(crate) fn constrained(&self, arena: &Arena) -> Vec<(String, Kinds)> {
        let kinds = |var: &Ty| match arena.node(*var) {
            Node::Var { kinds, .. } => *kinds,
            _ => Kinds::NONE,
        };
        self.vars
            .iter()
            .enumerate()
            .map(|(i, var)| (letter(i), kinds(var)))
            .filter(|(_, kinds)| !kinds.is_empty())
            .collect()
    }
}

fn letter(index: usize) -> String {
    match u8::try_from(index) {
        Ok(i) if i < 26 => char::from(b'A' + i).to_string(),
        _ => format!("t{index}"),
    }
}

/// A type's text.
pub(crate) fn render_type(arena: &Arena, ty: Ty, letters: &mut Letters) -> String {
    let mut out = String::new();
    write_type(arena, ty, letters, &mut out, 0);
    out
}

/// What is said behind a composed type in messages; streams say it themselves.
pub(crate) fn type_info(arena: &Arena, ty: Ty) -> &'static str {
    match arena.node(ty) {
        Node::Function(_) => " (function)",
        Node::Dict(..) => " (dictionary)",
        Node::Empty | Node::Extend { .. } => " (record)",
        Node::Array(_) => " (array)",
        Node::Vector(_) => " (vector)",
        _ => "",
    }
}

fn write_type(arena: &Arena, ty: Ty, letters: &mut Letters, out: &mut String, depth: u32) {
    if out.len() > MAX_TEXT || depth > Arena::MAX_DEPTH {
        out.push('…');
        return;
    }
    let ty = arena.resolve(ty);
    let nested = |prefix: &str, part: Ty, suffix: &str, letters: &mut Letters, out: &mut String| {
        out.push_str(prefix);
        write_type(arena, part, letters, out, depth + 1);
        out.push_str(suffix);
    };
    match arena.node(ty) {
        Node::Error | Node::Link(_) => out.push_str("<error>"),
        Node::Var { .. } => out.push_str(&letters.name(ty)),
        Node::Basic(basic) => out.push_str(basic.as_str()),
        Node::Label(name) => {
            let _ = write!(out, ".{name}");
        }
        Node::Array(t) => nested("[", *t, "]", letters, out),
        Node::Stream(t) => nested("stream[", *t, "]", letters, out),
        Node::Vector(t) => nested("vector[", *t, "]", letters, out),
        Node::Dict(k, v) => {
            nested("[", *k, ": ", letters, out);
            nested("", *v, "]", letters, out);
        }
        Node::Empty => out.push_str("{}"),
        Node::Extend { .. } => write_record(arena, ty, letters, out, depth),
        Node::Function(function) => {
            out.push('(');
            for (i, param) in function.params().iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                match param.kind {
                    ParamKind::Pipe if &*param.name == "<-" => {}
                    ParamKind::Pipe => out.push_str("<-"),
                    ParamKind::Required => {}
                    ParamKind::Optional | ParamKind::Defaulted(_) => out.push('?'),
                }
                out.push_str(&param.name);
                nested(": ", param.ty, "", letters, out);
                if let ParamKind::Defaulted(label) = &param.kind {
                    let _ = write!(out, " = .{label}");
                }
            }
            nested(") => ", function.result, "", letters, out);
        }
    }
}

fn write_record(arena: &Arena, ty: Ty, letters: &mut Letters, out: &mut String, depth: u32) {
    let mut fields = Vec::new();
    let mut tail = ty;
    while let Node::Extend { label, value, tail: next } = arena.node(tail) {
        fields.push((label, *value));
        tail = arena.resolve(*next);
    }
    out.push('{');
    if tail != Ty::EMPTY {
        write_type(arena, tail, letters, out, depth + 1);
        out.push_str(" with ");
    }
    for (i, (label, value)) in fields.into_iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        if out.len() > MAX_TEXT {
            out.push('…');
            break;
        }
        match label {
            Label::Name(name) if is_identifier(name) => out.push_str(name),
            Label::Name(name) => {
                let _ = write!(out, "{name:?}");
            }
            Label::Var(var) => write_type(arena, *var, letters, out, depth + 1),
        }
        out.push_str(": ");
        write_type(arena, value, letters, out, depth + 1);
    }
    out.push('}');
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}
