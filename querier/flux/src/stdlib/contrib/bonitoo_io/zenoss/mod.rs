//! `contrib/bonitoo-io/zenoss`: events to Zenoss.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/bonitoo-io/zenoss", name: "zenoss", members: &[&ENDPOINT, &EVENT] };

in_flux! { "contrib/bonitoo-io/zenoss":
    EVENT = "event",
        "(url: string, severity: A, ?username: string, ?password: string, ?apiKey: C, ?action: B, ?method: J, \
         ?type: M, ?tid: L, ?summary: K, ?device: F, ?component: E, ?eventClass: G, ?eventClassKey: H, \
         ?collector: D, ?message: I) => int where C: Equatable",
        "Sends an event, and answers the status of the request.",
        r#"import "http"
import "json"

(
    url,
    username="",
    password="",
    apiKey="",
    action="EventsRouter",
    method="add_event",
    type="rpc",
    tid=1,
    summary="",
    device="",
    component="",
    severity,
    eventClass="",
    eventClassKey="",
    collector="",
    message="",
) => {
    event = {
        summary: summary,
        device: device,
        component: component,
        severity: severity,
        evclass: eventClass,
        evclasskey: eventClassKey,
        collector: collector,
        message: message,
    }
    json_type = {"Content-Type": "application/json"}
    headers =
        if apiKey != "" then
            {json_type with "z-api-key": apiKey}
        else
            {json_type with "Authorization": http.basicAuth(u: username, p: password)}

    return http.post(
        url: url,
        headers: headers,
        data: json.encode(v: {action: action, method: method, data: [event], type: type, tid: tid}),
    )
}"#;
    ENDPOINT = "endpoint",
        "(url: string, ?action: A, ?apiKey: B, ?method: C, ?password: string, ?tid: D, ?type: E, \
         ?username: string) => (mapFn: (r: F) => {G with collector: H, component: I, device: J, \
         eventClass: K, eventClassKey: L, message: M, severity: N, summary: O}) => (<-tables: stream[F]) \
         => stream[{F with _sent: string, _status: string}] where F: Record, G: Record",
        "Sends an event for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url, username="", password="", apiKey="", action="EventsRouter", method="add_event", type="rpc", tid=1) =>
    (mapFn) => (tables=<-) =>
        tables
            |> map(fn: (r) => {
                e = mapFn(r: r)
                status = event(
                    url: url,
                    username: username,
                    password: password,
                    apiKey: apiKey,
                    action: action,
                    method: method,
                    type: type,
                    tid: tid,
                    summary: e.summary,
                    device: e.device,
                    component: e.component,
                    severity: e.severity,
                    eventClass: e.eventClass,
                    eventClassKey: e.eventClassKey,
                    collector: e.collector,
                    message: e.message,
                )

                return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
            })"#;
}
