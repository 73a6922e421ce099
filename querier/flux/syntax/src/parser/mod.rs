//! The parser: recursive descent over [`crate::scanner`] that answers a tree for any text.
//!
//! What is wrong is written into the nodes: an error is kept until the next node is made and goes into that
//! node's base. A token that was expected and is not there is taken for it, so parsing goes on behind it.
//! Messages and their places are those of the incumbent, which editors and users know.
//!
//! The stack is bounded twice: [`Parser::guarded`] counts nesting and stops the whole parse at
//! [`MAX_NESTING`]; a height counter stops chains (`a + b + …`) long before dropping them could overflow.

mod array;
mod attribute;
mod expression;
mod file;
mod function;
mod literal;
mod operators;
mod postfix;
mod record;
mod statement;
mod types;

#[cfg(test)]
mod tests;

use std::mem;
use std::sync::Arc;

use crate::ast::{BadExpression, Base, Expression, Location, SourceText};
use crate::scanner::{Kind, Mark, Mode, Scanner, Token};

/// How deep expressions, statements and types may nest.
const MAX_NESTING: u32 = 80;
/// An upper bound of a tree's height beyond which parsing stops.
const MAX_HEIGHT: u32 = 3000;

/// How many blocks are open that end with a certain token.
#[derive(Default)]
struct OpenBlocks {
    parens: u32,
    brackets: u32,
    braces: u32,
}

impl OpenBlocks {
    fn count(&mut self, end: Kind) -> Option<&mut u32> {
        match end {
            Kind::RParen => Some(&mut self.parens),
            Kind::RBrack => Some(&mut self.brackets),
            Kind::RBrace => Some(&mut self.braces),
            _ => None,
        }
    }
}

