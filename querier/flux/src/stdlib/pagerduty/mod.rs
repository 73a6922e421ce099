//! `pagerduty`: events to PagerDuty.

mod dedup_key;

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "pagerduty",
    name: "pagerduty",
    members: &[
        &ACTION_FROM_LEVEL,
        &ACTION_FROM_SEVERITY,
        &DEFAULT_URL,
        &ENDPOINT,
        &SEND,
        &SEND_EVENT,
        &SEVERITY_FROM_LEVEL,
        &dedup_key::DEFINITION,
    ],
};

/// Where events go.
pub(crate) static DEFAULT_URL: Definition = Definition {
    package: "pagerduty",
    name: "defaultURL",
    signature: "string",
    doc: "Where events go.",
    body: Body::Option("\"https://events.pagerduty.com/v2/enqueue\""),
};

in_flux! { "pagerduty":
    SEVERITY_FROM_LEVEL = "severityFromLevel", "(level: string) => string",
        "The severity that stands for a level of a check.",
        r#"import "dict"
import "strings"

(level) =>
    dict.get(
        dict: ["warn": "warning", "crit": "critical", "info": "info", "ok": "info"],
        key: strings.toLower(v: level),
        default: "error",
    )"#;
    ACTION_FROM_SEVERITY = "actionFromSeverity", "(severity: string) => string",
        "Whether an event of a severity triggers an incident or resolves it.",
        r#"import "strings"
(severity) => if strings.toLower(v: severity) == "ok" then "resolve" else "trigger""#;
    ACTION_FROM_LEVEL = "actionFromLevel", "(level: string) => string",
        "Whether a level of a check triggers an incident or resolves it.",
        r#"import "strings"
(level) => if strings.toLower(v: level) == "ok" then "resolve" else "trigger""#;
    SEND_EVENT = "sendEvent",
        "(class: A, client: B, clientURL: C, dedupKey: D, eventAction: E, group: F, routingKey: G, \
         severity: H, source: I, summary: string, timestamp: J, ?component: K, ?customDetails: L, \
         ?pagerdutyURL: string) => int where L: Equatable",
        "Sends an event, and answers the status of the request.",
        r#"(
    pagerdutyURL=defaultURL,
    routingKey,
    client,
    clientURL,
    dedupKey,
    class,
    group,
    severity,
    eventAction,
    source,
    component="",
    summary,
    timestamp,
    customDetails={},
) =>
    _send(
        pagerdutyURL: pagerdutyURL,
        event: {
            routingKey,
            client,
            clientURL,
            dedupKey,
            class,
            group,
            severity,
            eventAction,
            source,
            component,
            summary,
            timestamp,
            customDetails,
        },
    ).statusCode"#;
    SEND = "_send",
        "(event: {A with class: B, client: C, clientURL: D, component: E, customDetails: F, dedupKey: G, \
         eventAction: H, group: I, routingKey: J, severity: K, source: L, summary: string, timestamp: M}, \
         pagerdutyURL: string) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends an event, and answers what came back.",
        r#"import "http/requests"
import "json"
import "strings"

(pagerdutyURL, event) => {
    payload = {
        // Longer ones are refused.
        summary: strings.substring(v: event.summary, start: 0, end: 1024),
        timestamp: event.timestamp,
        source: event.source,
        component: event.component,
        severity: event.severity,
        group: event.group,
        class: event.class,
    }
    details = json.encode(v: event.customDetails)
    message = {
        routing_key: event.routingKey,
        dedup_key: event.dedupKey,
        event_action: event.eventAction,
        client: event.client,
        client_url: event.clientURL,
    }

    return requests.post(
        url: pagerdutyURL,
        headers: ["Accept": "application/vnd.pagerduty+json;version=2", "Content-Type": "application/json"],
        // Details that say nothing are left out.
        body:
            if string(v: details) == "{}" then
                json.encode(v: {message with payload: payload})
            else
                json.encode(v: {message with payload: {payload with custom_details: event.customDetails}}),
    )
}"#;
    ENDPOINT = "endpoint",
        "(?url: string) => (mapFn: (r: {A with _pagerdutyDedupKey: string}) => {B with class: C, client: \
         D, clientURL: E, eventAction: F, group: G, routingKey: H, severity: I, source: J, summary: \
         string, timestamp: K}) => (<-tables: stream[A]) => stream[{A with _body: string, \
         _pagerdutyDedupKey: string, _sent: string, _status: string}] where A: Record, B: Record",
        "Sends an event for each row, and tells in `_sent` whether it was taken, and in `_status` and `_body` \
         how it was answered.",
        r#"(url=defaultURL) => (mapFn) => (tables=<-) =>
    tables
        |> dedupKey()
        |> map(fn: (r) => {
            event = mapFn(r: r)
            response = _send(
                pagerdutyURL: url,
                event: {event with
                    dedupKey: r._pagerdutyDedupKey,
                    component: if exists event.component then event.component else "",
                    customDetails: if exists event.customDetails then event.customDetails else {},
                },
            )

            return {r with
                _status: string(v: response.statusCode),
                _sent: string(v: 2 == response.statusCode / 100),
                _body: string(v: response.body),
            }
        })"#;
}
