//! `date/boundaries`: where the functions of `experimental/date/boundaries` were once. They only say so, as in the reference.

use crate::registry::{Body, Definition, Package};

/// The package.
pub static PACKAGE: Package = Package {
    path: "date/boundaries",
    name: "boundaries",
    members: &[
        &FRIDAY, &MONDAY, &MONTH, &SATURDAY, &SUNDAY, &THURSDAY, &TUESDAY, &WEDNESDAY, &WEEK, &YESTERDAY,
    ],
};

/// Functions by name, parameters of their signature and of their source.
macro_rules! moved {
    ($($id:ident = $name:literal, $signature:literal, $parameters:literal;)*) => {
        $(
            /// Ends the script.
            static $id: Definition = Definition {
                package: "date/boundaries",
                name: $name,
                signature: concat!("(", $signature, ") => {start: time, stop: time}"),
                doc: "Ends the script: see `experimental/date/boundaries`.",
                body: Body::Flux(concat!(
                    "(", $parameters, ") => die(msg: \"the 'date/boundaries' package has been moved to ",
                    "'experimental/date/boundaries'\")",
                )),
            };
        )*
    };
}

moved! {
    YESTERDAY = "yesterday", "", "";
    SUNDAY = "sunday", "", "";
    MONDAY = "monday", "", "";
    TUESDAY = "tuesday", "", "";
    WEDNESDAY = "wednesday", "", "";
    THURSDAY = "thursday", "", "";
    FRIDAY = "friday", "", "";
    SATURDAY = "saturday", "", "";
    MONTH = "month", "?month_offset: int", "month_offset=0";
    WEEK = "week", "?start_sunday: bool, ?week_offset: int", "start_sunday=false, week_offset=0";
}
