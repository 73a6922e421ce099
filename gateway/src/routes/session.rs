//! Signing in with a password, and out again.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use weir_auth::SESSION_COOKIE;
use weir_model::Timestamp;

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::middleware::auth::text;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/api/v2/signin", signin).post("/api/v2/signout", signout)
}

async fn signin(State(gateway): State<Gateway>, headers: HeaderMap) -> ApiResult<Response> {
    let authorization = text(&headers, &header::AUTHORIZATION);
    let signed_in = gateway.auth().sign_in(authorization.as_deref()).await?;
    let (key, expires) = (signed_in.key, http_date(signed_in.expires_at));
    let cookie = format!("{SESSION_COOKIE}={key}; Path=/api/; Expires={expires}; HttpOnly; SameSite=Strict");
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| ApiError::internal())?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

async fn signout(State(gateway): State<Gateway>, headers: HeaderMap) -> ApiResult<StatusCode> {
    gateway.auth().sign_out(text(&headers, &header::COOKIE).as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A moment as cookies spell it.
fn http_date(at: Timestamp) -> String {
    let seconds = at.nanoseconds().div_euclid(1_000_000_000);
    match jiff::Timestamp::from_second(seconds) {
        Ok(timestamp) => timestamp.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_cookies() {
        assert_eq!(http_date(Timestamp(1_700_000_000_999_999_999)), "Tue, 14 Nov 2023 22:13:20 GMT");
    }
}
