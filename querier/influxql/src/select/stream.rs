//! Points on their way through a statement: columns, and the order that merging gives them.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::column::{Column, Value};

/// The series that a point is shown under: its measurement and the tags grouped by, sorted by key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Group {
    pub(crate) name: Arc<str>,
    pub(crate) tags: Arc<[(String, String)]>,
}

impl Group {
    /// The same with only some of the tags.
    fn subset(&self, dims: &[String]) -> Self {
        let tags = self.tags.iter().filter(|(k, _)| dims.contains(k)).cloned().collect();
        Self { name: Arc::clone(&self.name), tags }
    }
}

/// All groups of a query, numbered.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    all: Vec<Group>,
    known: HashMap<Group, u32>,
}

impl Groups {
    pub(crate) fn number(&mut self, group: Group) -> u32 {
        if let Some(n) = self.known.get(&group) {
            return *n;
        }
        let n = self.all.len() as u32;
        self.all.push(group.clone());
        self.known.insert(group, n);
        n
    }

    pub(crate) fn get(&self, number: u32) -> &Group {
        &self.all[number as usize]
    }

    /// For every group its place in the order, by name and the tags of `dims`; equal ones share a place.
    pub(crate) fn ranks(&self, dims: &[String]) -> Vec<u32> {
        let subsets: Vec<Group> = self.all.iter().map(|g| g.subset(dims)).collect();
        let mut sorted: Vec<&Group> = subsets.iter().collect();
        sorted.sort();
        sorted.dedup();
        subsets.iter().map(|g| sorted.partition_point(|s| *s < g) as u32).collect()
    }
}

/// Points in order.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) group: Vec<u32>,
    pub(crate) time: Vec<i64>,
    pub(crate) value: Column,
    pub(crate) aux: Vec<Column>,
}

impl Stream {
    pub(crate) fn empty(aux: usize) -> Self {
        Self { group: Vec::new(), time: Vec::new(), value: Column::Null(0), aux: vec![Column::Null(0); aux] }
    }

    pub(crate) fn len(&self) -> usize {
        self.time.len()
    }

    pub(crate) fn take(&self, rows: &[usize]) -> Self {
        Self {
            group: rows.iter().map(|r| self.group[*r]).collect(),
            time: rows.iter().map(|r| self.time[*r]).collect(),
            value: self.value.take(rows),
            aux: self.aux.iter().map(|c| c.take(rows)).collect(),
        }
    }

    pub(crate) fn append(&mut self, other: &Self) {
        self.group.extend_from_slice(&other.group);
        self.time.extend_from_slice(&other.time);
        if self.value.len() == 0 && self.value.ty().is_none() {
            self.value = other.value.clone();
        } else {
            self.value = widened(std::mem::replace(&mut self.value, Column::Null(0)), &other.value);
        }
        for (mine, theirs) in self.aux.iter_mut().zip(&other.aux) {
            *mine = widened(std::mem::replace(mine, Column::Null(0)), theirs);
        }
    }

    pub(crate) fn concat(inputs: Vec<Self>, aux: usize) -> Self {
        let mut out = Self::empty(aux);
        inputs.iter().for_each(|s| out.append(s));
        out
    }

    pub(crate) fn reversed(&self) -> Self {
        let rows: Vec<usize> = (0..self.len()).rev().collect();
        self.take(&rows)
    }

    /// Merges streams that are each in order. Points of equal times come in the order in which a binary heap of the
    /// inputs gives them, unless texts among the aux values tell them apart: that is the order users know.
    pub(crate) fn merge(inputs: Vec<Self>, ranks: &[u32], ascending: bool, aux: usize) -> Self {
        let mut inputs: Vec<Self> = inputs.into_iter().filter(|s| s.len() > 0).collect();
        if inputs.len() <= 1 {
            return inputs.pop().unwrap_or_else(|| Self::empty(aux));
        }
        let mut bases = Vec::with_capacity(inputs.len());
        let mut all = 0;
        for input in &inputs {
            bases.push(all);
            all += input.len();
        }
        let mut at = vec![0usize; inputs.len()];
        let mut heap: Vec<usize> = (0..inputs.len()).collect();
        let less = |at: &[usize], x: usize, y: usize| -> bool {
            let (a, b) = (&inputs[x], &inputs[y]);
            let (i, j) = (at[x], at[y]);
            let (ga, gb) = (ranks[a.group[i] as usize], ranks[b.group[j] as usize]);
            if ga != gb {
                return (ga < gb) == ascending;
            }
            if a.time[i] != b.time[j] {
                return (a.time[i] < b.time[j]) == ascending;
            }
            for (ca, cb) in a.aux.iter().zip(&b.aux) {
                let (Column::String(va), Column::String(vb)) = (ca, cb) else { return false };
                let (Some(va), Some(vb)) = (&va[i], &vb[j]) else { return false };
                if va != vb {
                    return (va < vb) == ascending;
                }
            }
            false
        };
        for i in (0..heap.len() / 2).rev() {
            down(&mut heap, i, &|x, y| less(&at, x, y));
        }
        let mut order = Vec::with_capacity(all);
        while !heap.is_empty() {
            let last = heap.len() - 1;
            heap.swap(0, last);
            let item = heap[last];
            heap.truncate(last);
            down(&mut heap, 0, &|x, y| less(&at, x, y));
            order.push(bases[item] + at[item]);
            at[item] += 1;
            if at[item] < inputs[item].len() {
                heap.push(item);
                up(&mut heap, &|x, y| less(&at, x, y));
            }
        }
        Self::concat(inputs, aux).take(&order)
    }

    /// Passes over `offset` points of each group and keeps `limit` (0: all).
    pub(crate) fn limited(self, limit: u64, offset: u64) -> Self {
        if limit == 0 && offset == 0 {
            return self;
        }
        let (limit, offset) =
            (usize::try_from(limit).unwrap_or(usize::MAX), usize::try_from(offset).unwrap_or(usize::MAX));
        let mut rows = Vec::new();
        let mut seen = 0usize;
        for row in 0..self.len() {
            if row > 0 && self.group[row] != self.group[row - 1] {
                seen = 0;
            }
            seen += 1;
            if seen > offset && (limit == 0 || seen - offset <= limit) {
                rows.push(row);
            }
        }
        self.take(&rows)
    }
}

fn widened(mut column: Column, other: &Column) -> Column {
    if let (Some(a), Some(b)) = (column.ty(), other.ty())
        && crate::env::rank(b) < crate::env::rank(a)
        && let Some(cast) = column.cast(b)
    {
        column = cast;
    }
    if column.len() == 0 && column.ty().is_none() {
        return other.clone();
    }
    column.append(other);
    column
}

fn down(heap: &mut [usize], mut i: usize, less: &dyn Fn(usize, usize) -> bool) {
    loop {
        let left = 2 * i + 1;
        if left >= heap.len() {
            return;
        }
        let right = left + 1;
        let child = if right < heap.len() && less(heap[right], heap[left]) { right } else { left };
        if !less(heap[child], heap[i]) {
            return;
        }
        heap.swap(i, child);
        i = child;
    }
}

fn up(heap: &mut [usize], less: &dyn Fn(usize, usize) -> bool) {
    let mut j = heap.len() - 1;
    while j > 0 {
        let i = (j - 1) / 2;
        if !less(heap[j], heap[i]) {
            return;
        }
        heap.swap(i, j);
        j = i;
    }
}

/// A text value.
pub(crate) fn text(value: &str) -> Value {
    Value::String(Arc::from(value))
}
