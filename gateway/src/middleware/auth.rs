//! Who calls: every path but a few asks for credentials before it says anything else.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, Method, header};

use crate::error::ApiResult;
use crate::params::Params;
use crate::state::Gateway;

/// Which credentials a path takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// None.
    Nothing,
    /// A token or a session.
    V2,
    /// Name and password, or a token as InfluxDB 1 clients send it.
    V1,
}

/// Leaves the [`weir_model::Caller`] in the request's extensions.
///
/// # Errors
/// 401 for credentials that are missing or unknown, 403 for those of an inactive user.
pub(super) async fn authenticate(gateway: &Gateway, request: &mut Request) -> ApiResult<()> {
    let headers = request.headers();
    let authorization = text(headers, &header::AUTHORIZATION);
    let caller = match asks(request.method(), request.uri().path()) {
        Asks::Nothing => return Ok(()),
        Asks::V2 => {
            let cookies = text(headers, &header::COOKIE);
            gateway.auth().authenticate(authorization.as_deref(), cookies.as_deref()).await?
        }
        Asks::V1 => {
            let params = Params::parse(request.uri().query().unwrap_or_default());
            let pair = params.get("u").zip(params.get("p"));
            gateway.auth().authenticate_v1(pair, authorization.as_deref()).await?
        }
    };
    request.extensions_mut().insert(caller);
    Ok(())
}

/// The text of a header; of several with the same name, all of them as one list.
pub(crate) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join("; "))
}

fn asks(method: &Method, path: &str) -> Asks {
    let open = match path {
        "/api/v2/setup" => method == Method::GET || method == Method::HEAD || method == Method::POST,
        "/api/v2/signin" | "/api/v2/signout" => method == Method::POST,
        "/api/v2" | "/api/v2/swagger.json" => method == Method::GET || method == Method::HEAD,
        _ => false,
    };
    let below =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if open {
        Asks::Nothing
    } else if path == "/write" || path == "/query" {
        Asks::V1
    } else if below("/api/v2") || below("/private") || below("/v1") || below("/api/v2private") {
        Asks::V2
    } else {
        Asks::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_contracts_open_paths_ask_for_nothing() {
        assert_eq!(asks(&Method::POST, "/api/v2/setup"), Asks::Nothing);
        assert_eq!(asks(&Method::PUT, "/api/v2/setup"), Asks::V2);
        assert_eq!(asks(&Method::GET, "/api/v2/signin"), Asks::V2);
        assert_eq!(asks(&Method::GET, "/api/v2/nonsense"), Asks::V2);
        assert_eq!(asks(&Method::GET, "/private/legacy/authorizations"), Asks::V2);
        assert_eq!(asks(&Method::PUT, "/write"), Asks::V1);
        assert_eq!(asks(&Method::GET, "/health"), Asks::Nothing);
        assert_eq!(asks(&Method::GET, "/api/v2x"), Asks::Nothing);
    }
}
