//! The plugins of Telegraf that a configuration is most often made of.

mod catalogue;

use serde_json::{Value, json};

use self::catalogue::{Kind, PLUGINS, Plugin};
use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Query};
use crate::json::Compact;

/// The version of Telegraf from which on the settings of the catalogue are understood.
const VERSION: &str = "1.13.0";

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/v2/telegraf/plugins", list)
}

async fn list(_: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let kind = match params.get("type") {
        None => None,
        Some(text) => Some(
            Kind::parse(text).ok_or_else(|| ApiError::invalid(format!("unknown plugin type '{text}'")))?,
        ),
    };
    let fitting = PLUGINS.iter().filter(|plugin| kind.is_none_or(|kind| plugin.kind == kind));
    let views: Vec<Value> = fitting.map(view).collect();
    Ok(Compact::ok(json!({"version": VERSION, "os": "unix", "plugins": views})))
}

fn view(plugin: &Plugin) -> Value {
    let mut config = format!("# {}\n[[{}s.{}]]\n", plugin.about, plugin.kind.as_str(), plugin.name);
    for line in plugin.settings {
        config.push_str("  ");
        config.push_str(line);
        config.push('\n');
    }
    json!({
        "type": plugin.kind.as_str(),
        "name": plugin.name,
        "description": plugin.about,
        "config": config,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_are_sorted_and_stand_once() {
        let names: Vec<(&str, &str)> =
            PLUGINS.iter().map(|plugin| (plugin.kind.as_str(), plugin.name)).collect();
        assert!(names.is_sorted() && names.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(names.len() >= 50);
    }
}
