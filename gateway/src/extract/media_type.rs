//! `Content-Type`, read as strictly as the reference reads it.

/// The media type of a header in lower case, without its parameters, which must be well-formed all the same.
///
/// # Errors
/// What the reference's library says.
pub(crate) fn media_type(header: &str) -> Result<String, String> {
    let mut parts = header.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&b))
    };
    match kind.split_once('/') {
        _ if kind.is_empty() => return Err("mime: no media type".to_owned()),
        None if !token(&kind) => return Err("mime: expected slash after first token".to_owned()),
        Some((first, _)) if !token(first) => return Err("mime: expected slash after first token".to_owned()),
        Some((_, second)) if !token(second) => {
            return Err("mime: expected token after slash".to_owned());
        }
        _ => {}
    }
    let mut keys = Vec::new();
    for parameter in parts.filter(|p| !p.is_empty()) {
        let key = parameter.split_once('=').and_then(|(key, value)| {
            let well_formed =
                token(key.trim()) && (token(value.trim()) || value.trim_start().starts_with('"'));
            well_formed.then(|| key.trim().to_ascii_lowercase())
        });
        let key = key.ok_or("mime: invalid media parameter")?;
        if keys.contains(&key) {
            return Err("mime: duplicate parameter name".to_owned());
        }
        keys.push(key);
    }
    Ok(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_their_parameters_are_well_formed() {
        for bad in ["", ";", "a/", "/b", "a b", "a/b; =", "a/b; c", "a/b; c=1; C=2"] {
            assert!(media_type(bad).unwrap_err().starts_with("mime: "), "{bad}");
        }
        for (header, kind) in [
            ("nonsense", "nonsense"),
            ("Text/Plain", "text/plain"),
            ("a/b;", "a/b"),
            ("application/json ; charset=\"utf-8\"; q=1", "application/json"),
        ] {
            assert_eq!(media_type(header).as_deref(), Ok(kind));
        }
    }
}
