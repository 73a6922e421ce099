//! `contrib/sranka/telegram`: messages to Telegram.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/sranka/telegram",
    name: "telegram",
    members: &[&DEFAULT_PARSE_MODE, &DEFAULT_PREVIEW, &DEFAULT_SILENT, &DEFAULT_URL, &ENDPOINT, &MESSAGE],
};

const fn option(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    value: &'static str,
) -> Definition {
    Definition { package: "contrib/sranka/telegram", name, signature, doc, body: Body::Option(value) }
}

/// Where messages go.
pub(crate) static DEFAULT_URL: Definition =
    option("defaultURL", "string", "Where messages go.", "\"https://api.telegram.org/bot\"");
/// How messages are written.
pub(crate) static DEFAULT_PARSE_MODE: Definition =
    option("defaultParseMode", "string", "How messages are written.", "\"MarkdownV2\"");
/// Whether links have no preview.
pub(crate) static DEFAULT_PREVIEW: Definition =
    option("defaultDisableWebPagePreview", "bool", "Whether links have no preview.", "false");
/// Whether messages make no sound.
pub(crate) static DEFAULT_SILENT: Definition =
    option("defaultSilent", "bool", "Whether messages make no sound.", "true");

in_flux! { "contrib/sranka/telegram":
    MESSAGE = "message",
        "(channel: A, text: B, token: string, ?disableWebPagePreview: C, ?parseMode: D, ?silent: E, ?url: \
         string) => int",
        "Sends a message, and answers the status of the request.",
        r#"import "http"
import "json"

(
    url=defaultURL,
    token,
    channel,
    text,
    parseMode=defaultParseMode,
    disableWebPagePreview=defaultDisableWebPagePreview,
    silent=defaultSilent,
) =>
    http.post(
        url: url + token + "/sendMessage",
        headers: {"Content-Type": "application/json; charset=utf-8"},
        data: json.encode(v: {
            chat_id: channel,
            text: text,
            parse_mode: parseMode,
            disable_web_page_preview: disableWebPagePreview,
            disable_notification: silent,
        }),
    )"#;
    ENDPOINT = "endpoint",
        "(token: string, ?disableWebPagePreview: A, ?parseMode: B, ?url: string) => (mapFn: (r: C) => {D \
         with channel: E, silent: F, text: G}) => (<-tables: stream[C]) => stream[{C with _sent: string, \
         _status: string}] where C: Record, D: Record",
        "Sends a message for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url=defaultURL, token, parseMode=defaultParseMode, disableWebPagePreview=defaultDisableWebPagePreview) =>
    (mapFn) => (tables=<-) =>
        tables
            |> map(fn: (r) => {
                m = mapFn(r: r)
                status = message(
                    url: url,
                    token: token,
                    channel: m.channel,
                    text: m.text,
                    parseMode: parseMode,
                    disableWebPagePreview: disableWebPagePreview,
                    silent: m.silent,
                )

                return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
            })"#;
}
