//! `truncateTimeColumn(unit:)`.

use crate::registry::{Body, Definition};

/// The function. `timeColumn` is taken and ignored, as scripts that pass it know.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "truncateTimeColumn",
    signature: "(<-tables: stream[{C with _time: B}], unit: duration, ?timeColumn: A) => \
                stream[{C with _time: time}] where B: Timeable",
    doc: "Truncates `_time` in every row to a unit.",
    body: Body::Flux(
        "import \"date\"\n(unit, timeColumn=\"_time\", tables=<-) => tables |> \
         map(fn: (r) => ({r with _time: date.truncate(t: r._time, unit: unit)}))",
    ),
};
