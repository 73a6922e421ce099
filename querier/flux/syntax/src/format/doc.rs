//! Documents: text with places where lines may break.
//!
//! A group is laid out on one line if it fits there, else its lines break. A union tries its left side and
//! takes the right one if a line of the left got too long or the left failed.

use std::rc::Rc;

/// Columns of one level of indentation.
pub(super) const INDENT: usize = 4;

#[derive(Debug)]
pub(super) enum Kind {
    /// Nothing.
    Nil,
    /// A break with indentation.
    Line,
    /// A break inside a string, without indentation.
    RawLine,
    /// Text without breaks.
    Text(String),
    /// Text of a literal: may hold breaks, and keeps its blanks at the ends of lines.
    Verbatim(String),
    /// The first where lines break, the second where they do not.
    FlatAlt(Doc, Doc),
    /// One level deeper.
    Nest(Doc),
    /// On one line if it fits.
    Group(Doc),
    /// The first if it fits, else the second.
    Union(Doc, Doc),
    /// One after the other.
    Concat(Vec<Doc>),
    /// Never fits.
    Fail,
}

/// A document; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Doc(pub(super) Rc<Kind>);

impl Doc {
    pub(super) fn is_nil(&self) -> bool {
        matches!(*self.0, Kind::Nil)
    }

    pub(super) fn nest(self) -> Self {
        if self.is_nil() { self } else { Self(Rc::new(Kind::Nest(self))) }
    }

    pub(super) fn group(self) -> Self {
        match *self.0 {
            Kind::Nil | Kind::Text(_) | Kind::Group(_) => self,
            _ => Self(Rc::new(Kind::Group(self))),
        }
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(Rc::new(Kind::Union(self, other)))
    }
}

impl From<&str> for Doc {
    fn from(s: &str) -> Self {
        text(s)
    }
}

pub(super) fn nil() -> Doc {
    Doc(Rc::new(Kind::Nil))
}

pub(super) fn text(s: impl Into<String>) -> Doc {
    Doc(Rc::new(Kind::Text(s.into())))
}

pub(super) fn verbatim(s: impl Into<String>) -> Doc {
    Doc(Rc::new(Kind::Verbatim(s.into())))
}

pub(super) fn hardline() -> Doc {
    Doc(Rc::new(Kind::Line))
}

pub(super) fn raw_line() -> Doc {
    Doc(Rc::new(Kind::RawLine))
}

/// A break, or a blank where lines do not break.
pub(super) fn line() -> Doc {
    flat_alt(hardline(), text(" "))
}

/// A break, or nothing where lines do not break.
pub(super) fn line_or_nothing() -> Doc {
    flat_alt(hardline(), nil())
}

/// A break if `hard`, else [`line`].
pub(super) fn line_if(hard: bool) -> Doc {
    if hard { hardline() } else { line() }
}

/// A break if `hard`, else [`line_or_nothing`].
pub(super) fn line_or_nothing_if(hard: bool) -> Doc {
    if hard { hardline() } else { line_or_nothing() }
}

pub(super) fn flat_alt(broken: Doc, flat: Doc) -> Doc {
    Doc(Rc::new(Kind::FlatAlt(broken, flat)))
}

/// Nothing, but only where lines do not break.
pub(super) fn flat_only() -> Doc {
    flat_alt(Doc(Rc::new(Kind::Fail)), nil())
}

pub(super) fn concat(docs: impl IntoIterator<Item = Doc>) -> Doc {
    let mut docs: Vec<Doc> = docs.into_iter().filter(|d| !d.is_nil()).collect();
    match docs.len() {
        0 => nil(),
        1 => docs.remove(0),
        _ => Doc(Rc::new(Kind::Concat(docs))),
    }
}

pub(super) fn intersperse(docs: impl IntoIterator<Item = Doc>, separator: &Doc) -> Doc {
    let mut out = Vec::new();
    for doc in docs {
        if !out.is_empty() {
            out.push(separator.clone());
        }
        out.push(doc);
    }
    concat(out)
}

/// Documents and strings one after the other.
macro_rules! cat {
    ($($doc:expr),* $(,)?) => {
        $crate::format::doc::concat([$($crate::format::doc::Doc::from($doc)),*])
    };
}
pub(super) use cat;

/// Items with commas; the last has one too where lines break.
pub(super) fn comma_list(items: impl IntoIterator<Item = Doc>, line: Doc) -> Doc {
    let list = intersperse(items.into_iter().map(Doc::group), &cat![",", line]);
    if list.is_nil() { list } else { cat![list, flat_alt(text(","), nil())] }
}
