//! Taking some rows out of a batch.

use weir_batch::{FieldColumn, FieldValues, MeasurementRows};

const NONE: u32 = u32::MAX;

/// The rows of `from` at `rows`, which ascend; columns without a value and series without a row are left out.
pub(crate) fn select(from: &MeasurementRows, rows: &[u32]) -> MeasurementRows {
    let mut out = MeasurementRows::new(from.measurement.as_str());
    let mut series = vec![NONE; from.series.len()];
    let mut moved = vec![NONE; from.times.len()];
    out.times.reserve(rows.len());
    out.row_series.reserve(rows.len());
    for (to, &row) in rows.iter().enumerate() {
        let row = row as usize;
        let old = from.row_series[row] as usize;
        if series[old] == NONE {
            series[old] = out.series.push(from.series.get(old));
        }
        out.row_series.push(series[old]);
        out.times.push(from.times[row]);
        moved[row] = to as u32;
    }
    out.fields = from.fields.iter().filter_map(|field| column(field, rows, &moved)).collect();
    out
}

fn column(from: &FieldColumn, rows: &[u32], moved: &[u32]) -> Option<FieldColumn> {
    // Places of the values in the old column, and their rows in the new one.
    let (places, at): (Vec<u32>, Option<Vec<u32>>) = match &from.rows {
        None => (rows.to_vec(), None),
        Some(old) => {
            let kept = old.iter().enumerate().filter(|(_, row)| moved[**row as usize] != NONE);
            let (places, at): (Vec<u32>, Vec<u32>) =
                kept.map(|(i, row)| (i as u32, moved[*row as usize])).unzip();
            let dense = at.len() == rows.len();
            (places, (!dense).then_some(at))
        }
    };
    if places.is_empty() {
        return None;
    }
    let places = places.iter().map(|&i| i as usize);
    let values = match &from.values {
        FieldValues::Float(v) => FieldValues::Float(places.map(|i| v[i]).collect()),
        FieldValues::Integer(v) => FieldValues::Integer(places.map(|i| v[i]).collect()),
        FieldValues::Unsigned(v) => FieldValues::Unsigned(places.map(|i| v[i]).collect()),
        FieldValues::Boolean(v) => FieldValues::Boolean(places.map(|i| v[i]).collect()),
        FieldValues::String { .. } => {
            let (mut offsets, mut bytes) = (vec![0], String::new());
            for i in places {
                bytes.push_str(from.values.string(i).unwrap_or_default());
                offsets.push(bytes.len() as u32);
            }
            FieldValues::String { offsets, bytes }
        }
    };
    Some(FieldColumn { name: from.name.clone(), values, rows: at })
}
