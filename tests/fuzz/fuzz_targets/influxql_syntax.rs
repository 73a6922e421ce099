//! Any text is read or refused, and what is read prints itself as text that reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_influxql_syntax::{Params, parse};

fuzz_target!(|text: &str| {
    let Ok(statements) = parse(text, &Params::new()) else { return };
    for statement in statements {
        let printed = statement.to_string();
        let again = parse(&printed, &Params::new());
        assert_eq!(again.as_deref(), Ok(&[statement][..]), "{printed}");
    }
});
