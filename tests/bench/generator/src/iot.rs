//! The TSBS "iot" work: readings and diagnostics of trucks, some of them late, some never sent.

use std::collections::VecDeque;
use std::fmt::Write as _;

use crate::Shape;
use crate::hosts::pick;
use crate::random::Random;
use crate::walk::{Field, Kind, ONE, Walk, Written, write_fields};

use Written::{Decimals, Integer};

const FLEETS: [&str; 4] = ["East", "West", "North", "South"];
const DRIVERS: [&str; 6] = ["Derek", "Rodney", "Albert", "Andy", "Seth", "Trish"];
/// Model, load capacity, fuel capacity, nominal fuel consumption.
const MODELS: [(&str, i64, i64, i64); 3] =
    [("F-150", 2_000, 200, 15), ("G-2000", 5_000, 300, 19), ("H-2", 1_500, 150, 12)];
const VERSIONS: [&str; 4] = ["v1.0", "v1.5", "v2.0", "v2.3"];

const fn walk(name: &'static str, low: i64, high: i64, thousandths: i64, decimals: u32) -> Field {
    (name, Kind::Between { low, high, deviation: thousandths }, Decimals(decimals))
}

const READINGS: [Field; 7] = [
    walk("latitude", -90, 90, 5, 5),
    walk("longitude", -180, 180, 5, 5),
    walk("elevation", 0, 500, 10_000, 0),
    walk("velocity", 0, 100, 10_000, 0),
    walk("heading", 0, 360, 5_000, 0),
    walk("grade", 0, 100, 5_000, 0),
    walk("fuel_consumption", 0, 50, 1_000, 1),
];
const DIAGNOSTICS: [Field; 3] = [
    walk("fuel_state", 0, 1, 0, 1),
    walk("current_load", 0, 5_000, 50_000, 0),
    ("status", Kind::Between { low: 0, high: 5, deviation: 200 }, Integer),
];

/// The longest silence of a truck, in steps.
const SILENCE: u32 = 180;
/// A line comes so many steps late at most.
const LATE: u32 = 30;

struct Truck {
    tags: String,
    capacities: String,
    capacity: i64,
    readings: Vec<Walk>,
    diagnostics: Vec<Walk>,
    fuel: i64,
    silent: u32,
    parked: u32,
}

impl Truck {
    fn new(number: u32, random: &mut Random) -> Self {
        let (model, load, fuel, nominal) = *pick(&MODELS, random);
        let tags = [
            ("name", format!("truck_{number}")),
            ("fleet", (*pick(&FLEETS, random)).to_owned()),
            ("driver", (*pick(&DRIVERS, random)).to_owned()),
            ("model", model.to_owned()),
            ("device_version", (*pick(&VERSIONS, random)).to_owned()),
        ];
        // One truck of ten does not say one of its tags.
        let without = if random.below(10) == 0 { random.below(5) as usize } else { usize::MAX };
        let mut text = String::new();
        for (place, (name, value)) in tags.iter().enumerate() {
            if place != without {
                let _ = write!(text, ",{name}={value}");
            }
        }
        let readings = READINGS
            .iter()
            .map(|f| {
                let walk = Walk::new(f, random);
                if f.0 == "velocity" { walk.starting_at(0) } else { walk }
            })
            .collect();
        Self {
            tags: text,
            capacities: format!(
                ",load_capacity={load}.0,fuel_capacity={fuel}.0,nominal_fuel_consumption={nominal}.0"
            ),
            capacity: load * ONE,
            readings,
            diagnostics: DIAGNOSTICS.iter().map(|f| Walk::new(f, random)).collect(),
            fuel: ONE - i64::from(random.below(30_000)),
            silent: 0,
            parked: random.below(2_000),
        }
    }

    fn go(&mut self, random: &mut Random) {
        if self.parked > 0 {
            self.parked -= 1;
        } else if random.below(3_000) == 0 {
            self.parked = random.below(3_000);
        }
        for (field, value) in READINGS.iter().zip(&mut self.readings) {
            if self.parked > 0 {
                if field.0 == "velocity" {
                    *value = value.clone().starting_at(0);
                }
            } else {
                value.go(random);
            }
        }
        self.diagnostics.iter_mut().for_each(|v| v.go(random));
        if self.parked == 0 {
            self.fuel -= i64::from(random.below(16));
        }
        if self.fuel < 0 {
            self.fuel = ONE;
        }
        if self.silent > 0 {
            self.silent -= 1;
        } else if random.below(500) == 0 {
            self.silent = random.below(SILENCE);
        }
    }

    fn readings(&self, out: &mut String) {
        out.push_str("readings");
        out.push_str(&self.tags);
        write_fields(&READINGS, &self.readings, out);
        out.push_str(&self.capacities);
    }

    fn diagnostics(&self, out: &mut String) {
        out.push_str("diagnostics");
        out.push_str(&self.tags);
        let tenths = self.fuel * 10 / ONE;
        let load = self.diagnostics[1].raw().min(self.capacity) / ONE;
        let _ = write!(out, " fuel_state={}.{},current_load={load}.0,status=", tenths / 10, tenths % 10);
        self.diagnostics[2].write(out);
        out.push_str(&self.capacities);
    }
}

/// All rows, in texts of up to `rows` lines.
pub(crate) fn batches(shape: Shape, rows: u64) -> impl Iterator<Item = String> {
    let mut random = Random::new(shape.seed);
    let mut trucks: Vec<Truck> = (0..shape.hosts).map(|n| Truck::new(n, &mut random)).collect();
    // What comes late, by the step in which it comes.
    let mut late: VecDeque<Vec<String>> = VecDeque::new();
    let mut ready: VecDeque<String> = VecDeque::new();
    let mut step = 0;
    std::iter::from_fn(move || {
        while (ready.len() as u64) < rows && (step < shape.steps || !late.is_empty()) {
            ready.extend(late.pop_front().into_iter().flatten());
            if step >= shape.steps {
                continue;
            }
            let seconds = shape.start + i64::from(step) * i64::from(shape.every);
            for kind in 0..2 {
                for truck in &mut trucks {
                    if kind == 0 && step > 0 {
                        truck.go(&mut random);
                    }
                    // A truck that is silent says nothing, and of ten lines one is lost.
                    if truck.silent > 0 || random.below(10) == 0 {
                        continue;
                    }
                    let mut line = String::new();
                    if kind == 0 {
                        truck.readings(&mut line)
                    } else {
                        truck.diagnostics(&mut line)
                    }
                    let _ = writeln!(line, " {}", seconds * 1_000_000_000);
                    if random.below(10) == 0 {
                        let by = random.below(LATE) as usize;
                        while late.len() <= by {
                            late.push_back(Vec::new());
                        }
                        late[by].push(line);
                    } else {
                        ready.push_back(line);
                    }
                }
            }
            step += 1;
        }
        let size = ready.len().min(usize::try_from(rows).unwrap_or(usize::MAX));
        (size > 0).then(|| ready.drain(..size).collect())
    })
}
