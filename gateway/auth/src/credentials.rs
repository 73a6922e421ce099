//! What headers say: pure readers of `Authorization` and `Cookie`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The name of the cookie that holds a session's key.
pub const SESSION_COOKIE: &str = "influxdb-oss-session";

/// The token of `Token x` or `Bearer x`, the scheme in any case, all that follows one space. Other schemes are none of ours, and a cookie may
/// still speak for the caller.
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer")).then_some(token)
}

/// The name and password of `Basic x`, the scheme in any case. The password may hold colons.
pub fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, text) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

/// The session's key among the cookies of a `Cookie` header.
pub fn session_key(cookies: &str) -> Option<&str> {
    cookies.split(';').find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == SESSION_COOKIE && !value.is_empty()).then_some(value)
    })
}

/// What v1 endpoints take: `u` and `p` first, then `Token [name:]token` (spelled so), then `Basic`. Beside `Token`
/// the name says nothing, since no password is taken there.
pub(crate) fn v1(parameters: Option<(&str, &str)>, authorization: Option<&str>) -> Option<(String, String)> {
    if let Some((name, password)) =
        parameters.filter(|(name, password)| !name.is_empty() && !password.is_empty())
    {
        return Some((name.to_owned(), password.to_owned()));
    }
    let authorization = authorization?;
    match authorization.split_once(' ') {
        Some(("Token", token)) if !token.is_empty() && !token.contains(' ') => {
            let token = token.split_once(':').map_or(token, |(_, token)| token);
            Some((String::new(), token.to_owned()))
        }
        _ => basic(authorization),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_in_any_case() {
        assert_eq!(bearer("Token abc=="), Some("abc=="));
        assert_eq!(bearer("bEARER abc"), Some("abc"));
        assert_eq!(bearer("Token  abc"), Some(" abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("Token"), None);
        assert_eq!(bearer("abc"), None);
        let encoded = STANDARD.encode("ann:a:b:c-pässwörd");
        let expected = Some(("ann".to_owned(), "a:b:c-pässwörd".to_owned()));
        assert_eq!(basic(&format!("BASIC {encoded}")), expected);
        assert_eq!(basic("Basic !!!"), None);
        assert_eq!(basic(&format!("Basic {}", STANDARD.encode("no-colon"))), None);
    }

    #[test]
    fn a_cookie_among_others() {
        assert_eq!(session_key("theme=dark; influxdb-oss-session=k=; lang=en"), Some("k="));
        assert_eq!(session_key("influxdb-oss-session=; a=b"), None);
        assert_eq!(session_key("session=x"), None);
    }

    #[test]
    fn v1_forms() {
        let pair = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        assert_eq!(v1(Some(("u", "p")), Some("Token t")), pair("u", "p"));
        assert_eq!(v1(Some(("u", "")), Some("Token t")), pair("", "t"));
        assert_eq!(v1(None, Some("Token n:t")), pair("", "t"));
        assert_eq!(v1(None, Some(&format!("Basic {}", STANDARD.encode("n:t")))), pair("n", "t"));
        for refused in ["Token", "Token ", "token t", "Bearer t", "Token t extra", "Digest x", "t"] {
            assert_eq!(v1(None, Some(refused)), None, "{refused}");
        }
        assert_eq!(v1(Some(("u", "")), None), None);
    }
}
