//! A slash at the end of a path means nothing.

use axum::http::{Request, Uri, uri::PathAndQuery};

/// Takes trailing slashes off the path; the root keeps its own.
pub(super) fn strip<B>(request: &mut Request<B>) {
    let uri = request.uri();
    let path = uri.path();
    if path.len() < 2 || !path.ends_with('/') {
        return;
    }
    let trimmed = path.trim_end_matches('/');
    let trimmed = if trimmed.is_empty() { "/" } else { trimmed };
    let text = match uri.query() {
        Some(query) => format!("{trimmed}?{query}"),
        None => trimmed.to_owned(),
    };
    if let Ok(short) = text.parse::<PathAndQuery>() {
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(short);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_stays() {
        for (from, to) in [("/a/b/?c=/", "/a/b?c=/"), ("/", "/"), ("/a//", "/a"), ("/a", "/a"), ("//", "/")] {
            let mut request = Request::builder().uri(from).body(()).unwrap();
            strip(&mut request);
            assert_eq!(request.uri().to_string(), to);
        }
    }
}
