//! `pushbullet`: notes to Pushbullet.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "pushbullet",
    name: "pushbullet",
    members: &[&DEFAULT_URL, &ENDPOINT, &PUSH_DATA, &PUSH_NOTE],
};

/// Where pushes go.
pub(crate) static DEFAULT_URL: Definition = Definition {
    package: "pushbullet",
    name: "defaultURL",
    signature: "string",
    doc: "Where pushes go.",
    body: Body::Option("\"https://api.pushbullet.com/v2/pushes\""),
};

in_flux! { "pushbullet":
    PUSH_DATA = "pushData", "(data: A, ?token: B, ?url: string) => int",
        "Sends a push, and answers the status of the request.",
        r#"import "http"
import "json"

(url=defaultURL, token="", data) =>
    http.post(
        url: url,
        headers: {"Access-Token": token, "Content-Type": "application/json"},
        data: json.encode(v: data),
    )"#;
    PUSH_NOTE = "pushNote", "(text: A, title: B, ?token: C, ?url: string) => int",
        "Sends a note, and answers the status of the request.",
        r#"(url=defaultURL, token="", title, text) =>
    pushData(url: url, token: token, data: {type: "note", title: title, body: text})"#;
    ENDPOINT = "endpoint",
        "(?token: A, ?url: string) => (mapFn: (r: B) => {C with text: D, title: E}) => (<-tables: \
         stream[B]) => stream[{B with _sent: string, _status: string}] where B: Record, C: Record",
        "Sends a note for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url=defaultURL, token="") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            note = mapFn(r: r)
            status = pushNote(url: url, token: token, title: note.title, text: note.text)

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
