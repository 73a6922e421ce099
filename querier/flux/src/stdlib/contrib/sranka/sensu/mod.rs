//! `contrib/sranka/sensu`: events to Sensu.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/sranka/sensu", name: "sensu", members: &[&ENDPOINT, &EVENT, &TO_SENSU_NAME] };

in_flux! { "contrib/sranka/sensu":
    TO_SENSU_NAME = "toSensuName", "(v: string) => string",
        "A name that Sensu takes: other characters than letters, digits, `_`, `.` and `-` become `_`.",
        r#"import "regexp"

(v) => regexp.replaceAllString(r: /[^a-zA-Z0-9_.\-]/, v: v, t: "_")"#;
    EVENT = "event",
        "(url: string, apiKey: string, checkName: string, text: A, ?handlers: B, ?status: C, ?state: string, \
         ?namespace: string, ?entityName: string) => int where C: Equatable",
        "Sends an event, and answers the status of the request.",
        r#"import "http"
import "json"

(
    url,
    apiKey,
    checkName,
    text,
    handlers=[],
    status=0,
    state="",
    namespace="default",
    entityName="influxdb",
) => {
    outcome = if state != "" then state else if status == 0 then "passing" else "failing"
    event = {
        entity: {entity_class: "proxy", metadata: {name: toSensuName(v: entityName)}},
        check: {
            output: text,
            state: outcome,
            status: status,
            handlers: handlers,
            interval: 60,
            metadata: {name: toSensuName(v: checkName)},
        },
    }

    return http.post(
        url: "${url}/api/core/v2/namespaces/${namespace}/events",
        headers: {"Content-Type": "application/json; charset=utf-8", "Authorization": "Key " + apiKey},
        data: json.encode(v: event),
    )
}"#;
    ENDPOINT = "endpoint",
        "(apiKey: string, url: string, ?entityName: string, ?handlers: A, ?namespace: string) => (mapFn: \
         (r: B) => {C with checkName: string, status: D, text: E}) => (<-tables: stream[B]) => stream[{B \
         with _sent: string}] where B: Record, C: Record",
        "Sends an event for each row, and tells in `_sent` whether it was taken.",
        r#"(url, apiKey, handlers=[], namespace="default", entityName="influxdb") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            e = mapFn(r: r)
            status = event(
                url: url,
                apiKey: apiKey,
                handlers: handlers,
                namespace: namespace,
                entityName: entityName,
                checkName: e.checkName,
                text: e.text,
                status: e.status,
            )

            return {r with _sent: string(v: 2 == status / 100)}
        })"#;
}
