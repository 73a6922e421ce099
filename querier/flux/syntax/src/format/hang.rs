//! Hanging layouts: a prefix stays on its line as long as what it opens can be indented one level only.
//!
//! For `x = f(…)` the prefixes are `x =` and `f(`. Tried in order: both on one line and the arguments
//! indented below; then `f(` on a line of its own below `x =`; and so on, one prefix less on the first line
//! each time.

use super::doc::{Doc, cat, concat, flat_only, nil};

/// What stands before and after the body.
#[derive(Clone)]
pub(super) struct Affix {
    prefix: Doc,
    suffix: Doc,
    nest: bool,
}

/// An affix whose content is indented with it.
pub(super) fn nested(prefix: Doc, suffix: Doc) -> Affix {
    Affix { prefix, suffix, nest: true }
}

/// An affix that does not indent.
pub(super) fn level(prefix: Doc, suffix: Doc) -> Affix {
    Affix { prefix, suffix, nest: false }
}

/// A body in affixes, the innermost first.
pub(super) struct Hang {
    pub(super) affixes: Vec<Affix>,
    pub(super) body: Doc,
}

impl Hang {
    /// A body without affixes.
    pub(super) fn plain(body: Doc) -> Self {
        Self { affixes: Vec::new(), body }
    }

    /// Puts a document before everything.
    pub(super) fn prepend(mut self, doc: Doc) -> Self {
        match self.affixes.last_mut() {
            Some(outermost) => outermost.prefix = cat![doc, outermost.prefix.clone()],
            None => self.body = cat![doc, self.body],
        }
        self
    }

    /// Puts an affix around everything.
    pub(super) fn within(mut self, affix: Affix) -> Self {
        self.affixes.push(affix);
        self
    }

    pub(super) fn doc(mut self) -> Doc {
        self.affixes.reverse();
        let layouts = (1..=self.affixes.len()).rev().map(|split| self.layout(split));
        layouts.reduce(Doc::union).unwrap_or_else(|| self.body.clone())
    }

    /// The layout with `split` prefixes on the first line.
    fn layout(&self, split: usize) -> Doc {
        let (before, after) = self.affixes.split_at(split);
        let only_one = split == 1;
        let prefixes = concat(before.iter().map(|a| a.prefix.clone()));
        let head = cat![prefixes.clone(), if only_one { nil() } else { flat_only() }].group();
        // Where nothing is written before the body, it must not break at the place of the prefix.
        let guard = if !only_one && prefixes.is_nil() { flat_only() } else { nil() };
        let body = cat![self.body.clone(), guard].nest();
        let body = cat![body, concat(after.iter().map(|a| a.suffix.clone()))];
        let body = after.iter().rev().fold(body, |body, affix| {
            let body = cat![affix.prefix.clone(), body];
            if affix.nest { body.nest() } else { body }.group()
        });
        let suffixes = concat(before.iter().map(|a| a.suffix.clone()));
        cat![head, cat![body, suffixes].group()]
    }
}
