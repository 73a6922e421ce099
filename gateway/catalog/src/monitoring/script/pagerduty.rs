//! The script of a rule that tells PagerDuty.

use weir_flux_syntax::ast::Expression;

use super::build::{called, define, function, member, name, object, property, text};
use super::notify::{notify, secret};
use super::rule::Told;
use super::{Made, whole};
use crate::monitoring::SecretField;

pub(super) fn script(told: Told<'_>, client_url: &str, routing_key: &SecretField) -> Made<String> {
    let endpoint = vec![
        define("pagerduty_secret", secret(routing_key)),
        define("pagerduty_endpoint", called(member("pagerduty", "endpoint"), Vec::new())),
    ];
    let map = object(vec![
        property("routingKey", name("pagerduty_secret")),
        property("client", text("influxdata")),
        property("clientURL", text(client_url)),
        // The only member that the reference writes with a dot.
        property("class", name("r._check_name")),
        property("group", member("r", "_source_measurement")),
        property("severity", of_level("severityFromLevel")),
        property("eventAction", of_level("actionFromLevel")),
        property("source", member("notification", "_notification_rule_name")),
        property("summary", member("r", "_message")),
        property("timestamp", called(name("time"), vec![property("v", member("r", "_source_timestamp"))])),
    ]);
    let imports = ["influxdata/influxdb/monitor", "pagerduty", "influxdata/influxdb/secrets", "experimental"];
    whole(&imports, told.body(endpoint, notify("pagerduty_endpoint", function(map)))?)
}

fn of_level(translation: &str) -> Expression {
    called(member("pagerduty", translation), vec![property("level", member("r", "_level"))])
}
