//! `contrib/qxip/logql`: queries of Loki and its like.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/qxip/logql",
    name: "logql",
    members: &[&DEFAULT_API, &DEFAULT_URL, &QUERY_RANGE],
};

/// Where queries go.
pub(crate) static DEFAULT_URL: Definition = Definition {
    package: "contrib/qxip/logql",
    name: "defaultURL",
    signature: "string",
    doc: "Where queries go.",
    body: Body::Option("\"http://127.0.0.1:3100\""),
};

/// The path that answers queries.
pub(crate) static DEFAULT_API: Definition = Definition {
    package: "contrib/qxip/logql",
    name: "defaultAPI",
    signature: "string",
    doc: "The path of the server that answers queries.",
    body: Body::Option("\"/loki/api/v1/query_range\""),
};

in_flux! { "contrib/qxip/logql":
    QUERY_RANGE = "query_range",
        "(query: string, ?url: string, ?path: string, ?limit: B, ?start: C, ?end: A, ?step: D, ?orgid: string) => \
         stream[E] where A: Timeable, B: Stringable, C: Timeable, D: Stringable, E: Record",
        "Asks for what matches a LogQL query within a range of time, and answers its rows as text.",
        r#"import "csv"
import "date"
import "http/requests"

(url=defaultURL, path=defaultAPI, query, limit=100, step=10, start=-1h, end=now(), orgid="") => {
    nanoseconds = (t) => string(v: uint(v: date.time(t: t)))
    answer = requests.get(
        url: url + path,
        headers: if orgid == "" then [:] else ["X-Scope-OrgID": orgid],
        params: [
            "query": [query],
            "limit": ["${limit}"],
            "start": [nanoseconds(t: start)],
            "end": [nanoseconds(t: end)],
            "step": ["${step}"],
            "csv": ["1"],
        ],
        body: bytes(v: query),
    )

    return csv.from(csv: string(v: answer.body), mode: "raw")
}"#;
}
