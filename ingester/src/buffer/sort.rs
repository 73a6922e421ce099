//! Puts the wanted rows of the tables of one measurement in order.

use std::sync::Arc;

use weir_batch::Sequence;

use super::chunk::Chunk;
use super::selection::{Filter, Presence, Selection};
use super::table::TableView;

/// Where a row lies, with its time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) time: i64,
    /// Index into [`Sorted::chunks`].
    pub(crate) chunk: u32,
    pub(crate) row: u32,
}

/// A chunk and the table it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct ChunkRef {
    pub(crate) table: u32,
    pub(crate) chunk: Arc<Chunk>,
}

/// A series of the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeriesRef {
    pub(crate) table: u32,
    pub(crate) id: u32,
    pub(crate) class: u32,
    /// The first row that is no longer of this series.
    pub(crate) end: u32,
}

/// The wanted rows, sorted by (series key, time, sequence).
#[derive(Debug)]
pub(crate) struct Sorted {
    pub(crate) tables: Vec<Arc<TableView>>,
    pub(crate) chunks: Vec<ChunkRef>,
    pub(crate) selection: Selection,
    /// Ascending by key.
    pub(crate) series: Vec<SeriesRef>,
    /// Lines in order; lines of one (series, time, sequence) make one row, the later line wins field by field.
    pub(crate) entries: Vec<Entry>,
    /// The ends of the rows in `entries`; `None` while every line is a row.
    pub(crate) row_ends: Option<Vec<u32>>,
}

/// Lines of one write that lie in one chunk.
struct SpanRef {
    sequence: Sequence,
    chunk: u32,
    start: u32,
    end: u32,
}

impl Sorted {
    /// Sorts. One pass finds the rows and counts those of each series, a second one puts them in their places; most
    /// often each series' rows come in order of time and nothing is left to sort.
    pub(crate) fn new(tables: Vec<Arc<TableView>>, filter: Filter) -> Self {
        let mut selection = Selection::new(filter, &tables);
        let (chunks, spans) = wanted_chunks(&tables, &selection);
        let mut counts: Vec<Vec<u32>> = tables.iter().map(|t| vec![0; t.series.len()]).collect();
        let hits = wanted_rows(&tables, &chunks, &spans, &mut selection, &mut counts);
        let (series, ranks, mut places) = rank(&tables, &mut selection, &counts);
        let mut entries = vec![Entry { time: 0, chunk: 0, row: 0 }; hits.len()];
        for hit in hits {
            let ChunkRef { table, chunk } = &chunks[hit.chunk as usize];
            let rank = ranks[*table as usize][chunk.series[hit.row as usize] as usize];
            let place = &mut places[rank as usize];
            entries[*place as usize] = hit;
            *place += 1;
        }
        let mut sorted = Self { tables, chunks, selection, series, entries, row_ends: None };
        sorted.sort_runs();
        sorted
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.row_ends.as_ref().map_or(self.entries.len(), Vec::len)
    }

    /// The lines of a row, oldest first; never empty.
    pub(crate) fn lines(&self, row: usize) -> &[Entry] {
        match &self.row_ends {
            None => &self.entries[row..row + 1],
            Some(ends) => {
                let start = if row == 0 { 0 } else { ends[row - 1] };
                &self.entries[start as usize..ends[row] as usize]
            }
        }
    }

    /// The sequence of a line.
    pub(crate) fn sequence(&self, entry: &Entry) -> Sequence {
        self.chunks[entry.chunk as usize].chunk.sequence(entry.row)
    }

    /// Sorts each series' lines by time, and finds those that make one row.
    fn sort_runs(&mut self) {
        let mut start = 0;
        let mut twins = false;
        for series in &self.series {
            let run = &mut self.entries[start..series.end as usize];
            if !run.is_sorted_by_key(|e| e.time) {
                run.sort_by_key(|e| e.time); // stable: lines stay in order of sequence, and of line within a write
            }
            twins = twins || run.windows(2).any(|w| w[0].time == w[1].time);
            start = series.end as usize;
        }
        if twins {
            self.join_lines();
        }
    }

