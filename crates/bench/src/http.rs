//! A plain HTTP/1.1 client over one kept connection: light, since it shares the machine with what it measures.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// Largest answer that is taken.
const MAX_ANSWER: usize = 8 << 20;
/// How long a connection may rest: the server closes its end some time after.
const RESTS: Duration = Duration::from_secs(30);

/// One kept connection.
#[derive(Debug)]
pub struct Http {
    host: String,
    stream: Option<(TcpStream, Instant)>,
    request: Vec<u8>,
    input: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Seconds to wait, when it was too much.
    pub retry_after: Option<u64>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether it was done.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// `host:port` of `http://host:port/…`.
pub fn host_of(url: &str) -> Result<String> {
    let rest = url.strip_prefix("http://").ok_or_else(|| format!("{url} is not http://…"))?;
    Ok(rest.split('/').next().unwrap_or(rest).to_owned())
}

impl Http {
    /// A connection to `host:port`, made when first needed.
    pub fn to(host: &str) -> Self {
        Self { host: host.to_owned(), stream: None, request: Vec::new(), input: Vec::new() }
    }

    /// Sends a request and takes its answer. A connection that failed is made anew by the next.
    pub async fn send(&mut self, what: (&str, &str), token: Option<&str>, body: Option<&[u8]>) -> Result<Answer> {
        self.exchange(what, token, None, body).await
    }

    /// Sends a request that may be sent again under the same `Idempotency-Key`.
    pub async fn send_once(
        &mut self,
        what: (&str, &str),
        token: &str,
        key: &str,
        body: Option<&[u8]>,
    ) -> Result<Answer> {
        self.exchange(what, Some(token), Some(key), body).await
    }

    async fn exchange(
        &mut self,
        what: (&str, &str),
        token: Option<&str>,
        key: Option<&str>,
        body: Option<&[u8]>,
    ) -> Result<Answer> {
        self.write_request(what, token, key, body);
        let mut stream = match self.stream.take() {
            Some((stream, used)) if used.elapsed() < RESTS => stream,
            _ => {
                let stream = TcpStream::connect(&self.host).await?;
                stream.set_nodelay(true)?;
                stream
            }
        };
        stream.write_all(&self.request).await?;
        let (answer, keep) = read_answer(&mut stream, &mut self.input).await?;
        if keep {
            self.stream = Some((stream, Instant::now()));
        }
        Ok(answer)
    }

    fn write_request(
        &mut self,
        (method, path): (&str, &str),
        token: Option<&str>,
        key: Option<&str>,
        body: Option<&[u8]>,
    ) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.host);
        if let Some(token) = token {
            head = head + "authorization: Bearer " + token + "\r\n";
        }
        if let Some(key) = key {
            head = head + "idempotency-key: " + key + "\r\n";
        }
        if let Some(body) = body {
            head += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        }
        self.request.clear();
        self.request.extend_from_slice(head.as_bytes());
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(body.unwrap_or_default());
    }
}

/// What a head says.
struct Head {
    status: u16,
    length: Option<usize>,
    retry_after: Option<u64>,
    keep: bool,
}

async fn read_answer(stream: &mut TcpStream, input: &mut Vec<u8>) -> Result<(Answer, bool)> {
    input.clear();
    let body_at = loop {
        read_more(stream, input).await?;
        if let Some(end) = input.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = read_head(input.get(..body_at).unwrap_or_default())?;
    let Some(length) = head.length else {
        // The body ends with the connection.
        while read_more(stream, input).await.is_ok() {}
        let body = input.split_off(body_at);
        return Ok((Answer { status: head.status, retry_after: head.retry_after, body }, false));
    };
    while input.len() < body_at + length {
        read_more(stream, input).await?;
    }
    let body = input.get(body_at..body_at + length).unwrap_or_default().to_vec();
    Ok((Answer { status: head.status, retry_after: head.retry_after, body }, head.keep))
}

async fn read_more(stream: &mut TcpStream, input: &mut Vec<u8>) -> Result<()> {
    if input.len() > MAX_ANSWER {
        return Err("the answer is too large".into());
    }
    match stream.read_buf(input).await? {
        0 => Err("the connection was closed before the answer's end".into()),
        _ => Ok(()),
    }
}

fn read_head(head: &[u8]) -> Result<Head> {
    let text = std::str::from_utf8(head)?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let status = status.ok_or("the answer has no status")?;
    let mut read = Head { status, length: None, retry_after: None, keep: true };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => read.length = value.parse().ok(),
            "retry-after" => read.retry_after = value.parse().ok(),
            "connection" if value.eq_ignore_ascii_case("close") => read.keep = false,
            "transfer-encoding" => return Err("a chunked answer, which this client does not read".into()),
            _ => {}
        }
    }
    if matches!(status, 204 | 304) {
        read.length = Some(0);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let head =
            read_head(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 12\r\nRetry-After: 3\r\n\r\n").unwrap();
        assert_eq!((head.status, head.length, head.retry_after, head.keep), (429, Some(12), Some(3), true));
        assert!(!read_head(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").unwrap().keep);
        assert!(read_head(b"nonsense").is_err());
    }

    #[test]
    fn a_host_is_cut_out() {
        assert_eq!(host_of("http://127.0.0.1:8080/x").unwrap(), "127.0.0.1:8080");
        assert!(host_of("https://a").is_err());
    }
}
