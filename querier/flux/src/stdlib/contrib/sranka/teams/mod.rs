//! `contrib/sranka/teams`: messages to Microsoft Teams.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/sranka/teams", name: "teams", members: &[&ENDPOINT, &MESSAGE, &SUMMARY_CUTOFF] };

/// How long a summary may be.
pub(crate) static SUMMARY_CUTOFF: Definition = Definition {
    package: "contrib/sranka/teams",
    name: "summaryCutoff",
    signature: "int",
    doc: "How long a summary may be.",
    body: Body::Option("70"),
};

in_flux! { "contrib/sranka/teams":
    MESSAGE = "message", "(text: string, title: A, url: string, ?summary: string) => int",
        "Sends a message, and answers the status of the request.",
        r#"import "http"
import "json"
import "strings"

(url, title, text, summary="") => {
    whole = if summary != "" then summary else text
    short =
        if strings.strlen(v: whole) > summaryCutoff then
            "${strings.substring(v: whole, start: 0, end: summaryCutoff)}..."
        else
            whole

    return http.post(
        url: url,
        headers: {"Content-Type": "application/json; charset=utf-8"},
        data: json.encode(v: {
            "@type": "MessageCard",
            "@context": "http://schema.org/extensions",
            title: title,
            text: text,
            summary: short,
        }),
    )
}"#;
    ENDPOINT = "endpoint",
        "(url: string) => (mapFn: (r: A) => {B with summary: string, text: string, title: C}) => \
         (<-tables: stream[A]) => stream[{A with _sent: string, _status: string}] where A: Record, B: \
         Record",
        "Sends a message for each row, and tells in `_sent` whether it was taken and in `_status` how it was answered.",
        r#"(url) => (mapFn) => (tables=<-) =>
    tables
        |> map(fn: (r) => {
            m = mapFn(r: r)
            status = message(url: url, title: m.title, text: m.text, summary: if exists m.summary then m.summary else "")

            return {r with _status: string(v: status), _sent: string(v: 2 == status / 100)}
        })"#;
}
