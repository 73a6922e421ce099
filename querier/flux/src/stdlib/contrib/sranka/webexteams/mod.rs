//! `contrib/sranka/webexteams`: messages to Webex.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/sranka/webexteams", name: "webexteams", members: &[&ENDPOINT, &MESSAGE] };

in_flux! { "contrib/sranka/webexteams":
    MESSAGE = "message", "(?url: string, token: string, roomId: string, text: string, markdown: string) => int",
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
        "(?url: string, token: string) => (mapFn: (r: A) => {B with roomId: string, text: string, markdown: string}) => \
         (<-tables: stream[A]) => stream[C] where A: Record, B: Record, C: Record",
        "Sends a message for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url="https://webexapis.com", token) => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            m = mapFn(r: r)
            status = message(url: url, token: token, roomId: m.roomId, text: m.text, markdown: m.markdown)

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
