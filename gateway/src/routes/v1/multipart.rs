//! `multipart/form-data`, as far as scripts send queries in it (`curl -F q=@file`).

use crate::params::Params;

/// The fields and files of a form, by their names. What does not read as a form has none.
pub(super) fn form(content_type: &str, body: &[u8]) -> Params {
    let boundary =
        content_type.split(';').filter_map(|part| part.trim().split_once('=')).find_map(|(key, value)| {
            key.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
        });
    let Some(boundary) = boundary.filter(|b| !b.is_empty()) else { return Params::default() };
    let delimiter = format!("--{boundary}");
    let mut pairs = Vec::new();
    let mut starts = find_all(body, delimiter.as_bytes()).into_iter().peekable();
    while let Some(start) = starts.next() {
        let from = start + delimiter.len();
        // The last part ends where a delimiter with two more dashes stands; one that is cut off is none.
        let Some(end) = starts.peek() else { break };
        let part = &body[from..*end];
        let part = part.strip_prefix(b"\r\n").or_else(|| part.strip_prefix(b"\n")).unwrap_or(part);
        let part = part.strip_suffix(b"\n").unwrap_or(part);
        let part = part.strip_suffix(b"\r").unwrap_or(part);
        let (head, value) = match find_all(part, b"\r\n\r\n").first() {
            Some(at) => (&part[..*at], &part[at + 4..]),
            None => match find_all(part, b"\n\n").first() {
                Some(at) => (&part[..*at], &part[at + 2..]),
                None => continue,
            },
        };
        if let Some(name) = name_of(&String::from_utf8_lossy(head)) {
            pairs.push((name, String::from_utf8_lossy(value).into_owned()));
        }
    }
    Params::from_pairs(pairs)
}

fn name_of(head: &str) -> Option<String> {
    let disposition = head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let name = disposition.split(';').filter_map(|part| part.trim().split_once('='));
    name.into_iter().find(|(key, _)| *key == "name").map(|(_, value)| value.trim_matches('"').to_owned())
}

fn find_all(text: &[u8], wanted: &[u8]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].windows(wanted.len()).position(|w| w == wanted) {
        out.push(at + found);
        at += found + wanted.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_files_are_read() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"q\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n\
                    SELECT a\nFROM b\r\n--X\r\nContent-Disposition: form-data; name=\"db\"\r\n\r\nd\r\n--X--\r\n";
        let params = form("multipart/form-data; boundary=X", body.as_bytes());
        assert_eq!(params.get("q"), Some("SELECT a\nFROM b"));
        assert_eq!(params.get("db"), Some("d"));
    }

    #[test]
    fn other_texts_have_no_fields() {
        for (kind, body) in [
            ("multipart/form-data", "--X\r\n"),
            ("multipart/form-data; boundary=\"\"", "--"),
            ("multipart/form-data; boundary=X", "--X--X--X"),
            (
                "multipart/form-data; boundary=X",
                "--X\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\ncut",
            ),
        ] {
            assert_eq!(form(kind, body.as_bytes()), Params::default(), "{body}");
        }
    }
}
