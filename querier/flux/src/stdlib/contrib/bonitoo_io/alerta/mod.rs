//! `contrib/bonitoo-io/alerta`: alerts to Alerta.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/bonitoo-io/alerta", name: "alerta", members: &[&ALERT, &ENDPOINT] };

in_flux! { "contrib/bonitoo-io/alerta":
    ALERT = "alert",
        "(url: string, apiKey: string, resource: C, event: B, severity: D, attributes: A, ?environment: E, \
         ?service: H, ?group: F, ?value: M, ?text: J, ?tags: I, ?origin: G, ?type: L, ?timestamp: K) => int",
        "Sends an alert, and answers the status of the request.",
        r#"import "http"
import "json"
import "strings"

(
    url,
    apiKey,
    resource,
    event,
    environment="",
    severity,
    service=[],
    group="",
    value="",
    text="",
    tags=[],
    attributes,
    origin="InfluxDB",
    type="",
    timestamp=now(),
) => {
    body = json.encode(v: {
        resource: resource,
        event: event,
        environment: environment,
        severity: severity,
        service: service,
        group: group,
        value: value,
        text: text,
        tags: tags,
        attributes: attributes,
        origin: origin,
        type: type,
        // The service reads milliseconds, no more and no less.
        createTime: strings.substring(v: string(v: timestamp), start: 0, end: 23) + "Z",
    })

    return http.post(url: url, headers: {"Authorization": "Key ${apiKey}", "Content-Type": "application/json"}, data: body)
}"#;
    ENDPOINT = "endpoint",
        "(apiKey: string, url: string, ?environment: A, ?origin: B) => (mapFn: (r: C) => {D with \
         attributes: E, event: F, group: G, resource: H, service: I, severity: J, tags: K, text: L, \
         timestamp: M, type: N, value: O}) => (<-tables: stream[C]) => stream[{C with _sent: string, \
         _status: string}] where C: Record, D: Record",
        "Sends an alert for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url, apiKey, environment="", origin="") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            a = mapFn(r: r)
            status = alert(
                url: url,
                apiKey: apiKey,
                environment: environment,
                origin: origin,
                resource: a.resource,
                event: a.event,
                severity: a.severity,
                service: a.service,
                group: a.group,
                value: a.value,
                text: a.text,
                tags: a.tags,
                attributes: a.attributes,
                type: a.type,
                timestamp: a.timestamp,
            )

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
