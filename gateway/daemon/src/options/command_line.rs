//! The arguments that the process was started with, as anybody may see them.

use std::ffi::OsString;

use serde_json::{Map, Value};

/// Stands for what is not shown.
const HIDDEN: &str = "***";

/// The arguments without the values of flags that `shown` does not have: those may be secrets.
pub(crate) fn shown(arguments: impl Iterator<Item = OsString>, shown: &Map<String, Value>) -> Vec<String> {
    let mut hides_next = false;
    let mut show = |argument: OsString| {
        let argument = argument.to_string_lossy().into_owned();
        let hidden = std::mem::take(&mut hides_next);
        let Some(flag) = argument.strip_prefix("--") else {
            return if hidden { HIDDEN.to_owned() } else { argument };
        };
        match flag.split_once('=') {
            Some((key, _)) if !shown.contains_key(key) => format!("--{key}={HIDDEN}"),
            Some(_) => argument,
            None => {
                hides_next = !shown.contains_key(flag);
                argument
            }
        }
    };
    arguments.map(&mut show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_of_known_flags_are_shown() {
        let known = Map::from_iter([("data-dir".to_owned(), Value::Null)]);
        for (given, want) in [
            ("weir", "weir"),
            ("weir gateway --data-dir /x", "weir gateway --data-dir /x"),
            ("weir --data-dir=/x --vault-token=s", "weir --data-dir=/x --vault-token=***"),
            ("weir --vault-token s --data-dir /x", "weir --vault-token *** --data-dir /x"),
            ("weir --flag --data-dir /x querier", "weir --flag --data-dir /x querier"),
        ] {
            let arguments = given.split(' ').map(OsString::from);
            assert_eq!(shown(arguments, &known).join(" "), want, "{given}");
        }
    }
}
