//! Where templates come from: the request, or other servers, which are asked for them within limits.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde_json::Value;

use super::template::{Template, TemplateObject};
use super::yaml;

/// How long another server may take for all of a template.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The longest template that is taken from another server.
const LONGEST: usize = 10 << 20;
/// What is said to a language that this server does not evaluate.
pub(crate) const INVALID_ENCODING: &str = "invalid encoding provided";

/// How a template is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Json,
    Jsonnet,
    Yaml,
}

impl Encoding {
    /// That of a body or an answer, by its media type.
    pub(crate) fn of_media_type(media_type: &str) -> Self {
        match media_type {
            "application/x-jsonnet" => Self::Jsonnet,
            "text/yml" | "application/x-yaml" => Self::Yaml,
            _ => Self::Json,
        }
    }

    /// That of a template, by what is said of it or how its source ends; `None` if neither tells.
    pub(crate) fn of_template(said: &str, source: &str) -> Option<Self> {
        let end = source.rsplit('/').next().unwrap_or_default();
        let end = end.rfind('.').map_or("", |dot| &end[dot..]);
        match (said.to_lowercase().as_str(), end) {
            ("jsonnet", _) | (_, ".jsonnet") => Some(Self::Jsonnet),
            ("json", _) | (_, ".json") => Some(Self::Json),
            ("yml" | "yaml", _) | (_, ".yml" | ".yaml") => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// Whether an address ends like a template in a language that is not evaluated; `None` if it is no address.
pub(crate) fn is_jsonnet(url: &str) -> Option<bool> {
    let bytes = url.as_bytes();
    let escaped =
        |at: usize| bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    if bytes.iter().enumerate().any(|(at, byte)| *byte == b'%' && !escaped(at)) {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(url).decode_utf8_lossy().to_lowercase();
    Some(decoded.ends_with("jsonnet"))
}

/// The objects of a template that a request carries.
///
/// # Errors
/// The contents are of another form, or in a language that is not evaluated.
pub(crate) fn of_contents(encoding: Encoding, contents: &Value) -> Result<Vec<TemplateObject>, String> {
    match (encoding, contents) {
        (Encoding::Jsonnet, _) => Err(INVALID_ENCODING.to_owned()),
        (_, Value::Null) => Ok(Vec::new()),
        (_, Value::Array(all)) => all.iter().map(TemplateObject::read).collect(),
        (Encoding::Yaml, Value::String(text)) => of_text(Encoding::Yaml, text),
        (Encoding::Yaml, one) => Ok(vec![TemplateObject::read(one)?]),
        (Encoding::Json, _) => Err("a list of objects is expected".to_owned()),
    }
}

/// The objects of a template as text. A document of YAML may be an object or a list of them.
fn of_text(encoding: Encoding, text: &str) -> Result<Vec<TemplateObject>, String> {
    match encoding {
        Encoding::Jsonnet => Err(INVALID_ENCODING.to_owned()),
        Encoding::Json => {
            let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
            of_contents(Encoding::Json, &value)
        }
        Encoding::Yaml => {
            let mut objects = Vec::new();
            for document in yaml::read(text)? {
                objects.extend(of_contents(Encoding::Yaml, &document)?);
            }
            Ok(objects)
        }
    }
}

/// Asks another server for a template. Hardened, addresses that only this server's network knows are not asked.
///
/// # Errors
/// It does not answer, or not with a template.
pub(crate) async fn fetch(url: &str, encoding: Option<Encoding>, hardened: bool) -> Result<Template, String> {
    if encoding == Some(Encoding::Jsonnet) {
        return Err(INVALID_ENCODING.to_owned());
    }
    let body = get(&raw_content(url), hardened).await.map_err(|why| format!("Get {url:?}: {why}"))?;
    let text = String::from_utf8(body).map_err(|_| "the template is no text".to_owned())?;
    // JSON is YAML too.
    let objects = of_text(encoding.unwrap_or(Encoding::Yaml), &text)?;
    Ok(Template { objects, sources: vec![url.to_owned()] })
}

/// The address of the file itself where the address is that of its page.
fn raw_content(url: &str) -> String {
    let Some(path) = url.strip_prefix("https://github.com/") else { return url.to_owned() };
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [owner, repository, _, rest @ ..]
            if !rest.is_empty() && Encoding::of_template("", path).is_some() =>
        {
            format!("https://raw.githubusercontent.com/{owner}/{repository}/{}", rest.join("/"))
        }
        _ => url.to_owned(),
    }
}

async fn get(url: &str, hardened: bool) -> Result<Vec<u8>, String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("unsupported protocol scheme {:?}", url.scheme()));
    }
    let mut builder = Client::builder().timeout(TIMEOUT).connect_timeout(Duration::from_secs(10));
    if hardened {
        if is_private_literal(&url) {
            return Err("no such host".to_owned());
        }
        let follow = Policy::custom(|attempt| {
            if attempt.previous().len() > 5 || is_private_literal(attempt.url()) {
                attempt.error("redirected to where this server does not go")
            } else {
                attempt.follow()
            }
        });
        builder = builder.dns_resolver(Arc::new(Public)).redirect(follow);
    }
    let client = builder.build().map_err(|error| error.to_string())?;
    let mut answer = client.get(url).send().await.map_err(|error| innermost(&error))?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| innermost(&error))? {
        if body.len() + piece.len() > LONGEST {
            return Err(format!("the template is longer than {LONGEST} bytes"));
        }
        body.extend_from_slice(&piece);
    }
    if !status.is_success() {
        return Err(format!("bad response: status_code={}", status.as_u16()));
    }
    Ok(body)
}

