//! Requests that scripts send to other servers: notifications, mostly.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Url};
use weir_flux::env::{OutgoingRequest, OutgoingResponse};
use weir_model::{Error, ErrorCode, Result};

/// The longest answer taken.
const LONGEST_ANSWER: usize = 100 << 20;

/// Sends requests. Hardened, it does not send them to addresses that only this server's network knows: who may run a
/// script must not get to see what stands beside the server.
#[derive(Debug)]
pub(crate) struct Outgoing {
    hardened: bool,
    client: OnceLock<Client>,
}

impl Outgoing {
    pub(crate) fn new(hardened: bool) -> Self {
        Self { hardened, client: OnceLock::new() }
    }

    fn client(&self, any_certificate: bool) -> Result<Client> {
        if let (false, Some(client)) = (any_certificate, self.client.get()) {
            return Ok(client.clone());
        }
        let mut builder = Client::builder().user_agent("Go-http-client/1.1");
        if self.hardened {
            // A redirection would be a second request that nobody looked at.
            builder = builder.dns_resolver(Arc::new(Public)).redirect(Policy::none());
        }
        let client = builder.danger_accept_invalid_certs(any_certificate).build().map_err(|error| {
            tracing::error!(%error, "no client for requests to other servers");
            Error::internal("requests to other servers cannot be sent")
        })?;
        if !any_certificate {
            // Two at once have made the same.
            let _ = self.client.set(client.clone());
        }
        Ok(client)
    }

    /// An address of a host that may be talked to in another way than HTTP.
    ///
    /// # Errors
    /// `Invalid` when there is none, or none that may be.
    pub(crate) async fn resolve(&self, host: &str, port: u16) -> Result<SocketAddr> {
        let found = tokio::net::lookup_host((host, port)).await;
        let found = found.map_err(|error| Error::invalid(format!("{host}: {error}")))?;
        let mut allowed = found.filter(|address| !self.hardened || !is_private(address.ip()));
        allowed.next().ok_or_else(|| Error::invalid(format!("{host}: no such host")))
    }

    /// Sends a request and takes the answer, whatever its status.
    ///
    /// # Errors
    /// `Invalid` for what is no request, `Internal` when no answer comes.
    pub(crate) async fn send(&self, request: OutgoingRequest) -> Result<OutgoingResponse> {
        let bad = |what: &dyn std::fmt::Display| {
            Error::invalid(format!("{} \"{}\": {what}", titled(&request.method), request.url))
        };
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|error| bad(&error))?;
        let url = Url::parse(&request.url).map_err(|error| bad(&error))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad(&format_args!("unsupported protocol scheme \"{}\"", url.scheme())));
        }
        let literal = url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        if self.hardened && literal.is_some_and(is_private) {
            return Err(bad(&"no such host"));
        }
        let mut outgoing =
            self.client(request.any_certificate)?.request(method, url).timeout(request.timeout);
        for (name, value) in &request.headers {
            outgoing = outgoing.header(name, value);
        }
        let outgoing = outgoing.body(request.body.clone());
        let lost = |error: reqwest::Error| {
            // The last cause says most: the others repeat the address.
            let mut cause: &dyn std::error::Error = &error;
            while let Some(next) = cause.source() {
                cause = next;
            }
            let text = format!("{} \"{}\": {cause}", titled(&request.method), request.url);
            Error::new(ErrorCode::Internal, text)
        };
        let mut answer = outgoing.send().await.map_err(lost)?;
        let status = answer.status().as_u16();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(lost)? {
            if body.len() + piece.len() > LONGEST_ANSWER {
                return Err(bad(&"the answer is too long"));
            }
            body.extend_from_slice(&piece);
        }
        Ok(OutgoingResponse { status, headers, body })
    }
}

/// `Post`, as the reference begins its messages.
fn titled(method: &str) -> String {
    let mut chars = method.chars();
    chars.next().map_or_else(String::new, |first| first.to_string() + &chars.as_str().to_ascii_lowercase())
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

/// Whether an address is only known inside: this machine, its networks, or nothing at all.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || a == 0
                || (a == 100 && (64..128).contains(&b)) // carriers' networks
        }
        IpAddr::V6(v6) => match within(v6) {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
                    || v6.is_multicast()
            }
        },
    }
}

/// The address of the old kind that one of the new stands for: written as one, or reached by translation or a tunnel.
fn within(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bytes = address.octets();
    let at = |n: usize| Some(Ipv4Addr::new(bytes[n], bytes[n + 1], bytes[n + 2], bytes[n + 3]));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xFFFF, ..] | [0x64, 0xFF9B, 0, 0, 0, 0, ..] => at(12),
        [0x2002, ..] => at(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    fn request(url: String) -> OutgoingRequest {
        OutgoingRequest {
            method: "POST".into(),
            url,
            headers: vec![("X-Key".into(), "v".into())],
            body: b"hello".to_vec(),
            timeout: Duration::from_secs(5),
            any_certificate: false,
        }
    }

    #[tokio::test]
    async fn a_request_gets_its_answer_unless_it_goes_where_it_must_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/x", listener.local_addr().unwrap());
        let refused = Outgoing::new(true).send(request(url.clone())).await.unwrap_err();
        assert_eq!(refused.message, format!("Post \"{url}\": no such host"));
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut got = Vec::new();
            while !got.ends_with(b"hello") {
                let mut piece = [0; 1024];
                let count = stream.read(&mut piece).await.unwrap();
                got.extend_from_slice(&piece[..count]);
            }
            stream.write_all(b"HTTP/1.1 418 I\r\nA: b\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
            String::from_utf8(got).unwrap()
        });
        let outgoing = Outgoing::new(false);
        let answer = outgoing.send(request(url.clone())).await.unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (418, b"ok".as_slice()));
        assert!(answer.headers.contains(&("a".into(), "b".into())));
        let got = server.await.unwrap().to_lowercase();
        assert!(got.starts_with("post /x http/1.1\r\n") && got.contains("x-key: v\r\n"), "{got}");
        // Nobody listens any more.
        assert_eq!(outgoing.send(request(url)).await.unwrap_err().code, ErrorCode::Internal);
        assert_eq!(outgoing.send(request("ftp://x".into())).await.unwrap_err().code, ErrorCode::Invalid);
    }

    #[test]
    fn addresses_inside_are_known() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "169.254.169.254",
            "::1",
            "fd00::1",
            "::ffff:192.168.1.1",
            "0.0.0.0",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "::",
        ] {
            assert!(is_private(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::"] {
            assert!(!is_private(outside.parse().unwrap()), "{outside}");
        }
    }
}
