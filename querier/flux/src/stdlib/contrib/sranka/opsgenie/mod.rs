//! `contrib/sranka/opsgenie`: alerts to Opsgenie.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/sranka/opsgenie",
    name: "opsgenie",
    members: &[&ENDPOINT, &RESPONDER, &RESPONDERS_TO_JSON, &SEND_ALERT],
};

in_flux! { "contrib/sranka/opsgenie":
    RESPONDER = "_responder", "(v: string) => string",
        "One responder as JSON: what stands before the colon is its kind.",
        r#"import "json"
import "strings"

(v) => {
    kind = strings.substring(v: v, start: 0, end: strings.index(v: v, substr: ":"))
    rest = strings.trimPrefix(v: v, prefix: kind + ":")
    fields =
        if kind == "user" then
            {type: kind, key: "username"}
        else if kind == "team" or kind == "escalation" or kind == "schedule" then
            {type: kind, key: "name"}
        else
            die(msg: "opsgenie: a responder begins with user:, team:, escalation: or schedule:, not ${v}")

    return
        "{ \"type\": " + string(v: json.encode(v: fields.type)) + ", \"" + fields.key + "\": " + string(
            v: json.encode(v: rest),
        ) + "}"
}"#;
    RESPONDERS_TO_JSON = "respondersToJSON", "(v: [string]) => string",
        "Responders such as `user:ann@example.com` and `team:ops` as a JSON array.",
        r#"import "experimental/array"
import "strings"

(v) =>
    if length(arr: v) == 0 then
        "[]"
    else
        "[" + strings.joinStr(arr: array.map(arr: v, fn: (x) => _responder(v: x)), v: ",") + "]""#;
    SEND_ALERT = "sendAlert",
        "(apiKey: string, message: string, ?url: string, ?alias: string, ?description: string, ?priority: string, \
         ?responders: [string], ?tags: C, ?entity: string, ?actions: A, ?visibleTo: [string], ?details: B) => int \
         where B: Stringable",
        "Sends an alert, and answers the status of the request.",
        r#"import "http"
import "json"
import "strings"

(
    url="https://api.opsgenie.com/v2/alerts",
    apiKey,
    message,
    alias="",
    description="",
    priority="P3",
    responders=[],
    tags=[],
    entity="",
    actions=[],
    visibleTo=[],
    details="{}",
) => {
    // The service refuses what is longer.
    cut = (v, max) => if strings.strlen(v: v) > max then "${strings.substring(v: v, start: 0, end: max)}" else v
    text = (v) => string(v: json.encode(v: v))
    body = "{
\"message\": ${text(v: cut(v: message, max: 130))},
\"alias\": ${text(v: cut(v: if alias == "" then message else alias, max: 512))},
\"description\": ${text(v: cut(v: description, max: 15000))},
\"responders\": ${respondersToJSON(v: responders)},
\"visibleTo\": ${respondersToJSON(v: visibleTo)},
\"actions\": ${text(v: actions)},
\"tags\": ${text(v: tags)},
\"details\": ${details},
\"entity\": ${text(v: cut(v: entity, max: 512))},
\"priority\": ${text(v: cut(v: priority, max: 2))}
}"

    return http.post(
        url: url,
        headers: {"Content-Type": "application/json; charset=utf-8", "Authorization": "GenieKey " + apiKey},
        data: bytes(v: body),
    )
}"#;
    ENDPOINT = "endpoint",
        "(apiKey: string, ?entity: string, ?url: string) => (mapFn: (r: A) => {B with actions: C, alias: \
         string, description: string, details: D, message: string, priority: string, responders: \
         [string], tags: E, visibleTo: [string]}) => (<-tables: stream[A]) => stream[{A with _sent: \
         string, _status: string}] where A: Record, B: Record",
        "Sends an alert for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url="https://api.opsgenie.com/v2/alerts", apiKey, entity="") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            a = mapFn(r: r)
            status = sendAlert(
                url: url,
                apiKey: apiKey,
                entity: entity,
                message: a.message,
                alias: a.alias,
                description: a.description,
                priority: a.priority,
                responders: a.responders,
                tags: a.tags,
                actions: a.actions,
                visibleTo: a.visibleTo,
                details: a.details,
            )

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
