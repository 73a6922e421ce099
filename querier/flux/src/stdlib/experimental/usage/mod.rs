//! `experimental/usage`: what an organization of InfluxDB Cloud uses. Servers that are not the cloud answer 404.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "experimental/usage", name: "usage", members: &[&FROM, &LIMITS] };

in_flux! { "experimental/usage":
    FROM = "from",
        "(start: A, stop: B, ?host: string, ?orgID: string, ?raw: C, ?token: string) => stream[D] where \
         D: Record",
        "What an organization has used within a range of time.",
        r#"import "csv"
import "experimental/influxdb"
import "http"

(start, stop, host="", orgID="", token="", raw=false) => {
    answer = influxdb.api(
        method: "get",
        path: "/api/v2/orgs/${if orgID == "" then "{orgID}" else http.pathEscape(inputString: orgID)}/usage",
        host: host,
        token: token,
        query: [
            "start": string(v: start),
            "stop": string(v: stop),
            "raw": string(v: raw),
        ],
    )

    return
        if answer.statusCode > 299 then
            die(msg: "organization usage request returned status ${answer.statusCode}: ${string(v: answer.body)}")
        else
            csv.from(csv: string(v: answer.body))
}"#;
    LIMITS = "limits", "(?host: string, ?orgID: string, ?token: string) => A where A: Record",
        "What an organization may use.",
        r#"import "experimental/influxdb"
import "experimental/json"
import "http"

(host="", orgID="", token="") => {
    answer = influxdb.api(method: "get", path: "/api/v2/orgs/${if orgID == "" then "{orgID}" else http.pathEscape(inputString: orgID)}/limits", host: host, token: token)

    return
        if answer.statusCode > 299 then
            die(msg: "organization limits request returned status ${answer.statusCode}: ${string(v: answer.body)}")
        else
            json.parse(data: answer.body).limits
}"#;
}
