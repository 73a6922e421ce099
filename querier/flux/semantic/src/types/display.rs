//! Types as users read them.

use std::collections::HashSet;

use super::layout::{Piece, lay_out};
use super::{Arena, Basic, Function, Kinds, Label, Node, ParamKind, Ty};

/// Longest text of one type: shared parts can make a small type print without end.
const MAX_TEXT: usize = 4 * 1024;
/// The most fields of a record, or parameters of a function, that stand on one line.
const MAX_INLINE: usize = 4;

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

/// A type's text on one line, a record's fields as they were put into it.
pub(crate) fn render_type(arena: &Arena, ty: Ty, letters: &mut Letters) -> String {
    let mut writer = Writer { arena, letters, room: MAX_TEXT, by_name: false };
    let mut pieces = Vec::new();
    writer.write(ty, &mut pieces, 0);
    // What stands in a group that is not broken stays on its line.
    flat(&pieces)
}

/// A type's text as messages show it: on several lines where it is long, a record's fields from the last of their
/// names to the first.
pub(crate) fn render_told(arena: &Arena, ty: Ty, letters: &mut Letters) -> String {
    name_variables(arena, ty, letters, &mut HashSet::new(), 0);
    let mut writer = Writer { arena, letters, room: MAX_TEXT, by_name: true };
    let mut pieces = Vec::new();
    writer.write(ty, &mut pieces, 0);
    lay_out(&pieces)
}

fn flat(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Line(text) => out.push_str(text),
            Piece::IfBroken(_) => {}
            Piece::Nest(inner) | Piece::Group(inner) | Piece::Broken(inner) => out.push_str(&flat(inner)),
        }
    }
    out
}

/// Names variables in the order in which messages count them: required parameters, optional ones, what is piped, the
/// result; what a record extends, then its fields by name.
fn name_variables(arena: &Arena, ty: Ty, letters: &mut Letters, seen: &mut HashSet<Ty>, depth: u32) {
    let ty = arena.resolve(ty);
    if depth > Arena::MAX_DEPTH || !seen.insert(ty) {
        return;
    }
    let mut inner = |ty: Ty| name_variables(arena, ty, letters, seen, depth + 1);
    match arena.node(ty) {
        Node::Var { .. } => {
            letters.name(ty);
        }
        Node::Array(t) | Node::Stream(t) | Node::Vector(t) => inner(*t),
        Node::Dict(k, v) => {
            inner(*k);
            inner(*v);
        }
        Node::Extend { .. } => {
            let (mut fields, tail) = fields(arena, ty);
            fields.sort_by(|a, b| label_name(arena, a.0).cmp(label_name(arena, b.0)));
            inner(tail);
            fields.iter().for_each(|(_, value)| inner(*value));
        }
        Node::Function(function) => {
            let of = |wanted: fn(&ParamKind) -> bool| {
                function.params().iter().filter(move |p| wanted(&p.kind)).map(|p| p.ty)
            };
            of(|kind| matches!(kind, ParamKind::Required)).for_each(&mut inner);
            of(|kind| matches!(kind, ParamKind::Optional | ParamKind::Defaulted(_))).for_each(&mut inner);
            of(|kind| matches!(kind, ParamKind::Pipe)).for_each(&mut inner);
            inner(function.result);
        }
        Node::Error | Node::Link(_) | Node::Basic(_) | Node::Label(_) | Node::Empty => {}
    }
}

/// A record's fields, and what they extend.
fn fields(arena: &Arena, record: Ty) -> (Vec<(&Label, Ty)>, Ty) {
    let mut fields = Vec::new();
    let mut tail = record;
    while let Node::Extend { label, value, tail: next } = arena.node(tail) {
        fields.push((label, *value));
        tail = arena.resolve(*next);
    }
    (fields, tail)
}

fn label_name<'a>(arena: &'a Arena, label: &'a Label) -> &'a str {
    match label {
        Label::Name(name) => name,
        Label::Var(var) => match arena.node(*var) {
            Node::Label(name) => name,
            _ => "",
        },
    }
}

struct Writer<'a, 'l> {
    arena: &'a Arena,
    letters: &'l mut Letters,
    /// How many more bytes may be written.
    room: usize,
    by_name: bool,
}

