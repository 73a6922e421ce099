//! Which series and fields there are, told from series indexes without reading data.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow_array::Array;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use weir_batch::{FieldType, Predicate, ScanRequest, SeriesKey, SeriesKeys, SeriesSet};
use weir_proto::ScanStream;

use super::cursor::LiveCursor;
use super::filter::without_values;
use super::plan::{Current, PendingSource, PendingUnit, Planner};
use crate::error::Result;
use crate::index::Tombstone;
use crate::layout::SegmentMeta;
use crate::read::Reader;

/// Series of a set, at most.
const SET_SERIES: usize = 8192;

type Fields = BTreeSet<(Arc<str>, FieldType)>;

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
        let mut found: Vec<(Arc<str>, Fields)> = Vec::new();
        let mut ended = false;
        while found.len() < SET_SERIES {
            if !planner.next_series(&mut current).await? {
                ended = true;
                break;
            }
            let mut fields = Fields::new();
            let mut key = None;
            while let Some(unit) = current.pending.pop_front() {
                add_fields(&current, &unit, &mut fields);
                key = Some(unit.key);
            }
            if let Some(key) = key.filter(|_| !fields.is_empty()) {
                found.push((key, fields));
            }
        }
        let set = (!found.is_empty()).then(|| assemble(&current.measurement, found));
        if !ended {
            planner.current = Some(current);
        }
        if let Some(set) = set {
            return Ok(Some(set));
        }
    }
}

fn add_fields(current: &Current, unit: &PendingUnit, fields: &mut Fields) {
    let rest = current.filter.rest(unit.rest);
    let mut add = |name: &Arc<str>, ty: FieldType| {
        if rest.for_field(name) != Predicate::Constant(false) {
            fields.insert((name.clone(), ty));
        }
    };
    for piece in &unit.pieces {
        match &piece.source {
            PendingSource::Cursor(number, set) => {
                let segment = &current.cursors[*number].segment;
                let bits = &segment.tail.series.field_sets[*set as usize];
                for (i, (name, ty)) in segment.meta.fields.iter().enumerate() {
                    if bits.get(i / 8).is_some_and(|byte| byte >> (i % 8) & 1 == 1) {
                        add(name, *ty);
                    }
                }
            }
            PendingSource::Live(batch) => {
                for field in &batch.fields {
                    let length = (piece.rows.end - piece.rows.start) as usize;
                    let values = field.values.slice(piece.rows.start as usize, length);
                    if let Some(ty) = field.field_type().filter(|_| values.null_count() < length) {
                        add(&field.name, ty);
                    }
                }
            }
        }
    }
}

fn assemble(measurement: &Arc<str>, found: Vec<(Arc<str>, Fields)>) -> SeriesSet {
    let all: Fields = found.iter().flat_map(|(_, fields)| fields.iter().cloned()).collect();
    let all: Vec<_> = all.into_iter().collect();
    let mut numbers: HashMap<Vec<usize>, usize> = HashMap::new();
    let mut set = SeriesSet {
        measurement: measurement.clone(),
        series: SeriesKeys::new(),
        fields: Vec::new(),
        field_sets: Vec::new(),
        series_fields: Vec::with_capacity(found.len()),
    };
    for (key, fields) in found {
        set.series.push(SeriesKey(&key));
        let indices: Vec<usize> = fields.iter().filter_map(|f| all.binary_search(f).ok()).collect();
        let number = *numbers.entry(indices).or_insert_with_key(|indices| {
            set.field_sets.push(indices.clone());
            set.field_sets.len() - 1
        });
        set.series_fields.push(number);
    }
    set.fields = all;
    set
}
