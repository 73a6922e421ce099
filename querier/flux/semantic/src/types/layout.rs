//! Texts of types that may stand on several lines: groups break where they do not fit, outer ones first.

/// Columns of a line.
const WIDTH: usize = 120;
/// Columns of one level of indentation.
const INDENT: usize = 4;

/// A piece of a type's text.
pub(super) enum Piece {
    Text(String),
    /// Text that stands there only where the group around it is broken.
    IfBroken(&'static str),
    /// Where the group around it is broken a new line, else this text.
    Line(&'static str),
    /// One level deeper.
    Nest(Vec<Self>),
    /// On one line, if it fits there together with what follows it up to the next break.
    Group(Vec<Self>),
    /// As a group that does not fit, and nor do those around it.
    Broken(Vec<Self>),
}

impl Piece {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// What is still to be written: how deep, whether its group is broken, and the piece.
type Rest<'a> = Vec<(usize, bool, &'a Piece)>;

/// The text of pieces, on as many lines as it takes.
pub(super) fn lay_out(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut column = 0;
    let mut rest: Rest<'_> = pieces.iter().rev().map(|piece| (0, true, piece)).collect();
    while let Some((depth, broken, piece)) = rest.pop() {
        match piece {
            Piece::Text(text) => {
                out.push_str(text);
                column += text.chars().count();
            }
            Piece::IfBroken(text) if broken => {
                out.push_str(text);
                column += text.len();
            }
            Piece::IfBroken(_) => {}
            Piece::Line(_) if broken => {
                column = depth * INDENT;
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', column));
            }
            Piece::Line(flat) => {
                out.push_str(flat);
                column += flat.len();
            }
            Piece::Nest(inner) => rest.extend(inner.iter().rev().map(|piece| (depth + 1, broken, piece))),
            Piece::Broken(inner) => rest.extend(inner.iter().rev().map(|piece| (depth, true, piece))),
            Piece::Group(inner) => {
                let broken = broken && !fits(WIDTH.saturating_sub(column), inner, &rest);
                rest.extend(inner.iter().rev().map(|piece| (depth, broken, piece)));
            }
        }
    }
    out
}

/// Whether a group on one line, and what follows it up to the next break, takes no more than that many columns.
fn fits(room: usize, group: &[Piece], after: &Rest<'_>) -> bool {
    let mut used = 0;
    let mut inner: Rest<'_> = group.iter().rev().map(|piece| (0, false, piece)).collect();
    let mut after = after.iter().rev();
    while used <= room {
        let Some((_, broken, piece)) = inner.pop().or_else(|| after.next().copied()) else { return true };
        match piece {
            Piece::Text(text) => used += text.chars().count(),
            Piece::Line(_) if broken => return true,
            Piece::Line(flat) => used += flat.len(),
            Piece::IfBroken(text) if broken => used += text.len(),
            Piece::IfBroken(_) => {}
            Piece::Broken(_) => return false,
            Piece::Nest(pieces) | Piece::Group(pieces) => {
                inner.extend(pieces.iter().rev().map(|piece| (0, broken, piece)));
            }
        }
    }
    false
}
