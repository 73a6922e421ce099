//! The script of a rule that tells Telegram.

use super::build::{
    boolean, called, choice, define, function, member, name, object, property, template, text,
};
use super::notify::{define_secret, notify};
use super::rule::{Told, is_level};
use super::{Made, whole};
use crate::monitoring::{Level, SecretField};

/// How a message is read and shown.
pub(super) struct How<'a> {
    pub(super) parse_mode: &'a str,
    pub(super) no_preview: bool,
}

pub(super) fn script(
    told: Told<'_>,
    message: &str,
    how: How<'_>,
    token: &SecretField,
    channel: &str,
) -> Made<String> {
    let secret = define_secret("telegram_secret", token);
    let mut arguments = Vec::new();
    if secret.is_some() {
        arguments.push(property("token", name("telegram_secret")));
    }
    if !how.parse_mode.is_empty() {
        arguments.push(property("parseMode", text(how.parse_mode)));
    }
    arguments.push(property("disableWebPagePreview", boolean(how.no_preview)));
    let mut endpoint = Vec::from_iter(secret);
    endpoint.push(define("telegram_endpoint", called(member("telegram", "endpoint"), arguments)));
    let mild = choice(is_level(Level::Warn), boolean(true), boolean(false));
    let map = object(vec![
        property("channel", text(channel)),
        property("text", template(message)),
        property("silent", choice(is_level(Level::Crit), boolean(true), mild)),
    ]);
    let imports = [
        "influxdata/influxdb/monitor",
        "contrib/sranka/telegram",
        "influxdata/influxdb/secrets",
        "experimental",
    ];
    whole(&imports, told.body(endpoint, notify("telegram_endpoint", function(map)))?)
}
