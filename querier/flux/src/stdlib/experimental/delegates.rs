//! Functions that universe has too: here they look at `_value` only, and their types say so.

use crate::stdlib::forward::forwards;

forwards! { "experimental":
    COUNT = "count", "universe"."count",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: int}]",
        "How many values each table has.";
    DISTINCT = "distinct", "universe"."distinct",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}]",
        "The different values of each table.";
    FILL = "fill", "universe"."fill",
        "(<-tables: stream[{T with _value: A}], ?value: A, ?usePrevious: bool) => stream[{T with _value: A}]",
        "Puts a value where there is none.";
    FIRST = "first", "universe"."first",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}]",
        "The first row of each table that has a value.";
    HISTOGRAM_QUANTILE = "histogramQuantile", "universe"."histogramQuantile",
        "(<-tables: stream[{T with _value: float, le: float}], ?quantile: float, ?minValue: float) => stream[{T with _value: float}]",
        "A quantile of the distribution that a histogram tells.";
    INTEGRAL = "integral", "universe"."integral",
        "(<-tables: stream[{T with _time: time, _value: B}], ?unit: duration, ?interpolate: string) => stream[{T with _value: B}]",
        "The area under the curve of each table.";
    KAUFMANS_AMA = "kaufmansAMA", "universe"."kaufmansAMA",
        "(<-tables: stream[{T with _value: A}], n: int) => stream[{T with _value: float}] where A: Numeric",
        "Kaufman's adaptive moving average.";
    LAST = "last", "universe"."last",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}]",
        "The last row of each table that has a value.";
    MAX = "max", "universe"."max",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}] where A: Numeric",
        "The row with the greatest value of each table.";
    MEAN = "mean", "universe"."mean",
        "(<-tables: stream[{T with _value: float}]) => stream[{T with _value: float}]",
        "The mean of each table.";
    MIN = "min", "universe"."min",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}] where A: Numeric",
        "The row with the least value of each table.";
    MODE = "mode", "universe"."mode",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}]",
        "The most frequent value of each table.";
    QUANTILE = "quantile", "universe"."quantile",
        "(<-tables: stream[{T with _value: float}], q: float, ?compression: float, ?method: string) => stream[{T with _value: float}]",
        "A quantile of each table.";
    SKEW = "skew", "universe"."skew",
        "(<-tables: stream[{T with _value: float}]) => stream[{T with _value: float}]",
        "The skew of each table.";
    SPREAD = "spread", "universe"."spread",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}] where A: Numeric",
        "The difference of the greatest and the least value of each table.";
    STDDEV = "stddev", "universe"."stddev",
        "(<-tables: stream[{T with _value: float}], ?mode: string) => stream[{T with _value: float}]",
        "The standard deviation of each table.";
    SUM = "sum", "universe"."sum",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}] where A: Numeric",
        "The sum of each table.";
    UNIQUE = "unique", "universe"."unique",
        "(<-tables: stream[{T with _value: A}]) => stream[{T with _value: A}]",
        "The first row of each value.";
    WINDOW = "window", "universe"."window",
        "(<-tables: stream[{T with _time: time, _start: time, _stop: time}], ?every: duration, ?period: duration, ?offset: duration, \
         ?location: {zone: string, offset: duration}, ?createEmpty: bool) => stream[{T with _time: time, _start: time, _stop: time}]",
        "Groups rows by windows of time.";
    TO = "to", "influxdata/influxdb"."wideTo",
        "(<-tables: stream[A], ?bucket: string, ?bucketID: string, ?org: string, ?orgID: string, ?host: string, ?token: string) \
         => stream[A] where A: Record",
        "Writes rows with a column a field to a bucket.";
}
