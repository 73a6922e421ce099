//! `contrib/chobbs/discord`: messages to Discord.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/chobbs/discord", name: "discord", members: &[&ENDPOINT, &SEND, &URL] };

/// Where messages go.
pub(crate) static URL: Definition = Definition {
    package: "contrib/chobbs/discord",
    name: "discordURL",
    signature: "string",
    doc: "Where messages go.",
    body: Body::Option("\"https://discordapp.com/api/webhooks/\""),
};

in_flux! { "contrib/chobbs/discord":
    SEND = "send",
        "(content: A, username: B, webhookID: string, webhookToken: string, ?avatar_url: C) => int",
        "Sends a message, and answers the status of the request.",
        r#"import "http"
import "json"

(webhookToken, webhookID, username, content, avatar_url="") =>
    http.post(
        url: discordURL + webhookID + "/" + webhookToken,
        headers: {"Content-Type": "application/json"},
        data: json.encode(v: {username: username, content: content, avatar_url: avatar_url}),
    )"#;
    ENDPOINT = "endpoint",
        "(username: A, webhookID: string, webhookToken: string, ?avatar_url: B) => (mapFn: (r: C) => {D \
         with content: E}) => (<-tables: stream[C]) => stream[{C with _sent: string, _status: string}] \
         where C: Record, D: Record",
        "Sends a message for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(webhookToken, webhookID, username, avatar_url="") => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            m = mapFn(r: r)
            status = send(
                webhookToken: webhookToken,
                webhookID: webhookID,
                username: username,
                content: m.content,
                avatar_url: avatar_url,
            )

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
