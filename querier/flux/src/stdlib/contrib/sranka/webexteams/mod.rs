//! `contrib/sranka/webexteams`: messages to Webex.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/sranka/webexteams", name: "webexteams", members: &[&ENDPOINT, &MESSAGE] };

in_flux! { "contrib/sranka/webexteams":
    MESSAGE = "message", "(markdown: A, roomId: B, text: C, token: string, ?url: string) => int",
        "Sends a message, and answers the status of the request.",
        r#"import "http"
import "json"

(url="https://webexapis.com", token, roomId, text, markdown) =>
    http.post(
        url: url + "/v1/messages",
        headers: {"Content-Type": "application/json; charset=utf-8", "Authorization": "Bearer " + token},
        data: json.encode(v: {text: text, markdown: markdown, roomId: roomId}),
    )"#;
    ENDPOINT = "endpoint",
        "(token: string, ?url: string) => (mapFn: (r: A) => {B with markdown: C, roomId: D, text: E}) => \
         (<-tables: stream[A]) => stream[{A with _sent: string, _status: string}] where A: Record, B: \
         Record",
        "Sends a message for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url="https://webexapis.com", token) => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            m = mapFn(r: r)
            status = message(url: url, token: token, roomId: m.roomId, text: m.text, markdown: m.markdown)

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
