//! `experimental/http/requests`: where `http/requests` was before.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::forward::forwards;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/http/requests",
    name: "requests",
    members: &[&DEFAULT_CONFIG, &DO, &GET, &PEEK, &POST],
};

/// How requests are made.
pub(crate) static DEFAULT_CONFIG: Definition = Definition {
    package: "experimental/http/requests",
    name: "defaultConfig",
    signature: "{timeout: duration, insecureSkipVerify: bool}",
    doc: "How requests are made.",
    body: Body::Option("import \"http/requests\"\nrequests.defaultConfig"),
};

forwards! { "experimental/http/requests":
    DO = "do", "http/requests"."do",
        "(method: string, url: string, ?params: [string:[string]], ?headers: [string:string], ?body: bytes, \
         ?config: {A with timeout: duration, insecureSkipVerify: bool}) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends a request of any method, and answers its response.";
    GET = "get", "http/requests"."get",
        "(url: string, ?params: [string:[string]], ?headers: [string:string], ?body: bytes, \
         ?config: {A with timeout: duration, insecureSkipVerify: bool}) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends a GET request, and answers its response.";
    POST = "post", "http/requests"."post",
        "(url: string, ?params: [string:[string]], ?headers: [string:string], ?body: bytes, \
         ?config: {A with timeout: duration, insecureSkipVerify: bool}) => \
         {statusCode: int, body: bytes, headers: [string:string], duration: duration}",
        "Sends a POST request, and answers its response.";
    PEEK = "peek", "http/requests"."peek",
        "(response: {A with body: B, duration: C, headers: D, statusCode: E}) => stream[{statusCode: E, \
         headers: string, duration: int, body: string}] where A: Record",
        "A response as a table, to look at.";
}
