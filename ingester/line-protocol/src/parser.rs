//! The parser: reads a body line by line, fast where it can, exactly where it must.

use weir_batch::{SeriesKey, WriteBatch};

use crate::columns::Columns;
use crate::exact::{self, Value};
use crate::intern::{Interner, NONE};
use crate::{LineError, MAX_BODY, MAX_STRING_LENGTH, Precision};

/// No line with a field is shorter: `m f=1` and a newline.
const MIN_LINE: usize = 6;

/// What a body holds.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The rows of all good lines. With `mixed`, a measurement may have two columns of one name and different types.
    pub batch: WriteBatch,
    /// Lines that cannot be read. If there is one, nothing of the body may be written.
    pub errors: Vec<LineError>,
    /// Points (or fields of points) that are well-formed, but that no bucket takes.
    pub flawed: Vec<Flawed>,
    /// Whether a field comes with two types.
    pub mixed: bool,
    /// The measurement (index in the batch) of each row, in the order of the lines: it puts rows of different
    /// measurements back in order.
    pub order: Vec<u32>,
}

/// A point that is not in the batch, or only in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flawed {
    /// How many rows of the batch come from lines before it; if the point was only stripped, it is that row.
    pub position: usize,
    /// Its measurement.
    pub measurement: String,
    /// Its canonical series key.
    pub series: String,
    /// Its time.
    pub time: i64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What no bucket takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// No field but `time`: the point is left out.
    OnlyTimeField,
    /// A field called `time` beside others: the field is left out, the point stays.
    TimeField,
    /// A string field longer than [`MAX_STRING_LENGTH`]: the point is left out.
    LongString {
        /// The field.
        field: String,
        /// Its length in bytes.
        length: usize,
    },
}

