//! The script of a rule that tells Slack.

use super::build::{called, choice, define, function, member, name, object, property, template, text};
use super::notify::{define_secret, notify};
use super::rule::{Told, is_level};
use super::{Made, whole};
use crate::monitoring::{Level, SecretField};

pub(super) fn script(
    told: Told<'_>,
    channel: &str,
    message: &str,
    url: &str,
    token: &SecretField,
) -> Made<String> {
    let secret = define_secret("slack_secret", token);
    let mut arguments = Vec::new();
    if secret.is_some() {
        arguments.push(property("token", name("slack_secret")));
    }
    if !url.is_empty() {
        arguments.push(property("url", text(url)));
    }
    let mut endpoint = Vec::from_iter(secret);
    endpoint.push(define("slack_endpoint", called(member("slack", "endpoint"), arguments)));
    let mild = choice(is_level(Level::Warn), text("warning"), text("good"));
    let map = object(vec![
        property("channel", text(channel)),
        property("text", template(message)),
        property("color", choice(is_level(Level::Crit), text("danger"), mild)),
    ]);
    let imports = ["influxdata/influxdb/monitor", "slack", "influxdata/influxdb/secrets", "experimental"];
    whole(&imports, told.body(endpoint, notify("slack_endpoint", function(map)))?)
}
