//! Any text is checked in the end: its types are found, or what is wrong with it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = weir_flux::Engine::default().compile(text);
});
