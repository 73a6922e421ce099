//! Configurations as old clients send them, a list of plugins, turned into TOML.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value};

/// How often an agent works.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Agent {
    /// In milliseconds.
    collection_interval: Option<u64>,
}

/// A plugin with its settings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Plugin {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    comment: Option<String>,
    config: Option<Map<String, Value>>,
}

/// The configuration of an agent that runs these plugins.
pub(super) fn config(agent: &Agent, plugins: &[Plugin]) -> String {
    let interval = agent.collection_interval.filter(|interval| *interval > 0).unwrap_or(10_000);
    let mut text = format!("[agent]\n  interval = \"{interval}ms\"\n");
    for plugin in plugins {
        let comment = plugin.comment.as_deref().unwrap_or_default();
        text.push('\n');
        for line in comment.lines() {
            let _ = writeln!(text, "# {line}");
        }
        let _ = writeln!(text, "[[{}s.{}]]", key(&plugin.kind), key(&plugin.name));
        for (name, setting) in plugin.config.iter().flatten() {
            if let Some(setting) = value(setting) {
                let _ = writeln!(text, "  {} = {setting}", key(name));
            }
        }
    }
    text
}

fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { text.to_owned() } else { Value::from(text).to_string() }
}

/// A value as TOML writes it; what is null there is left out. Texts of JSON are texts of TOML.
fn value(json: &Value) -> Option<String> {
    Some(match json {
        Value::Null => return None,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => json.to_string(),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().filter_map(value).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Object(all) => {
            let each = |(name, one): (&String, &Value)| Some(format!("{} = {}", key(name), value(one)?));
            let all: Vec<String> = all.iter().filter_map(each).collect();
            format!("{{{}}}", all.join(", "))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_become_tables() {
        let plugins = serde_json::json!([
            {"name": "cpu", "type": "input", "comment": "load", "config": {}},
            {"name": "file", "type": "output", "config": {"files": ["a\"b"], "none": null, "tags": {"a b": 1}}},
        ]);
        let plugins: Vec<Plugin> = serde_json::from_value(plugins).unwrap();
        let agent = Agent { collection_interval: Some(15_000) };
        let want = "[agent]\n  interval = \"15000ms\"\n\n# load\n[[inputs.cpu]]\n\n[[outputs.file]]\n  \
            files = [\"a\\\"b\"]\n  tags = {\"a b\" = 1}\n";
        assert_eq!(config(&agent, &plugins), want);
    }
}
