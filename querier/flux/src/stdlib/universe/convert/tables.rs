//! `toInt()` and its like: the column `_value` converted in every row.

use crate::stdlib::native::in_flux;

in_flux! { "universe":
    TO_BOOL = "toBool", "(<-tables: stream[{A with _value: B}]) => stream[{A with _value: bool}]",
        "Converts the column `_value` as `bool` does.",
        "(tables=<-) => tables |> map(fn: (r) => ({r with _value: bool(v: r._value)}))";
    TO_FLOAT = "toFloat", "(<-tables: stream[{A with _value: B}]) => stream[{A with _value: float}]",
        "Converts the column `_value` as `float` does.",
        "(tables=<-) => tables |> map(fn: (r) => ({r with _value: float(v: r._value)}))";
    TO_INT = "toInt", "(<-tables: stream[{A with _value: B}]) => stream[{A with _value: int}]",
        "Converts the column `_value` as `int` does.",
        "(tables=<-) => tables |> map(fn: (r) => ({r with _value: int(v: r._value)}))";
    TO_STRING = "toString", "(<-tables: stream[{A with _value: B}]) => stream[{A with _value: string}]",
        "Converts the column `_value` as `string` does.",
        "(tables=<-) => tables |> map(fn: (r) => ({r with _value: string(v: r._value)}))";
    TO_TIME = "toTime", "(<-tables: stream[{A with _value: B}]) => stream[{A with _value: time}]",
        "Converts the column `_value` as `time` does.",
        "(tables=<-) => tables |> map(fn: (r) => ({r with _value: time(v: r._value)}))";
    TO_UINT = "toUInt", "(<-tables: stream[{A with _value: B}]) => stream[{A with _value: uint}]",
        "Converts the column `_value` as `uint` does.",
        "(tables=<-) => tables |> map(fn: (r) => ({r with _value: uint(v: r._value)}))";
}
