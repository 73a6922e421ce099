//! `contrib/qxip/clickhouse`: queries of ClickHouse over HTTP.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/qxip/clickhouse", name: "clickhouse", members: &[&DEFAULT_URL, &QUERY] };

/// Where queries go.
pub(crate) static DEFAULT_URL: Definition = Definition {
    package: "contrib/qxip/clickhouse",
    name: "defaultURL",
    signature: "string",
    doc: "Where queries go.",
    body: Body::Option("\"http://127.0.0.1:8123\""),
};

in_flux! { "contrib/qxip/clickhouse":
    QUERY = "query",
        "(query: string, ?url: string, ?limit: A, ?cors: string, ?max_bytes: B, ?format: string) => stream[C] \
         where A: Stringable, B: Stringable, C: Record",
        "Asks ClickHouse, and answers its rows as text.",
        r#"import "csv"
import "http/requests"

(url=defaultURL, query, limit=100, cors="1", max_bytes=10000000, format="CSVWithNames") => {
    answer = requests.get(
        url: url,
        params: [
            "query": [query],
            "default_format": [format],
            "max_result_rows": ["${limit}"],
            "max_result_bytes": ["${max_bytes}"],
            "add_http_cors_header": [cors],
        ],
        headers: ["X-ClickHouse-Format": format],
    )

    return csv.from(csv: string(v: answer.body), mode: "raw")
}"#;
}
