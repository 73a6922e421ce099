//! The script of a deadman check.

use weir_flux_syntax::ast::File;

use super::build::{call, called, define, duration, function, member, name, pipe, property, statement};
use super::check::{Head, add_imports, drop_windows, fields_as_columns, look_back, monitor_check, name_data};
use crate::monitoring::{FluxDuration, Level};

pub(super) fn file(
    head: Head<'_>,
    mut file: File,
    since: &FluxDuration,
    stale: &FluxDuration,
    level: Level,
) -> File {
    drop_windows(&mut file);
    look_back(&mut file, stale);
    name_data(&mut file);
    add_imports(&mut file, &["influxdata/influxdb/monitor", "experimental", "influxdata/influxdb/v1"]);
    file.body.extend(head.statements("deadman"));
    file.body.push(define(level.lower(), function(member("r", "dead"))));
    file.body.push(head.message());
    let deadman = call(member("monitor", "deadman"), vec![property("t", before(since))]);
    let check = monitor_check([level].into_iter());
    file.body.push(statement(pipe(name("data"), vec![fields_as_columns(), deadman, check])));
    file
}

/// `experimental["subDuration"](from: now(), d: …)`.
pub(super) fn before(time: &FluxDuration) -> weir_flux_syntax::ast::Expression {
    let now = called(name("now"), Vec::new());
    called(member("experimental", "subDuration"), vec![property("from", now), property("d", duration(time))])
}
