//! Functions that are short scripts over others.

use crate::stdlib::native::in_flux;

in_flux! { "experimental":
    ADD_DURATION = "addDuration",
        "(d: duration, to: A, ?location: {zone: string, offset: duration}) => time where A: Timeable",
        "A time and a duration added.",
        "import \"date\"\n(d, to, location=location) => date.add(d: d, to: to, location: location)";
    SUB_DURATION = "subDuration",
        "(d: duration, from: A, ?location: {zone: string, offset: duration}) => time where A: Timeable",
        "A duration taken from a time.",
        "import \"date\"\n(d, from, location=location) => date.sub(d: d, from: from, location: location)";
    HISTOGRAM = "histogram",
        "(<-tables: stream[{T with _value: float}], bins: [float], ?normalize: bool) => stream[{T with _value: float, le: float}]",
        "How many values of each table are no greater than each bound, as Prometheus counts.",
        "import \"universe\"\n(tables=<-, bins, normalize=false) => tables |> universe.histogram(bins: bins, normalize: normalize)";
    JOIN = "join",
        "(left: stream[A], right: stream[B], fn: (left: A, right: B) => C) => stream[C] where A: Record, B: Record, C: Record",
        "Joins tables of the same group key on `_time`.",
        "import \"join\"\n(left, right, fn) => join.time(left: left, right: right, as: (l, r) => fn(left: l, right: r))";
}
