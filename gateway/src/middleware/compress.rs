//! Gzip of long answers to queries.

use std::io::Write;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::{StreamExt, stream};

/// Shorter answers are not worth it.
const WORTH_IT: usize = 1400;

/// Whether answers at this path are compressed at all.
pub(super) fn applies(path: &str) -> bool {
    matches!(path, "/api/v2/query" | "/query" | "/metrics")
}

/// Whether the client takes gzip.
pub(super) fn accepted(headers: &HeaderMap) -> bool {
    let encodings = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    encodings.flat_map(|list| list.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused =
            parts.any(|p| p.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0)));
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !refused
    })
}

/// Compresses the body if it turns out to be long. Waits for its first [`WORTH_IT`] bytes or its end.
pub(super) async fn compress(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let mut rest = body.into_data_stream();
    let mut head = BytesMut::new();
    while head.len() < WORTH_IT {
        match rest.next().await {
            Some(Ok(chunk)) => head.extend_from_slice(&chunk),
            // The answer has begun: the error breaks it off, as it would without us.
            Some(Err(error)) => {
                let begun = stream::iter([Ok(head.freeze()), Err(error)]);
                return Response::from_parts(parts, Body::from_stream(begun));
            }
            None => return Response::from_parts(parts, Body::from(head.freeze())),
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from_stream(zipped(head.freeze(), rest)))
}

struct Zipping {
    encoder: Option<GzEncoder<Vec<u8>>>,
    first: Option<Bytes>,
    rest: BodyDataStream,
}

fn zipped(first: Bytes, rest: BodyDataStream) -> impl stream::Stream<Item = Result<Bytes, axum::Error>> {
    let encoder = Some(GzEncoder::new(Vec::new(), Compression::fast()));
    stream::try_unfold(Zipping { encoder, first: Some(first), rest }, |mut zipping| async move {
        loop {
            let Some(mut encoder) = zipping.encoder.take() else { return Ok(None) };
            let chunk = match zipping.first.take() {
                Some(first) => Some(first),
                None => zipping.rest.next().await.transpose()?,
            };
            let Some(chunk) = chunk else {
                let tail = encoder.finish().map_err(axum::Error::new)?;
                return Ok(Some((Bytes::from(tail), zipping)));
            };
            encoder.write_all(&chunk).map_err(axum::Error::new)?;
            let out = std::mem::take(encoder.get_mut());
            zipping.encoder = Some(encoder);
            if !out.is_empty() {
                return Ok(Some((Bytes::from(out), zipping)));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[tokio::test]
    async fn only_long_answers_are_zipped() {
        let short = compress(Response::new(Body::from("x".repeat(1399)))).await;
        assert!(!short.headers().contains_key(header::CONTENT_ENCODING));
        let text = "row,".repeat(100_000);
        let long = compress(Response::new(Body::from(text.clone()))).await;
        assert_eq!(long.headers()[header::CONTENT_ENCODING], "gzip");
        let bytes = axum::body::to_bytes(long.into_body(), usize::MAX).await.unwrap();
        assert!(bytes.len() < 10_000);
        let mut unzipped = String::new();
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut unzipped).unwrap();
        assert_eq!(unzipped, text);
    }

    #[test]
    fn acceptance_is_read_with_its_weights() {
        let accepts = |text: &str| {
            accepted(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, text.parse::<HeaderValue>().unwrap())]))
        };
        assert!(accepts("gzip") && accepts("deflate, gzip;q=0.5") && accepts("*"));
        assert!(!accepts("identity") && !accepts("gzip;q=0") && !accepted(&HeaderMap::new()));
    }
}