/// Reads line protocol. Keep it between bodies: it remembers series keys.
pub struct Parser {
    pub(crate) interner: Interner,
    /// Counts bodies, so that indices of an older body are not taken for this one's.
    pub(crate) epoch: u32,
    pub(crate) last: u32,
    pub(crate) precision: Precision,
    /// The time of points without a timestamp.
    pub(crate) now: i64,
    /// Index into `columns` of each interned measurement, or [`NONE`].
    places: Vec<u32>,
    /// How many rows each interned measurement had in the last body that had any.
    expected: Vec<usize>,
    /// The length of the body.
    body: usize,
    pub(crate) columns: Vec<Columns>,
    pub(crate) order: Vec<u32>,
    errors: Vec<LineError>,
    flawed: Vec<Flawed>,
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Parser {
    /// A parser that remembers nothing.
    pub fn new() -> Self {
        Self {
            interner: Interner::default(),
            epoch: 0,
            last: NONE,
            precision: Precision::default(),
            now: 0,
            places: Vec::new(),
            expected: Vec::new(),
            body: 0,
            columns: Vec::new(),
            order: Vec::new(),
            errors: Vec::new(),
            flawed: Vec::new(),
        }
    }

    /// Reads a body. `now` is the time of points without a timestamp, nanoseconds since 1970. A body of more than
    /// 1 GiB is refused.
    pub fn parse(&mut self, body: &[u8], precision: Precision, now: i64) -> Parsed {
        if body.len() > MAX_BODY {
            let reason = format!("a body may not be larger than {MAX_BODY} bytes");
            return Parsed { errors: vec![LineError { line: String::new(), reason }], ..Parsed::default() };
        }
        if self.epoch == u32::MAX {
            *self = Self::new();
        }
        self.epoch += 1;
        self.precision = precision;
        self.now = precision.truncate(now);
        self.body = body.len();
        let text = std::str::from_utf8(body).ok();
        let mut at = 0;
        while at < body.len() {
            if body[at] == b'\n' {
                at += 1;
                continue;
            }
            if let Some(next) = text.and_then(|text| self.fast_line(text, at)) {
                at = next;
                continue;
            }
            let end = exact::line_end(body, at);
            self.exact_line(&body[at..end]);
            at = end + 1;
        }
        self.finish()
    }

    /// The columns that take the rows of an interned series.
    #[inline]
    pub(crate) fn place(&mut self, measurement: u32) -> usize {
        match self.places.get(measurement as usize) {
            Some(&place) if place != NONE => place as usize,
            _ => self.new_place(measurement),
        }
    }

    #[cold]
    fn new_place(&mut self, measurement: u32) -> usize {
        self.places.resize(self.interner.names(), NONE);
        let place = self.columns.len();
        self.places[measurement as usize] = place as u32;
        // Bodies of one client are alike: as many rows of the measurement as last time, if the body can hold them.
        let expected = self.expected.get(measurement as usize).copied().unwrap_or_default();
        let expected = expected.min(self.body / MIN_LINE);
        self.columns.push(Columns::new(self.interner.name(measurement), expected));
        place
    }

    /// Ends the row that is being filled.
    #[inline]
    pub(crate) fn commit(&mut self, series: u32, place: usize, time: i64) {
        let rows = &mut self.columns[place].rows;
        let entry = self.interner.entry(series);
        let index = if entry.epoch == self.epoch {
            entry.index
        } else {
            let index = rows.series.push(SeriesKey(self.interner.canonical(series)));
            let epoch = self.epoch;
            let entry = self.interner.entry_mut(series);
            (entry.epoch, entry.index) = (epoch, index);
            index
        };
        rows.row_series.push(index);
        rows.times.push(time);
        self.order.push(place as u32);
    }

    fn exact_line(&mut self, block: &[u8]) {
        let line = &block[exact::skip_blanks(block, 0)..];
        if matches!(line.first(), None | Some(b'#')) {
            return;
        }
        let read = match std::str::from_utf8(line) {
            Ok(text) => exact::read_line(text, self.precision),
            Err(_) => Err("invalid UTF-8".into()),
        };
        match read {
            Ok(point) => self.exact_point(point),
            Err(reason) => {
                let line = String::from_utf8_lossy(line).into_owned();
                self.errors.push(LineError { line, reason });
            }
        }
    }

    fn exact_point(&mut self, point: exact::Point<'_>) {
        let series = self.interner.exact(point.key);
        let time = point.time.unwrap_or(self.now);
        let measurement = self.interner.entry(series).measurement;
        let mut flaw = None;
        if point.fields.iter().all(|(name, _)| name == "time") {
            flaw = Some(Flaw::OnlyTimeField);
        } else {
            for (name, value) in &point.fields {
                if name == "time" {
                    flaw.get_or_insert(Flaw::TimeField);
                } else if let Value::String(s) = value
                    && s.len() > MAX_STRING_LENGTH
                {
                    flaw = Some(Flaw::LongString { field: name.clone(), length: s.len() });
                    break;
                }
            }
        }
        if let Some(flaw) = flaw {
            let stays = flaw == Flaw::TimeField;
            self.flawed.push(Flawed {
                position: self.order.len(),
                measurement: self.interner.name(measurement).to_owned(),
                series: self.interner.canonical(series).to_owned(),
                time,
                flaw,
            });
            if !stays {
                return;
            }
        }
        let place = self.place(measurement);
        let columns = &mut self.columns[place];
        for (name, value) in point.fields.into_iter().filter(|(name, _)| name != "time") {
            let plain = !name.bytes().any(|b| matches!(b, b'\\' | b' ' | b',' | b'=' | b'"' | b'\n'));
            let slot = columns.slot_named(&name, plain);
            match value {
                Value::Float(v) => columns.float(slot, v),
                Value::Integer(v) => columns.integer(slot, v),
                Value::Unsigned(v) => columns.unsigned(slot, v),
                Value::Boolean(v) => columns.boolean(slot, v),
                Value::String(v) => columns.string(slot, &v),
            }
        }
        self.commit(series, place, time);
    }

    fn finish(&mut self) -> Parsed {
        let mut parsed = Parsed {
            order: std::mem::take(&mut self.order),
            errors: std::mem::take(&mut self.errors),
            flawed: std::mem::take(&mut self.flawed),
            ..Parsed::default()
        };
        let columns = std::mem::take(&mut self.columns);
        self.expected.resize(self.interner.names(), 0);
        for (expected, &place) in self.expected.iter_mut().zip(&self.places) {
            if let Some(columns) = columns.get(place as usize) {
                *expected = columns.rows.times.len();
            }
        }
        let mut moved = vec![NONE; columns.len()];
        for (place, columns) in columns.into_iter().enumerate() {
            if columns.rows.times.is_empty() {
                continue; // only lines that were refused
            }
            moved[place] = parsed.batch.measurements.len() as u32;
            let (rows, mixed) = columns.finish();
            parsed.mixed |= mixed;
            parsed.batch.measurements.push(rows);
        }
        if moved.len() != parsed.batch.measurements.len() {
            parsed.order.iter_mut().for_each(|place| *place = moved[*place as usize]);
        }
        self.places.clear();
        if self.interner.trim() {
            self.last = NONE;
            self.expected.clear();
        }
        parsed
    }
}
