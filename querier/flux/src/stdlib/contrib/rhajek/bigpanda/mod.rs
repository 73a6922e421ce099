//! `contrib/rhajek/bigpanda`: alerts to BigPanda.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/rhajek/bigpanda",
    name: "bigpanda",
    members: &[&DEFAULT_TOKEN_PREFIX, &DEFAULT_URL, &ENDPOINT, &SEND_ALERT, &STATUS_FROM_LEVEL],
};

/// Where alerts go.
pub(crate) static DEFAULT_URL: Definition = Definition {
    package: "contrib/rhajek/bigpanda",
    name: "defaultUrl",
    signature: "string",
    doc: "Where alerts go.",
    body: Body::Option("\"https://api.bigpanda.io/data/v2/alerts\""),
};

/// What stands before the token.
pub(crate) static DEFAULT_TOKEN_PREFIX: Definition = Definition {
    package: "contrib/rhajek/bigpanda",
    name: "defaultTokenPrefix",
    signature: "string",
    doc: "The scheme of authorization that stands before the token.",
    body: Body::Option("\"Bearer\""),
};

in_flux! { "contrib/rhajek/bigpanda":
    STATUS_FROM_LEVEL = "statusFromLevel", "(level: string) => string",
        "The status that stands for a level of a check.",
        r#"import "dict"
import "strings"

(level) =>
    dict.get(
        dict: ["ok": "ok", "info": "ok", "warn": "warning", "crit": "critical"],
        key: strings.toLower(v: level),
        default: "critical",
    )"#;
    SEND_ALERT = "sendAlert", "(url: string, token: string, appKey: A, status: C, rec: B) => int where B: Record",
        "Sends an alert, and answers the status of the request.",
        r#"import "http"
import "json"

(url, token, appKey, status, rec) =>
    http.post(
        url: url,
        headers: {
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": defaultTokenPrefix + " " + token,
        },
        data: json.encode(v: {rec with app_key: appKey, status: status}),
    )"#;
    ENDPOINT = "endpoint",
        "(appKey: A, token: string, ?url: string) => (mapFn: (r: B) => {C with status: D}) => (<-tables: \
         stream[B]) => stream[{B with _sent: string, _status: string}] where B: Record, C: Record",
        "Sends an alert for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url=defaultUrl, token, appKey) => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            a = mapFn(r: r)
            status = sendAlert(url: url, token: token, appKey: appKey, status: a.status, rec: a)

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
