//! `experimental/date/boundaries`: the functions of `date/boundaries` under their first path.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/date/boundaries",
    name: "boundaries",
    members: &[
        &FRIDAY, &MONDAY, &MONTH, &SATURDAY, &SUNDAY, &THURSDAY, &TUESDAY, &WEDNESDAY, &WEEK, &YESTERDAY,
    ],
};

in_flux! { "experimental/date/boundaries":
    YESTERDAY = "yesterday", "() => {start: time, stop: time}", "The bounds of yesterday.",
        "import \"date/boundaries\"\nboundaries.yesterday";
    SUNDAY = "sunday", "() => {start: time, stop: time}", "The bounds of the last Sunday before today.",
        "import \"date/boundaries\"\nboundaries.sunday";
    MONDAY = "monday", "() => {start: time, stop: time}", "The bounds of the last Monday before today.",
        "import \"date/boundaries\"\nboundaries.monday";
    TUESDAY = "tuesday", "() => {start: time, stop: time}", "The bounds of the last Tuesday before today.",
        "import \"date/boundaries\"\nboundaries.tuesday";
    WEDNESDAY = "wednesday", "() => {start: time, stop: time}", "The bounds of the last Wednesday before today.",
        "import \"date/boundaries\"\nboundaries.wednesday";
    THURSDAY = "thursday", "() => {start: time, stop: time}", "The bounds of the last Thursday before today.",
        "import \"date/boundaries\"\nboundaries.thursday";
    FRIDAY = "friday", "() => {start: time, stop: time}", "The bounds of the last Friday before today.",
        "import \"date/boundaries\"\nboundaries.friday";
    SATURDAY = "saturday", "() => {start: time, stop: time}", "The bounds of the last Saturday before today.",
        "import \"date/boundaries\"\nboundaries.saturday";
    MONTH = "month", "(?month_offset: int) => {start: time, stop: time}",
        "The bounds of this month, or of one that many months later.",
        "import \"date/boundaries\"\nboundaries.month";
    WEEK = "week", "(?start_sunday: bool, ?week_offset: int) => {start: time, stop: time}",
        "The bounds of this week, which begins on Monday (or Sunday), or of one that many weeks later.",
        "import \"date/boundaries\"\nboundaries.week";
}