/// The last cause says most: the others repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Resolves names to addresses that are not private.
struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| !is_private(address.ip())).collect();
            if public.is_empty() {
                return Err("no such host".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_private_literal(url: &Url) -> bool {
    let host = url.host_str().map(|host| host.trim_matches(['[', ']']));
    host.and_then(|host| host.parse::<IpAddr>().ok()).is_some_and(is_private)
}

/// Whether an address is only known inside: this machine, its networks, or nothing at all.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let of_carriers = a == 100 && (64..128).contains(&b);
            let local = v4.is_loopback() || v4.is_private() || v4.is_link_local() || of_carriers;
            local || a == 0 || v4.is_broadcast() || v4.is_multicast()
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                let local = v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local();
                local || v6.is_unspecified() || v6.is_multicast()
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn sources_tell_how_they_are_written() {
        assert_eq!(Encoding::of_template("", "http://x/a.b/t.yml"), Some(Encoding::Yaml));
        assert_eq!(Encoding::of_template("", "http://x.yml/t"), None);
        assert_eq!(Encoding::of_template("JSON", ""), Some(Encoding::Json));
        assert_eq!(Encoding::of_template("json", "t.jsonnet"), Some(Encoding::Jsonnet));
        let page = "https://github.com/o/r/blob/master/d/t.yml";
        assert_eq!(raw_content(page), "https://raw.githubusercontent.com/o/r/master/d/t.yml");
        assert_eq!(raw_content("https://github.com/o/r"), "https://github.com/o/r");
    }

    #[tokio::test]
    async fn other_servers_are_asked_within_limits() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/t.yml", listener.local_addr().unwrap());
        let refused = fetch(&url, None, true).await.unwrap_err();
        assert_eq!(refused, format!("Get {url:?}: no such host"));
        assert!(
            fetch("file:///etc/passwd", None, false)
                .await
                .unwrap_err()
                .contains("unsupported protocol scheme")
        );
        assert_eq!(fetch(&url, Some(Encoding::Jsonnet), false).await.unwrap_err(), INVALID_ENCODING);
        let server = tokio::spawn(async move {
            for (status, body) in
                [("200 OK", "kind: Label\n---\n- kind: Bucket\n- kind: Task\n"), ("404 No", "")]
            {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 4096]).await.unwrap();
                let head = format!(
                    "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            }
        });
        let template = fetch(&url, None, false).await.unwrap();
        let kinds: Vec<&str> = template.objects.iter().map(|object| object.kind.as_str()).collect();
        assert_eq!((kinds, template.sources), (vec!["Label", "Bucket", "Task"], vec![url.clone()]));
        let missing = fetch(&url, None, false).await.unwrap_err();
        assert_eq!(missing, format!("Get {url:?}: bad response: status_code=404"));
        server.await.unwrap();
    }
}
