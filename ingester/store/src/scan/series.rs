//! Which series and fields there are, told from series indexes without reading data.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow_array::Array;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use weir_batch::{FieldType, Predicate, ScanRequest, SeriesKey, SeriesKeys, SeriesSet};
use weir_proto::ScanStream;

use super::cursor::LiveCursor;
use super::filter::without_values;
use super::plan::{Current, PendingPiece, PendingSource, Planner};
use crate::error::Result;
use crate::index::Tombstone;
use crate::layout::SegmentMeta;
use crate::read::Reader;

/// Series of a set, at most.
const SET_SERIES: usize = 8192;

/// The series that a scan would answer, set by set; measurements ascend, and series within them.
pub(crate) fn series(
    reader: Arc<Reader>,
    request: ScanRequest,
    segments: Vec<Arc<SegmentMeta>>,
    tombstones: Vec<Tombstone>,
    live: Vec<ScanStream>,
) -> BoxStream<'static, weir_model::Result<SeriesSet>> {
    let request = ScanRequest { predicate: without_values(&request.predicate), ..request };
    let live = live.into_iter().map(LiveCursor::new).collect();
    let planner = Planner::new(reader, request, segments, tombstones, live, 1, false);
    stream::try_unfold(planner, |mut planner| async move {
        Ok::<_, crate::StoreError>(next_set(&mut planner).await?.map(|set| (set, planner)))
    })
    .map_err(weir_model::Error::from)
    .boxed()
}

async fn next_set(planner: &mut Planner) -> Result<Option<SeriesSet>> {
    loop {
        let mut current = match planner.current.take() {
            Some(current) => current,
            None => match planner.next_measurement().await? {
                Some(current) => current,
                None => return Ok(None),
            },
        };
        let mut set = Growing::of(&current.measurement);
        let more = match current.tombstones.is_empty() {
            true => merged(planner, &mut current, &mut set).await?,
            false => visible(planner, &mut current, &mut set).await?,
        };
        if more {
            planner.current = Some(current);
        }
        if let Some(set) = set.finish() {
            return Ok(Some(set));
        }
    }
}

/// What tells the fields of a series: what is left of the predicate for it, and which segments have it with which set of
/// fields.
type Origin = (u32, Vec<(usize, u32)>);

/// The next series, where nothing is deleted; whether there may be more. Most series have the same fields as others: where
/// they come from tells.
async fn merged(planner: &mut Planner, current: &mut Current, set: &mut Growing) -> Result<bool> {
    let mut known: HashMap<Origin, Option<usize>> = HashMap::new();
    // The last of them: mostly it is this one again.
    let mut last: Origin = (0, Vec::new());
    let mut last_number = None;
    let mut segments: Vec<(usize, u32)> = Vec::new();
    let mut key = String::new();
    while set.len() < SET_SERIES {
        let Some(least) = planner.least(current) else { return Ok(false) };
        key.clear();
        key.push_str(least.0);
        let rest = current.filter.series(SeriesKey(&key));
        segments.clear();
        for (number, cursor) in current.cursors.iter_mut().enumerate() {
            if let Some((_, entry)) = cursor.current().filter(|(k, _)| k.0 == key) {
                segments.push((number, entry.field_set));
                cursor.advance(&planner.reader, &planner.request.range)?;
            }
        }
        let live = planner.live_pieces(current, &key).await?;
        let Some(rest) = rest else { continue };
        let number = if live.is_empty() && last.0 == rest && last.1 == segments {
            last_number
        } else {
            let from = (rest, segments.clone());
            let found = known.get(&from).copied().filter(|_| live.is_empty());
            let number = found.unwrap_or_else(|| {
                let mut fields = Fields::new();
                for (cursor, field_set) in &segments {
                    current.fields_of_segment(*cursor, *field_set, rest, &mut fields);
                }
                live.iter().for_each(|piece| current.fields_of_piece(piece, rest, &mut fields));
                set.fields(&fields)
            });
            if live.is_empty() {
                known.insert(from.clone(), number);
                (last, last_number) = (from, number);
            }
            number
        };
        if let Some(number) = number {
            set.push(SeriesKey(&key), number);
        }
    }
    Ok(true)
}