pub(crate) struct Parser<'a> {
    scanner: Scanner<'a>,
    source: Arc<str>,
    file: Option<Arc<str>>,
    peeked: Option<Token>,
    errors: Vec<String>,
    open: OpenBlocks,
    nesting: u32,
    height: u32,
    too_deep: Option<Location>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(source: &'a str, name: &str) -> Self {
        Self {
            scanner: Scanner::new(source),
            source: Arc::from(source),
            file: (!name.is_empty()).then(|| Arc::from(name)),
            peeked: None,
            errors: Vec::new(),
            open: OpenBlocks::default(),
            nesting: 0,
            height: 0,
            too_deep: None,
        }
    }

    // ---- tokens

    fn text(&self, token: &Token) -> &'a str {
        self.scanner.text(token)
    }

    fn scan(&mut self) -> Token {
        self.peeked.take().unwrap_or_else(|| self.scanner.scan(Mode::Main))
    }

    fn peek(&mut self) -> &Token {
        let scanner = &mut self.scanner;
        self.peeked.get_or_insert_with(|| scanner.scan(Mode::Main))
    }

    fn peek_kind(&mut self) -> Kind {
        self.peek().kind
    }

    /// Looks at the next token where an operand may start, so that `/` may open a regular expression.
    fn peek_operand(&mut self) -> Kind {
        let mut comments = Vec::new();
        match self.peeked.take() {
            Some(token) if token.kind == Kind::Div => {
                self.scanner.rewind(token.start);
                comments = token.comments;
            }
            other => self.peeked = other,
        }
        let scanner = &mut self.scanner;
        let token = self.peeked.get_or_insert_with(|| {
            let mut token = scanner.scan(Mode::Operand);
            comments.append(&mut token.comments);
            token.comments = comments;
            token
        });
        token.kind
    }

    /// Takes the next token if it is of that kind.
    fn accept(&mut self, kind: Kind) -> Option<Token> {
        (self.peek_kind() == kind).then(|| self.scan())
    }

    /// Takes a token that has no place in the tree: its comments go to the next one.
    fn discard(&mut self, token: Token) {
        if !token.comments.is_empty() {
            self.peek();
            if let Some(next) = &mut self.peeked {
                next.comments.splice(0..0, token.comments);
            }
        }
    }

    /// Takes the next token if it is of that kind. Its comments go to the one after it.
    fn skip(&mut self, kind: Kind) -> bool {
        let token = self.accept(kind);
        let found = token.is_some();
        token.into_iter().for_each(|token| self.discard(token));
        found
    }

    /// As [`Self::expect`], the comments going to the next token.
    fn expect_and_discard(&mut self, kind: Kind) {
        let token = self.expect(kind);
        self.discard(token);
    }

    /// Whether the next token is that word, which is no keyword.
    fn at_word(&mut self, word: &str) -> bool {
        let token = self.peek().clone();
        token.kind == Kind::Ident && self.text(&token) == word
    }

    fn unexpected(&mut self, want: &str, token: &Token) {
        let got = if token.kind == Kind::Eof {
            "EOF".to_owned()
        } else {
            let at = token.start.position;
            format!("{} ({}) at {}:{}", token.kind, self.text(token), at.line, at.column)
        };
        self.errors.push(format!("expected {want}, got {got}"));
    }

    /// Takes the next token whatever it is, with an error if it is of another kind.
    fn expect(&mut self, kind: Kind) -> Token {
        let token = self.scan();
        if token.kind != kind {
            self.unexpected(&kind.to_string(), &token);
        }
        token
    }

    /// As [`Self::expect`], but leaves a wrong token for the next rule and answers an empty one in its place.
    fn expect_or_leave(&mut self, kind: Kind) -> Token {
        let token = self.scan();
        if token.kind == kind {
            return token;
        }
        self.unexpected(&kind.to_string(), &token);
        self.peeked = Some(token.clone());
        if token.kind == Kind::Eof {
            return token;
        }
        Token { kind: Kind::Illegal, end: token.start, comments: Vec::new(), ..token }
    }

    /// Opens a block with `start` that `end` closes.
    fn open(&mut self, start: Kind, end: Kind) -> Token {
        let token = self.expect(start);
        if let Some(count) = self.open.count(end) {
            *count += 1;
        }
        token
    }

    /// Whether the innermost list goes on: the next token is not the end and closes no open block.
    fn more(&mut self) -> bool {
        let kind = self.peek_kind();
        kind != Kind::Eof && self.open.count(kind).is_none_or(|count| *count == 0)
    }

    /// Closes a block. A wrong token stays where it is and is answered.
    fn close(&mut self, end: Kind) -> Token {
        if let Some(count) = self.open.count(end) {
            *count = count.saturating_sub(1);
        }
        let token = self.scan();
        if token.kind != end {
            self.errors.push(format!("expected {end}, got {}", token.kind));
            self.peeked = Some(token.clone());
        }
        token
    }

    /// As [`Self::close`], the comments going to the next token. Answers where the block ends.
    fn close_and_discard(&mut self, end: Kind) -> Mark {
        let token = self.close(end);
        let mark = token.end;
        if token.kind == end {
            self.discard(token);
        }
        mark
    }

    // ---- nodes

    fn location(&self, start: Mark, end: Mark) -> Location {
        Location {
            file: self.file.clone(),
            start: start.position,
            end: end.position,
            source: Some(SourceText::new(&self.source, start.offset, end.offset)),
        }
    }

    /// A new node's base, with the errors found since the last one.
    fn base(&mut self, start: Mark, end: Mark) -> Base {
        let errors = mem::take(&mut self.errors);
        Base { location: self.location(start, end), errors, ..Base::default() }
    }

    fn base_of_token(&mut self, token: &Token) -> Base {
        Base { comments: token.comments.clone(), ..self.base(token.start, token.end) }
    }

    // ---- bounds

    /// Runs a rule that may contain itself, unless it is nested too deep.
    fn guarded<T>(&mut self, rule: impl FnOnce(&mut Self) -> T, refused: impl FnOnce(&mut Self) -> T) -> T {
        if self.nesting >= MAX_NESTING || self.height > MAX_HEIGHT {
            self.stop_too_deep();
            return refused(self);
        }
        let outer = mem::take(&mut self.height);
        self.nesting += 1;
        let node = rule(self);
        self.nesting -= 1;
        self.height = outer.max(self.height + 1);
        node
    }

    /// Counts a node that was put on top of what this rule has read so far.
    fn grow(&mut self) {
        self.height += 1;
        if self.height > MAX_HEIGHT {
            self.stop_too_deep();
        }
    }

    /// Ends the parse: the rest of the text counts as absent.
    fn stop_too_deep(&mut self) {
        if self.too_deep.is_none() {
            let token = self.peek().clone();
            self.too_deep = Some(self.location(token.start, token.end));
            self.scanner.give_up();
            self.peeked = None;
        }
    }

    fn bad_expression(&mut self, start: Mark, end: Mark, text: String) -> Expression {
        // Errors stay for the parent: this node is an error itself.
        let base = Base::at(self.location(start, end));
        Expression::Bad(Box::new(BadExpression { base, text, expression: None }))
    }
}

/// Where a node starts.
fn begin(base: &Base) -> Mark {
    let offset = base.location.source.as_ref().map_or(0, |s| s.offsets().0);
    Mark { offset, position: base.location.start }
}

/// Where a node ends.
fn finish(base: &Base) -> Mark {
    let offset = base.location.source.as_ref().map_or(0, |s| s.offsets().1);
    Mark { offset, position: base.location.end }
}
