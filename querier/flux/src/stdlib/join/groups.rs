//! The rows of a table brought together by the columns that a join compares.

use std::cmp::Ordering;

use crate::error::Result;
use crate::exec::Budget;
use crate::exec::spill::Keys;

/// What a row takes besides the bytes of its key.
const ROW: usize = 2 * (2 * size_of::<u32>() + size_of::<usize>());

/// Rows in the order of their keys, those of equal keys together. Rows with a null in the key come after the others,
/// each by itself, and match nothing.
#[derive(Debug, Default)]
pub(super) struct Groups {
    keys: Keys,
    /// For each group that has a key: which of the keys it is.
    heads: Vec<u32>,
    /// The rows of all groups.
    rows: Vec<u32>,
    /// Where each group ends among them.
    ends: Vec<u32>,
}

impl Groups {
    /// Groups of `rows`, whose keys `write` appends; it answers false for a key with a null. Of such rows the last comes
    /// first.
    pub(super) fn of(
        rows: std::ops::Range<usize>,
        mut write: impl FnMut(usize, &mut Vec<u8>) -> bool,
        budget: &mut Budget,
    ) -> Result<Self> {
        let mut keys = Keys::default();
        let (mut keyed, mut nulls): (Vec<u32>, Vec<u32>) = (Vec::with_capacity(rows.len()), Vec::new());
        let mut ascending = true;
        for row in rows {
            let mut whole = true;
            keys.push(|out| whole = write(row, out));
            let last = keys.len() - 1;
            budget.add(ROW + keys.get(last).len())?;
            if !whole {
                keys.pop();
                nulls.push(row as u32);
                continue;
            }
            ascending &= last == 0 || keys.get(last - 1) <= keys.get(last);
            keyed.push(row as u32);
        }
        budget.settle()?;
        let mut order: Vec<u32> = (0..keyed.len() as u32).collect();
        if !ascending {
            order.sort_by(|&a, &b| keys.get(a as usize).cmp(keys.get(b as usize)));
        }
        let mut groups = Self::default();
        for at in order {
            let same =
                groups.heads.last().is_some_and(|&head| keys.get(head as usize) == keys.get(at as usize));
            if !same {
                groups.end();
                groups.heads.push(at);
            }
            groups.rows.push(keyed[at as usize]);
        }
        groups.end();
        for row in nulls.into_iter().rev() {
            groups.rows.push(row);
            groups.end();
        }
        groups.keys = keys;
        Ok(groups)
    }

    /// The same for rows that were sorted already: rows with a null stay in their order.
    pub(super) fn with_nulls_in_order(mut self) -> Self {
        let keyed = match self.heads.len() {
            0 => 0,
            groups => self.ends[groups - 1] as usize,
        };
        self.rows[keyed..].reverse();
        self
    }

    /// Ends the last group, if there is one.
    fn end(&mut self) {
        if self.ends.last().copied().unwrap_or(0) < self.rows.len() as u32 {
            self.ends.push(self.rows.len() as u32);
        }
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn key(&self, group: usize) -> Option<&[u8]> {
        self.heads.get(group).map(|&head| self.keys.get(head as usize))
    }

    fn rows(&self, group: usize) -> &[u32] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.rows[start as usize..self.ends[group] as usize]
    }
}

/// Rows that are joined with each other: left ones and right ones, `None` where there is no match.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) left: Vec<Option<u32>>,
    pub(super) right: Vec<Option<u32>>,
}

impl Pairs {
    pub(super) fn len(&self) -> usize {
        self.left.len()
    }

    fn push(&mut self, left: Option<u32>, right: Option<u32>) {
        self.left.push(left);
        self.right.push(right);
    }
}

/// Goes through the pairs of rows of two tables, in the order of their keys.
#[derive(Debug)]
pub(super) struct Matches {
    left: Groups,
    right: Groups,
    /// The groups that are looked at, and how many of their rows, or pairs, are done.
    at: (usize, usize),
    done: usize,
}

impl Matches {
    pub(super) fn of(left: Groups, right: Groups) -> Self {
        Self { left, right, at: (0, 0), done: 0 }
    }

    /// Which of the two groups has the smaller key; `None` when no group is left.
    fn order(&self) -> Option<Ordering> {
        let (i, j) = self.at;
        Some(match (i < self.left.len(), j < self.right.len()) {
            (false, false) => return None,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (true, true) => match (self.left.key(i), self.right.key(j)) {
                (Some(l), Some(r)) => l.cmp(r),
                (None, Some(_)) => Ordering::Greater,
                // Nulls match nothing, not even each other.
                (_, None) => Ordering::Less,
            },
        })
    }

    /// Adds pairs until there are `most` or no more; rows without a match only of the sides that are kept. Answers
    /// whether these were the last.
    pub(super) fn fill(&mut self, pairs: &mut Pairs, most: usize, keep: (bool, bool)) -> Result<bool> {
        let mut steps = 0;
        while let Some(order) = self.order() {
            crate::exec::interrupt::tick(steps)?;
            steps += 1;
            let room = most.saturating_sub(pairs.len());
            if room == 0 {
                return Ok(false);
            }
            let (i, j) = self.at;
            let all = match order {
                Ordering::Less if keep.0 => self.left.rows(i).len(),
                Ordering::Greater if keep.1 => self.right.rows(j).len(),
                Ordering::Equal => self.left.rows(i).len() * self.right.rows(j).len(),
                _ => 0,
            };
            let end = all.min(self.done + room);
            for n in self.done..end {
                match order {
                    Ordering::Less => pairs.push(Some(self.left.rows(i)[n]), None),
                    Ordering::Greater => pairs.push(None, Some(self.right.rows(j)[n])),
                    Ordering::Equal => {
                        let (l, r) = (self.left.rows(i), self.right.rows(j));
                        pairs.push(Some(l[n / r.len()]), Some(r[n % r.len()]));
                    }
                }
            }
            self.done = end;
            if end == all {
                self.done = 0;
                self.at =
                    (i + usize::from(order != Ordering::Greater), j + usize::from(order != Ordering::Less));
            }
        }
        Ok(true)
    }
}
