//! `experimental/array`: the functions of `array` under their first path, and conversions of whole arrays.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/array",
    name: "array",
    members: &[
        &CONCAT,
        &FILTER,
        &FROM,
        &MAP,
        &TO_BOOL,
        &TO_DURATION,
        &TO_FLOAT,
        &TO_INT,
        &TO_STRING,
        &TO_TIME,
        &TO_UINT,
    ],
};

in_flux! { "experimental/array":
    FROM = "from", "(<-rows: [A]) => stream[A] where A: Record",
        "Makes a table of an array of records, one row a record.",
        "import \"array\"\narray.from";
    CONCAT = "concat", "(<-arr: [A], v: [A]) => [A]", "One array after the other.",
        "import \"array\"\narray.concat";
    FILTER = "filter", "(<-arr: [A], fn: (x: A) => bool) => [A]", "The elements for which `fn` is true.",
        "import \"array\"\narray.filter";
    MAP = "map", "(<-arr: [A], fn: (x: A) => B) => [B]", "What `fn` makes of each element.",
        "import \"array\"\narray.map";
    TO_BOOL = "toBool", "(<-arr: [A]) => [bool]", "The elements, converted as `bool` does.",
        "import \"array\"\n(arr=<-) => array.map(arr: arr, fn: (x) => bool(v: x))";
    TO_DURATION = "toDuration", "(<-arr: [A]) => [duration]", "The elements, converted as `duration` does.",
        "import \"array\"\n(arr=<-) => array.map(arr: arr, fn: (x) => duration(v: x))";
    TO_FLOAT = "toFloat", "(<-arr: [A]) => [float]", "The elements, converted as `float` does.",
        "import \"array\"\n(arr=<-) => array.map(arr: arr, fn: (x) => float(v: x))";
    TO_INT = "toInt", "(<-arr: [A]) => [int]", "The elements, converted as `int` does.",
        "import \"array\"\n(arr=<-) => array.map(arr: arr, fn: (x) => int(v: x))";
    TO_STRING = "toString", "(<-arr: [A]) => [string]", "The elements, converted as `string` does.",
        "import \"array\"\n(arr=<-) => array.map(arr: arr, fn: (x) => string(v: x))";
    TO_TIME = "toTime", "(<-arr: [A]) => [time]", "The elements, converted as `time` does.",
        "import \"array\"\n(arr=<-) => array.map(arr: arr, fn: (x) => time(v: x))";
    TO_UINT = "toUInt", "(<-arr: [A]) => [uint]", "The elements, converted as `uint` does.",
        "import \"array\"\n(arr=<-) => array.map(arr: arr, fn: (x) => uint(v: x))";
}
