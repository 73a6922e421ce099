//! Any text is read as annotated CSV or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = weir_annotated_csv::decode(text);
});
