//! `contrib/bonitoo-io/victorops`: alerts to VictorOps.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/bonitoo-io/victorops", name: "victorops", members: &[&ALERT, &ENDPOINT] };

in_flux! { "contrib/bonitoo-io/victorops":
    ALERT = "alert",
        "(url: string, messageType: A, ?monitoringTool: D, ?entityID: C, ?entityDisplayName: B, ?stateMessage: E, \
         ?timestamp: F) => int",
        "Sends an alert, and answers the status of the request.",
        r#"import "http"
import "json"

(
    url,
    monitoringTool="InfluxDB",
    messageType,
    entityID="",
    entityDisplayName="",
    stateMessage="",
    timestamp=now(),
) =>
    http.post(
        url: url,
        headers: {"Content-Type": "application/json"},
        data: json.encode(v: {
            monitoring_tool: monitoringTool,
            message_type: messageType,
            entity_id: entityID,
            entity_display_name: entityDisplayName,
            state_message: stateMessage,
            state_start_time: uint(v: timestamp) / uint(v: 1000000000),
        }),
    )"#;
    ENDPOINT = "endpoint",
        "(url: string, ?monitoringTool: A) => (mapFn: (r: B) => {C with entityDisplayName: D, entityID: \
         E, messageType: F, stateMessage: G, timestamp: H}) => (<-tables: stream[B]) => stream[{B with \
         _sent: string, _status: string}] where B: Record, C: Record",
        "Sends an alert for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url, monitoringTool="InfluxDB") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            a = mapFn(r: r)
            status = alert(
                url: url,
                monitoringTool: monitoringTool,
                messageType: a.messageType,
                entityID: a.entityID,
                entityDisplayName: a.entityDisplayName,
                stateMessage: a.stateMessage,
                timestamp: a.timestamp,
            )

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
