//! What `csv.from` reads, annotated or raw, are sound tables or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for batches in [weir_annotated_csv::decode(text), weir_annotated_csv::decode_raw(text)].into_iter().flatten() {
        batches.iter().for_each(|batch| batch.check().unwrap());
    }
});