impl Writer<'_, '_> {
    fn write(&mut self, ty: Ty, out: &mut Vec<Piece>, depth: u32) {
        if self.room == 0 || depth > Arena::MAX_DEPTH {
            out.push(Piece::text("…"));
            return;
        }
        let arena = self.arena;
        let ty = arena.resolve(ty);
        match arena.node(ty) {
            Node::Error | Node::Link(_) => self.text(out, "<error>"),
            Node::Var { .. } => {
                let name = self.letters.name(ty);
                self.text(out, name);
            }
            Node::Basic(basic) => self.text(out, basic.as_str()),
            Node::Label(name) => self.text(out, format!(".{name}")),
            Node::Array(t) => self.within(out, "[", *t, "]", depth),
            Node::Stream(t) => self.within(out, "stream[", *t, "]", depth),
            Node::Vector(t) => self.within(out, "vector[", *t, "]", depth),
            Node::Dict(k, v) => {
                self.within(out, "[", *k, ":", depth);
                self.within(out, "", *v, "]", depth);
            }
            Node::Empty => self.text(out, "{}"),
            Node::Extend { .. } => self.record(ty, out, depth),
            Node::Function(function) => self.function(function, out, depth),
        }
    }

    fn text(&mut self, out: &mut Vec<Piece>, text: impl Into<String>) {
        let text = text.into();
        self.room = self.room.saturating_sub(text.len());
        out.push(Piece::Text(text));
    }

    fn within(&mut self, out: &mut Vec<Piece>, before: &str, ty: Ty, after: &str, depth: u32) {
        self.text(out, before);
        self.write(ty, out, depth + 1);
        self.text(out, after);
    }

    fn record(&mut self, ty: Ty, out: &mut Vec<Piece>, depth: u32) {
        let (mut fields, tail) = fields(self.arena, ty);
        if self.by_name {
            fields.sort_by(|a, b| label_name(self.arena, a.0).cmp(label_name(self.arena, b.0)));
            fields.reverse();
        }
        let many = fields.len() > MAX_INLINE;
        let mut inner = vec![Piece::Line("")];
        if tail != Ty::EMPTY {
            self.write(tail, &mut inner, depth + 1);
            inner.extend([Piece::text(" with"), Piece::Line(" ")]);
        }
        for (i, (label, value)) in fields.into_iter().enumerate() {
            if i > 0 {
                inner.extend([Piece::text(","), Piece::Line(" ")]);
            }
            if self.room == 0 {
                inner.push(Piece::text("…"));
                break;
            }
            match label {
                Label::Name(name) if is_identifier(name) || self.by_name => self.text(&mut inner, &**name),
                Label::Name(name) => self.text(&mut inner, format!("{name:?}")),
                Label::Var(var) => self.write(*var, &mut inner, depth + 1),
            }
            self.within(&mut inner, ": ", value, "", depth);
        }
        inner.push(Piece::IfBroken(","));
        let whole = vec![Piece::text("{"), Piece::Nest(inner), Piece::Line(""), Piece::text("}")];
        out.push(if many { Piece::Broken(whole) } else { Piece::Group(whole) });
    }

    fn function(&mut self, function: &Function, out: &mut Vec<Piece>, depth: u32) {
        let mut inner = vec![Piece::Line("")];
        for (i, param) in function.params().iter().enumerate() {
            if i > 0 {
                inner.extend([Piece::text(","), Piece::Line(" ")]);
            }
            match param.kind {
                ParamKind::Pipe if &*param.name == "<-" => {}
                ParamKind::Pipe => self.text(&mut inner, "<-"),
                ParamKind::Required => {}
                ParamKind::Optional | ParamKind::Defaulted(_) => self.text(&mut inner, "?"),
            }
            self.text(&mut inner, &*param.name);
            self.within(&mut inner, ": ", param.ty, "", depth);
            if let ParamKind::Defaulted(label) = &param.kind {
                self.text(&mut inner, format!(" = .{label}"));
            }
        }
        inner.push(Piece::IfBroken(","));
        if function.params().is_empty() {
            inner.clear();
        }
        let edge = if function.params().is_empty() { Piece::text("") } else { Piece::Line("") };
        let mut whole = vec![Piece::text("("), Piece::Nest(inner), edge, Piece::text(") => ")];
        self.write(function.result, &mut whole, depth + 1);
        out.push(if function.params().len() > MAX_INLINE {
            Piece::Broken(whole)
        } else {
            Piece::Group(whole)
        });
    }
}

/// What is said behind a composed type in messages; streams say it themselves.
pub(crate) fn type_info(arena: &Arena, ty: Ty) -> &'static str {
    match arena.node(ty) {
        Node::Function(_) => " (function)",
        Node::Dict(..) => " (dictionary)",
        Node::Empty | Node::Extend { .. } => " (record)",
        Node::Array(_) => " (array)",
        Node::Basic(Basic::Dynamic) => " (dynamic)",
        Node::Vector(_) => " (vector)",
        _ => "",
    }
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}
