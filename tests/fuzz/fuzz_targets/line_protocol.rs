//! Any bytes are read or refused, and what is read keeps the invariants of a batch.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_line_protocol::{Parser, Precision};

fuzz_target!(|data: &[u8]| {
    let parsed = Parser::new().parse(data, Precision::Nanoseconds, 0);
    for rows in &parsed.batch.measurements {
        assert_eq!(rows.row_series.len(), rows.times.len());
        assert!(rows.row_series.iter().all(|s| (*s as usize) < rows.series.len()));
    }
});
