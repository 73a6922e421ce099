//! Sensors: many series of few rows. A device has ten channels, each a series; a tag with a value a device.

use std::fmt::Write as _;

use crate::Shape;
use crate::random::Random;
use crate::walk::{Field, Kind, Walk, Written, write_fields};

/// How many channels a device has.
const CHANNELS: u32 = 10;
/// How many sites the devices stand at.
const SITES: u32 = 100;
const FIELDS: [Field; 2] = [
    ("level", Kind::Between { low: 0, high: 100, deviation: 2_000 }, Written::Decimals(2)),
    ("state", Kind::Between { low: 0, high: 4, deviation: 500 }, Written::Integer),
];

/// All rows, in texts of up to `rows` lines; a [`Shape`]'s hosts are devices.
pub(crate) fn batches(shape: Shape, rows: u64) -> impl Iterator<Item = String> {
    let mut random = Random::new(shape.seed);
    let series = u64::from(shape.hosts) * u64::from(CHANNELS);
    let mut values: Vec<[Walk; 2]> =
        (0..series).map(|_| FIELDS.each_ref().map(|field| Walk::new(field, &mut random))).collect();
    let all = series * u64::from(shape.steps);
    let mut next = 0;
    std::iter::from_fn(move || {
        let end = (next + rows).min(all);
        if next == end {
            return None;
        }
        let mut text = String::new();
        for row in next..end {
            let (step, place) = (row / series, row % series);
            let walks = &mut values[place as usize];
            if step > 0 {
                walks.iter_mut().for_each(|walk| walk.go(&mut random));
            }
            let (device, channel) = (place / u64::from(CHANNELS), place % u64::from(CHANNELS));
            let site = device % u64::from(SITES);
            // Writing into a text cannot fail.
            let _ = write!(text, "sensor,channel=c{channel},device=dev_{device},site=site_{site}");
            write_fields(&FIELDS, walks, &mut text);
            let seconds = shape.start + (step * u64::from(shape.every)) as i64;
            let _ = writeln!(text, " {}", seconds * 1_000_000_000);
        }
        next = end;
        Some(text)
    })
}
