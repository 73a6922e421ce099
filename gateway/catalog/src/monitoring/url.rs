//! Whether a text can be a URL, in the words of the reference's parser for the commonest reasons it cannot.

/// What is wrong with a URL, if anything is.
pub(super) fn problem(url: &str) -> Option<String> {
    let wrong = reason(url)?;
    Some(format!("parse {url:?}: {wrong}"))
}

fn reason(url: &str) -> Option<String> {
    if url.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Some("net/url: invalid control character in URL".to_owned());
    }
    let (url, _) = url.split_once('#').unwrap_or((url, ""));
    let rest = match scheme(url) {
        Err(()) => return Some("missing protocol scheme".to_owned()),
        Ok(Some(rest)) => rest,
        Ok(None) => {
            let first = url.split('/').next().unwrap_or_default();
            let first = first.split('?').next().unwrap_or_default();
            if first.contains(':') {
                return Some("first path segment in URL cannot contain colon".to_owned());
            }
            url
        }
    };
    let (rest, _) = rest.split_once('?').unwrap_or((rest, ""));
    let path = match rest.strip_prefix("//") {
        None => rest,
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            if let Some(c) = host.chars().find(|c| " <>\"\\^`{|}".contains(*c)) {
                return Some(format!("invalid character {:?} in host name", c.to_string()));
            }
            let port = host.rfind(':').filter(|at| host.rfind(']').is_none_or(|end| end < *at));
            if let Some(port) = port.and_then(|at| host.get(at..))
                && !port.bytes().skip(1).all(|b| b.is_ascii_digit())
            {
                return Some(format!("invalid port {port:?} after host"));
            }
            path
        }
    };
    bad_escape(path).map(|escape| format!("invalid URL escape {escape:?}"))
}

/// What stands after the scheme; `None` without one, an error for an empty one.
fn scheme(url: &str) -> Result<Option<&str>, ()> {
    for (at, b) in url.bytes().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err(()),
            b':' => return Ok(url.get(at + 1..)),
            _ => return Ok(None),
        }
    }
    Ok(None)
}

fn bad_escape(path: &str) -> Option<&str> {
    path.match_indices('%').map(|(at, _)| at).find_map(|at| {
        let good = path
            .as_bytes()
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        if good { None } else { path.get(at..path.len().min(at + 3)).or(Some("%")) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_texts_are_no_urls() {
        let fine = [
            "http://localhost:1/a?b=c",
            "localhost",
            "https://u:p@[::1]:80/%20",
            "mailto:a@b",
            "/x:y",
            "a/b:c",
        ];
        fine.iter().for_each(|url| assert_eq!(problem(url), None, "{url}"));
        for (url, wrong) in [
            (":x", "missing protocol scheme"),
            ("1:2", "first path segment in URL cannot contain colon"),
            ("http://h:x/", "invalid port \":x\" after host"),
            ("http://h/%zz1", "invalid URL escape \"%zz\""),
            ("http://h/%", "invalid URL escape \"%\""),
            ("http://a b/", "invalid character \" \" in host name"),
            ("a\nb", "net/url: invalid control character in URL"),
        ] {
            assert_eq!(problem(url), Some(format!("parse {url:?}: {wrong}")));
        }
    }
}
