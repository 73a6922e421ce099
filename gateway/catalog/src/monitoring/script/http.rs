//! The script of a rule that tells an HTTP server.

use weir_flux_syntax::ast::{Expression, Operator};

use super::build::{
    binary, called, define, function_block, give, integer, member, name, object, object_with, property,
    quoted_property, text,
};
use super::notify::{notify, secret};
use super::rule::Told;
use super::{Made, whole};
use crate::monitoring::SecretField;

/// How the server knows who tells it.
pub(super) enum Auth<'a> {
    None,
    Bearer(&'a SecretField),
    Basic(&'a SecretField, &'a SecretField),
}

impl<'a> Auth<'a> {
    pub(super) fn new(
        method: &str,
        token: &'a SecretField,
        username: &'a SecretField,
        password: &'a SecretField,
    ) -> Self {
        match method {
            "bearer" => Self::Bearer(token),
            "basic" => Self::Basic(username, password),
            _ => Self::None,
        }
    }

    fn header(&self) -> Option<Expression> {
        match self {
            Self::None => None,
            Self::Bearer(token) => Some(binary(text("Bearer "), Operator::Addition, secret(token))),
            Self::Basic(username, password) => {
                let both = vec![property("u", secret(username)), property("p", secret(password))];
                Some(called(member("http", "basicAuth"), both))
            }
        }
    }
}

pub(super) fn script(told: Told<'_>, url: &str, auth: Auth<'_>) -> Made<String> {
    let mut imports = vec!["influxdata/influxdb/monitor", "http", "json", "experimental"];
    let mut headers = vec![quoted_property("Content-Type", text("application/json"))];
    if let Some(header) = auth.header() {
        imports.push("influxdata/influxdb/secrets");
        headers.push(quoted_property("Authorization", header));
    }
    let endpoint = vec![
        define("headers", object(headers)),
        define("endpoint", called(member("http", "endpoint"), vec![property("url", text(url))])),
    ];
    let encoded = called(member("json", "encode"), vec![property("v", name("body"))]);
    let map = function_block(vec![
        define("body", object_with("r", vec![property("_version", integer(1))])),
        give(object(vec![property("headers", name("headers")), property("data", encoded)])),
    ]);
    whole(&imports, told.body(endpoint, notify("endpoint", map))?)
}
