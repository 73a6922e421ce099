//! Request bodies: bounded, unzipped, and decoded as JSON with the reference's texts.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use weir_model::{Error, ErrorCode};

use super::loose;
use crate::error::{ApiError, ApiResult};

/// Below this, unzipping is cheaper than handing it to another thread.
const INLINE_GZIP: usize = 32 * 1024;
/// How much of a body that is too large is read and thrown away, so that its sender sees the refusal.
const DISCARD_AT_MOST: usize = 1 << 30;
/// For how long.
const DISCARD_FOR: Duration = Duration::from_secs(10);

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// `RequestTooLarge` past the limit, told from the declared length where there is one; `Invalid` when the client
/// breaks off.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> ApiResult<Bytes> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    let mut stream = body.into_data_stream();
    if declared.is_some_and(|length| length > limit as u64) {
        // Who asks first gets its answer before it sends anything.
        if !headers.contains_key(header::EXPECT) {
            discard(stream).await;
        }
        return Err(too_large(limit));
    }
    let mut whole = BytesMut::with_capacity(declared.unwrap_or(0).min(limit as u64) as usize);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ApiError::invalid("the request body ended early"))?;
        if whole.len() + chunk.len() > limit {
            drop(whole);
            discard(stream).await;
            return Err(too_large(limit));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// Lets a client finish sending what nobody wants, within limits: most read the answer only then, and would see a
/// broken connection instead.
async fn discard(mut stream: BodyDataStream) {
    let mut left = DISCARD_AT_MOST;
    let reading = async {
        while let Some(Ok(chunk)) = stream.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    };
    // Too late is as good as done: the refusal is what matters.
    let _ = tokio::time::timeout(DISCARD_FOR, reading).await;
}

/// Like [`read`], and unzips the body if its `Content-Encoding` says gzip. The limit holds for both sizes, so that a
/// small body cannot grow into a large one. Other encodings are taken as they are, as the reference does.
pub(crate) async fn read_unzipped(headers: &HeaderMap, body: Body, limit: usize) -> ApiResult<Bytes> {
    let bytes = read(headers, body, limit).await?;
    if !is_gzip(headers) {
        return Ok(bytes);
    }
    if bytes.len() <= INLINE_GZIP {
        return unzip(&bytes, limit);
    }
    match tokio::task::spawn_blocking(move || unzip(&bytes, limit)).await {
        Ok(result) => result,
        Err(_) => Err(ApiError::internal()),
    }
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| matches!(encoding.as_bytes(), b"gzip" | b"x-gzip"))
}

fn unzip(bytes: &[u8], limit: usize) -> ApiResult<Bytes> {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(4).min(limit));
    let mut reader = flate2::bufread::MultiGzDecoder::new(bytes).take(limit as u64 + 1);
    reader.read_to_end(&mut out).map_err(|_| ApiError::invalid("unable to read data: gzip: invalid data"))?;
    if out.len() > limit {
        return Err(too_large(limit));
    }
    Ok(out.into())
}

fn too_large(limit: usize) -> ApiError {
    let message = format!("unable to read data: the request body is larger than {limit} bytes");
    Error::new(ErrorCode::RequestTooLarge, message).into()
}

/// Decodes a JSON object; `null` is an empty one. What follows the first value is ignored, as the reference's decoder
/// does.
///
/// # Errors
/// `Invalid`; the text says where.
pub(crate) fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    let text = bytes.trim_ascii_start();
    // Field by field in their order, an array would be taken for an object.
    if text.starts_with(b"[") {
        return Err("an object is expected, not an array".to_owned());
    }
    let text = if text.starts_with(b"null") { b"{}" } else { text };
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<T>();
    match values.next() {
        None => Err("EOF".to_owned()),
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) if error.is_eof() => Err("unexpected EOF".to_owned()),
        Some(Err(error)) => Err(error.to_string()),
    }
}

/// Like [`decode`], as loosely as [`super::loose`] tells.
///
/// # Errors
/// `Invalid`; the text says where.
pub(crate) fn decode_loosely<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    loose::from_value(decode(bytes)?).map_err(|error| error.to_string())
}

/// Refuses a body in which anything but white space follows the first value, which [`decode`] lets pass.
///
/// # Errors
/// The first character too many.
pub(crate) fn nothing_follows(bytes: &[u8]) -> Result<(), String> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<serde::de::IgnoredAny>();
    // What is wrong with the first value is no concern here.
    if !matches!(values.next(), Some(Ok(_))) {
        return Ok(());
    }
    let rest = bytes.get(values.byte_offset()..).unwrap_or_default();
    match String::from_utf8_lossy(rest.trim_ascii_start()).chars().next() {
        None => Ok(()),
        Some(c) => Err(format!("invalid character {c:?} after top-level value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn zip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn gzip() -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, "gzip".parse().unwrap())])
    }

    async fn code(headers: HeaderMap, body: Vec<u8>, limit: usize) -> ErrorCode {
        read_unzipped(&headers, Body::from(body), limit).await.unwrap_err().error().code
    }

    #[tokio::test]
    async fn bodies_are_bounded_before_and_after_unzipping() {
        let bomb = zip(&vec![b'0'; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert_eq!(code(gzip(), bomb, 100_000).await, ErrorCode::RequestTooLarge);
        assert_eq!(code(HeaderMap::new(), vec![b'0'; 101], 100).await, ErrorCode::RequestTooLarge);
        assert_eq!(code(gzip(), b"not gzip".to_vec(), 100).await, ErrorCode::Invalid);
        let two = [zip(b"a b=1\n"), zip(b"a b=2\n")].concat();
        assert_eq!(read_unzipped(&gzip(), Body::from(two), 100).await.unwrap(), "a b=1\na b=2\n");
    }

    #[test]
    fn json_errors_have_words() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct One {
            a: Option<u8>,
        }
        assert_eq!(decode::<One>(b" "), Err("EOF".into()));
        assert_eq!(decode::<One>(b"{"), Err("unexpected EOF".into()));
        assert_eq!(decode(br#"{"a":1} garbage"#), Ok(One { a: Some(1) }));
        assert_eq!(decode(b"null"), Ok(One { a: None }));
        assert!(decode::<One>(b"[1]").unwrap_err().contains("array"));
    }
}
