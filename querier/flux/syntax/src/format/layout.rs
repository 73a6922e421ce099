//! Choosing where lines break.

use super::doc::{Doc, INDENT, Kind};

/// Lines are kept to so many bytes where that is possible.
const WIDTH: usize = 100;
/// Work on one statement of the file after which unions are no longer tried, so that nested ones do not take
/// exponential time. Real scripts stay far below.
const MAX_STEPS: usize = 500_000;

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Break,
    Flat,
}

#[derive(Clone, Copy)]
struct Command<'d> {
    indent: usize,
    mode: Mode,
    doc: &'d Doc,
}

struct Layout<'d> {
    out: String,
    /// Bytes of `out` that belong to literals and before: their blanks are not trimmed.
    protected: usize,
    column: usize,
    commands: Vec<Command<'d>>,
    steps: usize,
    /// The number of steps at which attempts end.
    deadline: usize,
    /// How many attempts are going on.
    attempts: usize,
}

/// A document as text.
pub(super) fn render(doc: &Doc) -> String {
    let mut layout = Layout {
        out: String::new(),
        protected: 0,
        column: 0,
        commands: Vec::new(),
        steps: 0,
        deadline: MAX_STEPS,
        attempts: 0,
    };
    layout.commands.push(Command { indent: 0, mode: Mode::Break, doc });
    // The outermost layout has no alternative: whether it fits does not matter.
    let _fits = layout.best(0);
    layout.trim();
    layout.out
}

impl<'d> Layout<'d> {
    fn trim(&mut self) {
        let end = self.out.trim_end_matches([' ', '\t', '\r']).len();
        self.out.truncate(end.max(self.protected));
    }

    /// Writes the commands above `bottom`. Whether no line got too long; none if a part failed.
    fn best(&mut self, bottom: usize) -> Option<bool> {
        let mut fits = true;
        while self.commands.len() > bottom {
            let Some(command) = self.commands.pop() else { break };
            let Command { indent, mode, doc } = command;
            self.steps += 1;
            match &*doc.0 {
                Kind::Nil => {}
                Kind::Concat(docs) => {
                    self.commands.extend(docs.iter().rev().map(|doc| Command { doc, ..command }));
                }
                Kind::FlatAlt(broken, flat) => {
                    let doc = if mode == Mode::Break { broken } else { flat };
                    self.commands.push(Command { doc, ..command });
                }
                Kind::Group(doc) => {
                    let flat = mode == Mode::Flat || self.fits_flat(doc);
                    let mode = if flat { Mode::Flat } else { Mode::Break };
                    self.commands.push(Command { indent, mode, doc });
                }
                Kind::Nest(doc) => self.commands.push(Command { indent: indent + INDENT, mode, doc }),
                Kind::Line => {
                    self.trim();
                    self.out.push('\n');
                    self.out.extend(std::iter::repeat_n(' ', indent));
                    self.column = indent;
                    if indent == 0 && self.attempts == 0 {
                        self.deadline = self.steps + MAX_STEPS;
                    }
                }
                Kind::RawLine => {
                    self.out.push('\n');
                    self.protected = self.out.len();
                    self.column = 0;
                }
                Kind::Text(s) | Kind::Verbatim(s) => {
                    self.out.push_str(s);
                    self.column += s.len();
                    fits &= self.column <= WIDTH;
                    if let Kind::Verbatim(_) = &*doc.0 {
                        self.protected = self.out.len();
                    }
                }
                Kind::Union(left, right) => {
                    let doc = if self.try_left(left, command) { continue } else { right };
                    self.commands.push(Command { doc, ..command });
                }
                Kind::Fail => return None,
            }
        }
        Some(fits)
    }

    fn try_left(&mut self, left: &'d Doc, command: Command<'d>) -> bool {
        if self.steps > self.deadline {
            return false;
        }
        self.attempts += 1;
        let fits = self.attempt(left, command);
        self.attempts -= 1;
        fits
    }

    /// Writes `left`, or nothing if it does not fit.
    fn attempt(&mut self, left: &'d Doc, command: Command<'d>) -> bool {
        let bottom = self.commands.len();
        // The attempt may trim what stands before it, so lengths alone do not bring it back.
        let (written, protected, column) = (self.out.len(), self.protected, self.column);
        let tail = self.out[self.out.trim_end().len().max(protected.min(written))..].to_owned();
        self.commands.push(Command { doc: left, ..command });
        if self.best(bottom) == Some(true) {
            return true;
        }
        self.commands.truncate(bottom);
        self.out.truncate(written - tail.len());
        self.out.push_str(&tail);
        self.protected = protected;
        self.column = column;
        false
    }

    /// Whether the rest of the line has room for `next` without breaks, and for what follows it up to the
    /// next possible break.
    fn fits_flat(&mut self, next: &'d Doc) -> bool {
        let mut column = self.column;
        let mut below = self.commands.len();
        let mut stack = vec![next];
        let mut mode = Mode::Flat;
        loop {
            self.steps += 1;
            let doc = match stack.pop() {
                Some(doc) => doc,
                None if below == 0 => return true,
                None => {
                    below -= 1;
                    mode = Mode::Break;
                    self.commands[below].doc
                }
            };
            match &*doc.0 {
                Kind::Nil => {}
                Kind::Concat(docs) => stack.extend(docs.iter().rev()),
                Kind::Line | Kind::RawLine => return mode == Mode::Break,
                Kind::Text(s) | Kind::Verbatim(s) => {
                    column += s.len();
                    if column > WIDTH {
                        return false;
                    }
                }
                Kind::FlatAlt(broken, flat) => {
                    stack.push(if mode == Mode::Break { broken } else { flat });
                }
                Kind::Nest(doc) | Kind::Group(doc) | Kind::Union(_, doc) => stack.push(doc),
                Kind::Fail => return false,
            }
        }
    }
}
