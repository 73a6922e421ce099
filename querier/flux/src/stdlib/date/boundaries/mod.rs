//! `date/boundaries`: where the functions of `experimental/date/boundaries` were once. They only say so, as in the reference.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "date/boundaries",
    name: "boundaries",
    members: &[
        &FRIDAY, &MONDAY, &MONTH, &SATURDAY, &SUNDAY, &THURSDAY, &TUESDAY, &WEDNESDAY, &WEEK, &YESTERDAY,
    ],
};

in_flux! { "date/boundaries":
    YESTERDAY = "yesterday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    SUNDAY = "sunday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    MONDAY = "monday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    TUESDAY = "tuesday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    WEDNESDAY = "wednesday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    THURSDAY = "thursday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    FRIDAY = "friday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    SATURDAY = "saturday", "() => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "() => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    MONTH = "month", "(?month_offset: int) => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "(month_offset=0) => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
    WEEK = "week", "(?start_sunday: bool, ?week_offset: int) => {start: time, stop: time}",
        "Ends the script: see `experimental/date/boundaries`.", "(start_sunday=false, week_offset=0) => die(msg: \"the 'date/boundaries' package has been moved to 'experimental/date/boundaries'\")";
}
