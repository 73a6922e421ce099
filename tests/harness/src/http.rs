//! A small HTTP client: what tests of bad input need is to send just those bytes, and to see just what comes back.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::time::Duration;

/// Sends requests to one server over one connection at a time, with one token.
#[derive(Debug)]
pub struct Client {
    address: SocketAddrV4,
    token: String,
    connection: Option<BufReader<TcpStream>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, values.
    pub headers: Vec<(String, String)>,
    /// The body, out of its chunks.
    pub body: Vec<u8>,
}

impl Response {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The header of that name, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl Client {
    /// A client without a connection yet.
    #[must_use]
    pub fn new(address: SocketAddrV4, token: &str) -> Self {
        Self { address, token: token.to_owned(), connection: None }
    }

    /// Another client of the same server with the same token and a connection of its own.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::new(self.address, &self.token)
    }

    /// Sends a request with extra header lines and reads its answer. Never sends twice.
    ///
    /// # Errors
    /// The connection's: then nobody knows whether the server did what was asked.
    pub fn send(&mut self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> io::Result<Response> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect_timeout(&self.address.into(), Duration::from_secs(10))?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(120)))?;
                stream.set_write_timeout(Some(Duration::from_secs(120)))?;
                BufReader::new(stream)
            }
        };
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        if !self.token.is_empty() {
            head.push_str(&format!("Authorization: Token {}\r\n", self.token));
        }
        for header in headers {
            head.push_str(&format!("{header}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        let sent = connection.get_mut().write_all(head.as_bytes());
        // A server that refuses early closes while the body is still on its way; its answer is there to be read.
        let sent = sent.and_then(|()| connection.get_mut().write_all(body));
        let response = match (read_response(&mut connection, method), sent) {
            (Ok(response), _) => response,
            (Err(_), Err(error)) | (Err(error), Ok(())) => return Err(error),
        };
        if response.header("connection").is_none_or(|value| !value.eq_ignore_ascii_case("close")) {
            self.connection = Some(connection);
        }
        Ok(response)
    }

    /// As [`Self::send`], and the answer must have that status.
    ///
    /// # Panics
    /// When it has not, or the connection fails.
    pub fn expect(&mut self, status: u16, method: &str, path: &str, body: &[u8]) -> Response {
        let response = self.send(method, path, &[], body).unwrap_or_else(|e| panic!("{method} {path}: {e}"));
        assert_eq!(response.status, status, "{method} {path}: {}", response.text());
        response
    }
}

fn read_response(from: &mut impl BufRead, method: &str) -> io::Result<Response> {
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let status = line(from)?;
    let status =
        status.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| broken(&status))?;
    let mut headers = Vec::new();
    loop {
        let header = line(from)?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').ok_or_else(|| broken(&header))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut response = Response { status, headers, body: Vec::new() };
    if status == 100 {
        return read_response(from, method);
    }
    if method == "HEAD" || status == 204 || status == 304 {
        return Ok(response);
    }
    if response.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
        loop {
            let size = line(from)?;
            let size = u64::from_str_radix(size.split(';').next().unwrap_or_default(), 16)
                .map_err(|_| broken("a chunk without a size"))?;
            if size == 0 {
                while !line(from)?.is_empty() {}
                return Ok(response);
            }
            exactly(from, size, &mut response.body)?;
            line(from)?;
        }
    }
    match response.header("content-length").map(str::parse) {
        Some(Ok(size)) => exactly(from, size, &mut response.body)?,
        Some(Err(_)) => return Err(broken("a length that is no number")),
        None => {
            from.read_to_end(&mut response.body)?;
        }
    }
    Ok(response)
}

fn exactly(from: &mut impl BufRead, size: u64, into: &mut Vec<u8>) -> io::Result<()> {
    match from.take(size).read_to_end(into)? as u64 {
        read if read == size => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
