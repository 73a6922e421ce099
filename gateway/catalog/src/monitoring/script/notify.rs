//! How the script of a rule hands statuses to its endpoint.

use weir_flux_syntax::ast::{Expression, Statement};

use super::build::{call, called, define, member, name, pipe, property, statement, text};
use crate::monitoring::SecretField;

/// `all_statuses |> monitor["notify"](data: notification, endpoint: endpoint(mapFn: map))`.
pub(super) fn notify(endpoint: &str, map: Expression) -> Statement {
    let endpoint = called(name(endpoint), vec![property("mapFn", map)]);
    let arguments = vec![property("data", name("notification")), property("endpoint", endpoint)];
    statement(pipe(name("all_statuses"), vec![call(member("monitor", "notify"), arguments)]))
}

/// `secrets["get"](key: …)`.
pub(super) fn secret(field: &SecretField) -> Expression {
    called(member("secrets", "get"), vec![property("key", text(&field.key))])
}

/// `id = secrets["get"](key: …)`, if there is a secret.
pub(super) fn define_secret(id: &str, field: &SecretField) -> Option<Statement> {
    (!field.key.is_empty()).then(|| define(id, secret(field)))
}