    fn join_lines(&mut self) {
        let mut ends = Vec::with_capacity(self.entries.len());
        let mut start = 0usize;
        for i in 0..self.series.len() {
            let end = self.series[i].end as usize;
            for at in start..end {
                let next = self.entries.get(at + 1).filter(|_| at + 1 < end);
                let line = &self.entries[at];
                let same = next
                    .is_some_and(|next| next.time == line.time && self.sequence(next) == self.sequence(line));
                if !same {
                    ends.push(at as u32 + 1);
                }
            }
            self.series[i].end = ends.len() as u32;
            start = end;
        }
        self.row_ends = Some(ends);
    }
}

/// The chunks that may have wanted rows, and their spans in order of sequence.
fn wanted_chunks(tables: &[Arc<TableView>], selection: &Selection) -> (Vec<ChunkRef>, Vec<SpanRef>) {
    let (mut chunks, mut spans) = (Vec::new(), Vec::new());
    for (table, view) in tables.iter().enumerate() {
        for chunk in &view.chunks {
            if !selection.filter().range.overlaps(chunk.min_time, chunk.max_time) {
                continue;
            }
            let mut start = 0;
            for span in &chunk.spans {
                spans.push(SpanRef {
                    sequence: span.sequence,
                    chunk: chunks.len() as u32,
                    start,
                    end: span.end,
                });
                start = span.end;
            }
            chunks.push(ChunkRef { table: table as u32, chunk: Arc::clone(chunk) });
        }
    }
    spans.sort_by_key(|s| s.sequence);
    (chunks, spans)
}

/// The rows that are wanted, in order of sequence, and how many there are of each series.
fn wanted_rows(
    tables: &[Arc<TableView>],
    chunks: &[ChunkRef],
    spans: &[SpanRef],
    selection: &mut Selection,
    counts: &mut [Vec<u32>],
) -> Vec<Entry> {
    let range = selection.filter().range;
    let mut hits = Vec::new();
    let mut presence: Vec<Vec<Option<Presence>>> = vec![Vec::new(); chunks.len()];
    for span in spans {
        let ChunkRef { table, chunk } = &chunks[span.chunk as usize];
        let table = *table as usize;
        let (view, counts) = (&tables[table], &mut counts[table]);
        let presence = &mut presence[span.chunk as usize];
        let rows = span.start as usize..span.end as usize;
        let ids = chunk.series[rows.clone()].iter().zip(&chunk.times[rows]);
        for (row, (id, time)) in (span.start..).zip(ids) {
            if !range.contains(*time) {
                continue;
            }
            let Some(class) = selection.class(table, *id, view) else { continue };
            if presence.len() <= class as usize {
                presence.resize(class as usize + 1, None);
            }
            let present =
                presence[class as usize].get_or_insert_with(|| selection.presence(class, table, chunk));
            let tombstones = &selection.classes()[class as usize].tombstones;
            if present.has(row as usize) && !tombstones.iter().any(|t| t.hides(*time, span.sequence)) {
                counts[*id as usize] += 1;
                hits.push(Entry { time: *time, chunk: span.chunk, row });
            }
        }
    }
    hits
}

/// The series that have rows, ascending by key; the rank of each table's series among them; the first row of each.
fn rank(
    tables: &[Arc<TableView>],
    selection: &mut Selection,
    counts: &[Vec<u32>],
) -> (Vec<SeriesRef>, Vec<Vec<u32>>, Vec<u32>) {
    let mut order: Vec<(u32, u32)> = Vec::new();
    for (table, counts) in counts.iter().enumerate() {
        order.extend(
            counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(id, _)| (table as u32, id as u32)),
        );
    }
    let key = |(table, id): (u32, u32)| tables[table as usize].series.get(id);
    order.sort_by(|a, b| key(*a).cmp(&key(*b)));
    let mut ranks: Vec<Vec<u32>> = counts.iter().map(|c| vec![0; c.len()]).collect();
    let mut series: Vec<SeriesRef> = Vec::with_capacity(order.len());
    let mut places = Vec::with_capacity(order.len());
    let mut end = 0u32;
    for (i, (table, id)) in order.iter().copied().enumerate() {
        // The same series in two tables is one series, whose lines interleave.
        if i == 0 || key(order[i - 1]) != key(order[i]) {
            let class = selection.class(table as usize, id, &tables[table as usize]).unwrap_or(0);
            series.push(SeriesRef { table, id, class, end });
            places.push(end);
        }
        end += counts[table as usize][id as usize];
        if let Some(last) = series.last_mut() {
            last.end = end;
        }
        ranks[table as usize][id as usize] = series.len() as u32 - 1;
    }
    (series, ranks, places)
}
