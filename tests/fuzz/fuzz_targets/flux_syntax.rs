//! Any text parses to a tree; a sound tree formats, and what was formatted formats to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let file = weir_flux_syntax::parse(text, "");
    if weir_flux_syntax::errors(&file).is_empty() {
        // Two expressions side by side parse, as in the reference; what is wrong with them the type checker says.
        let once = weir_flux_syntax::format(&file).ok().filter(|text| !text.contains("<INVALID_OP>"));
        if let Some(once) = once {
            let again = weir_flux_syntax::parse(&once, "");
            assert!(weir_flux_syntax::errors(&again).is_empty());
            assert_eq!(weir_flux_syntax::format(&again).ok().as_deref(), Some(once.as_str()));
        }
    }
});
