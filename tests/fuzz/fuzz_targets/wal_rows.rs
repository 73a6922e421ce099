//! Any bytes are decoded to rows or refused; rows survive being encoded again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(rows) = weir_wal::decode_rows(data) {
        let _ = weir_wal::encode_rows(&rows);
    }
});
