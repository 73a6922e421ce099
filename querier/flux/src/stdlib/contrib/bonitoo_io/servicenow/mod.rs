//! `contrib/bonitoo-io/servicenow`: events to ServiceNow.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/bonitoo-io/servicenow", name: "servicenow", members: &[&ENDPOINT, &EVENT] };

in_flux! { "contrib/bonitoo-io/servicenow":
    EVENT = "event",
        "(url: string, username: string, password: string, description: A, severity: B, ?source: I, ?node: G, \
         ?metricType: F, ?resource: H, ?metricName: E, ?messageKey: D, ?additionalInfo: C) => int \
         where B: Equatable, C: Equatable",
        "Sends an event, and answers the status of the request.",
        r#"import "dict"
import "http"
import "json"

(
    url,
    username,
    password,
    source="Flux",
    node="",
    metricType="",
    resource="",
    metricName="",
    messageKey="",
    description,
    severity,
    additionalInfo={},
) => {
    // The service counts severities from 1; 0 clears.
    levels = ["clear": "0", "critical": "1", "major": "2", "minor": "3", "warning": "4", "info": "5"]
    more = string(v: json.encode(v: additionalInfo))
    event = {
        source: source,
        node: node,
        type: metricType,
        resource: resource,
        metric_name: metricName,
        message_key: messageKey,
        description: description,
        severity: dict.get(dict: levels, key: severity, default: ""),
        additional_info: if more == "{}" then "" else more,
    }

    return http.post(
        url: url,
        headers: {"Authorization": http.basicAuth(u: username, p: password), "Content-Type": "application/json"},
        data: json.encode(v: {records: [event]}),
    )
}"#;
    ENDPOINT = "endpoint",
        "(password: string, url: string, username: string, ?source: A) => (mapFn: (r: B) => {C with \
         description: D, messageKey: E, metricName: F, metricType: G, node: H, resource: I, severity: J}) \
         => (<-tables: stream[B]) => stream[{B with _sent: string, _status: string}] where B: Record, C: \
         Record",
        "Sends an event for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url, username, password, source="Flux") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            e = mapFn(r: r)
            status = event(
                url: url,
                username: username,
                password: password,
                source: source,
                node: e.node,
                metricType: e.metricType,
                resource: e.resource,
                metricName: e.metricName,
                messageKey: e.messageKey,
                description: e.description,
                severity: e.severity,
                additionalInfo: if exists e.additionalInfo then e.additionalInfo else {},
            )

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
