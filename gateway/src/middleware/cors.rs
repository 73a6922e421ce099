//! Cross-origin requests: any origin may ask, none gets to use cookies.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

const METHODS: HeaderValue = HeaderValue::from_static("POST, GET, OPTIONS, PUT, DELETE, PATCH");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Content-Type, Content-Length, Accept-Encoding, Authorization, User-Agent",
);

/// The answer to a preflight; `None` for every other request, and for an OPTIONS that names no origin.
pub(super) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Response> {
    (method == Method::OPTIONS && headers.contains_key(header::ORIGIN))
        .then(|| StatusCode::NO_CONTENT.into_response())
}

/// Lets the origin that asked read the answer.
pub(super) fn allow(origin: Option<HeaderValue>, response: &mut Response) {
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
}
