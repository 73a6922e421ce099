//! The formatter: a tree as text in the one style of Flux.
//!
//! Four blanks a level, lines of a hundred bytes where that is possible, lists of more than four items one a
//! line, `|>` on lines of their own once there are several lines. It agrees with the incumbent's formatter,
//! whose style users' scripts and the recorded scripts of checks and rules are in, except where that one
//! would change what a script means. String literals are written as they stood.

mod comment;
mod doc;
mod expression;
mod file;
mod function;
mod hang;
mod layout;
mod literal;
mod operators;
mod precedence;
mod record;
mod statement;
mod types;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use crate::ast::{Base, Expression, File, Statement};
use crate::walk::{Node, walk};
use crate::{Error, errors};

/// Lists with more items than this are written one item a line.
const MAX_INLINE_ITEMS: usize = 4;

/// A file as text. A tree with errors is refused, and what no text stands for is too.
pub fn format(file: &File) -> Result<String, Error> {
    let found = errors(file);
    if !found.is_empty() {
        return Err(Error::Syntax(found));
    }
    let mut bad = false;
    walk(Node::File(file), 0, &mut |node, _| {
        bad |= matches!(node, Node::Statement(Statement::Bad(_)) | Node::Expression(Expression::Bad(_)));
        !bad
    });
    if bad {
        return Err(Error::Format("the tree has bad nodes".to_owned()));
    }
    let mut text = layout::render(&file::file(file));
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// Whether a node took several lines in the source.
fn is_multiline(base: &Base) -> bool {
    base.location.start.line != base.location.end.line
}