/// The same where something is deleted: pieces that are hidden as a whole do not count.
async fn visible(planner: &mut Planner, current: &mut Current, set: &mut Growing) -> Result<bool> {
    while set.len() < SET_SERIES {
        if !planner.next_series(current).await? {
            return Ok(false);
        }
        let mut fields = Fields::new();
        let mut key = None;
        while let Some(unit) = current.pending.pop_front() {
            unit.pieces.iter().for_each(|piece| current.fields_of_piece(piece, unit.rest, &mut fields));
            key = Some(unit.key);
        }
        if let (Some(key), Some(number)) = (key, set.fields(&fields)) {
            set.push(SeriesKey(&key), number);
        }
    }
    Ok(true)
}

type Fields = BTreeSet<(Arc<str>, FieldType)>;

impl Current {
    /// Adds the fields that a series has in a segment, those of them that may be wanted.
    fn fields_of_segment(&self, cursor: usize, field_set: u32, rest: u32, fields: &mut Fields) {
        let rest = self.filter.rest(rest);
        let segment = &self.cursors[cursor].segment;
        let bits = &segment.tail.series.field_sets[field_set as usize];
        for (i, (name, ty)) in segment.meta.fields.iter().enumerate() {
            let has = bits.get(i / 8).is_some_and(|byte| byte >> (i % 8) & 1 == 1);
            if has && rest.for_field(name) != Predicate::Constant(false) {
                fields.insert((name.clone(), *ty));
            }
        }
    }

    /// The same of a piece of rows.
    fn fields_of_piece(&self, piece: &PendingPiece, rest: u32, fields: &mut Fields) {
        let batch = match &piece.source {
            PendingSource::Cursor(number, set) => {
                return self.fields_of_segment(*number, *set, rest, fields);
            }
            PendingSource::Live(batch) => batch,
        };
        let rest = self.filter.rest(rest);
        for field in &batch.fields {
            let length = (piece.rows.end - piece.rows.start) as usize;
            let values = field.values.slice(piece.rows.start as usize, length);
            let ty = field.field_type().filter(|_| values.null_count() < length);
            if let Some(ty) = ty.filter(|_| rest.for_field(&field.name) != Predicate::Constant(false)) {
                fields.insert((field.name.clone(), ty));
            }
        }
    }
}

/// A set that series are added to.
struct Growing {
    set: SeriesSet,
    /// Places of fields and of sets of them.
    fields: HashMap<(Arc<str>, FieldType), usize>,
    numbers: HashMap<Vec<usize>, usize>,
}

impl Growing {
    fn of(measurement: &Arc<str>) -> Self {
        let set = SeriesSet {
            measurement: measurement.clone(),
            series: SeriesKeys::new(),
            fields: Vec::new(),
            field_sets: Vec::new(),
            series_fields: Vec::new(),
        };
        Self { set, fields: HashMap::new(), numbers: HashMap::new() }
    }

    fn len(&self) -> usize {
        self.set.series.len()
    }

    /// The number of a set of fields; `None` of none.
    fn fields(&mut self, fields: &Fields) -> Option<usize> {
        if fields.is_empty() {
            return None;
        }
        let mut place = |field: &(Arc<str>, FieldType)| {
            *self.fields.entry(field.clone()).or_insert_with_key(|field| {
                self.set.fields.push(field.clone());
                self.set.fields.len() - 1
            })
        };
        let places: Vec<usize> = fields.iter().map(&mut place).collect();
        let sets = &mut self.set.field_sets;
        Some(*self.numbers.entry(places).or_insert_with_key(|places| {
            sets.push(places.clone());
            sets.len() - 1
        }))
    }

    fn push(&mut self, key: SeriesKey<'_>, fields: usize) {
        self.set.series.push(key);
        self.set.series_fields.push(fields);
    }

    /// The set with its fields in order; `None` if no series is in it.
    fn finish(self) -> Option<SeriesSet> {
        let mut set = self.set;
        if set.series.is_empty() {
            return None;
        }
        let mut order: Vec<usize> = (0..set.fields.len()).collect();
        order.sort_by(|a, b| set.fields[*a].cmp(&set.fields[*b]));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| places[*old] = new);
        for fields in &mut set.field_sets {
            fields.iter_mut().for_each(|place| *place = places[*place]);
            fields.sort_unstable();
        }
        set.fields = order.iter().map(|old| set.fields[*old].clone()).collect();
        Some(set)
    }
}
