//! `slack`: messages to Slack.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "slack", name: "slack", members: &[&DEFAULT_URL, &ENDPOINT, &MESSAGE, &VALIDATE_COLOR] };

/// Where messages go.
pub(crate) static DEFAULT_URL: Definition = Definition {
    package: "slack",
    name: "defaultURL",
    signature: "string",
    doc: "Where messages go.",
    body: Body::Option("\"https://slack.com/api/chat.postMessage\""),
};

in_flux! { "slack":
    VALIDATE_COLOR = "validateColorString", "(color: string) => string",
        "A color that Slack knows: good, warning, danger, or a hexadecimal one.",
        r##"import "regexp"

(color) =>
    if contains(value: color, set: ["good", "warning", "danger"]) or color =~ /^#0*[0-9a-fA-F]{1,6}$/ then
        color
    else
        die(msg: "slack: \"${color}\" is no color: it must be good, warning, danger, or # and up to six hexadecimal digits")"##;
    MESSAGE = "message",
        "(channel: A, color: string, text: B, ?token: string, ?url: string) => int",
        "Sends a message, and answers the status of the request.",
        r#"import "http"
import "json"

(url=defaultURL, token="", channel, text, color) => {
    attachment = {color: validateColorString(color: color), text: string(v: text), mrkdwn_in: ["text"]}

    return http.post(
        url: url,
        headers: {"Authorization": "Bearer " + token, "Content-Type": "application/json"},
        data: json.encode(v: {channel: channel, attachments: [attachment]}),
    )
}"#;
    ENDPOINT = "endpoint",
        "(?token: string, ?url: string) => (mapFn: (r: A) => {B with channel: C, color: string, text: D}) \
         => (<-tables: stream[A]) => stream[{A with _sent: string, _status: string}] where A: Record, B: \
         Record",
        "Sends a message for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url=defaultURL, token="") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            m = mapFn(r: r)
            status = message(url: url, token: token, channel: m.channel, text: m.text, color: m.color)

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
