//! Asking a running process. In: where it answers, and a path. Out: a status and a JSON body. Only what `serve` answers is
//! understood; nothing else is at that address.

use serde_json::Value;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// Bytes of an answer.
const ANSWER: u64 = 1 << 20;

/// Asks for a path, within `limit`.
///
/// # Errors
/// Where nobody answers, or not in the way that this program does.
pub(crate) async fn ask(address: SocketAddr, path: &str, limit: Duration) -> io::Result<(u16, Value)> {
    let asked = async {
        let connecting = tokio::time::timeout(CONNECT, TcpStream::connect(reachable(address)));
        let mut stream = connecting.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(ANSWER).read_to_end(&mut answer).await?;
        read(&answer).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "what answers is something else"))
    };
    tokio::time::timeout(limit, asked).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// Who listens everywhere is reached here.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    address
}

fn read(answer: &[u8]) -> Option<(u16, Value)> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_status_and_a_body() {
        let answer = b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(read(answer), Some((202, serde_json::json!({}))));
        assert_eq!(read(b"HTTP/1.0 404 Not Found\r\n\r\n"), Some((404, Value::Null)));
        for other in [b"SSH-2.0-x\r\n".as_slice(), b"", b"HTTP/1.1 200 OK", b"\xff\xff"] {
            assert_eq!(read(other), None);
        }
    }

    #[test]
    fn who_listens_everywhere_is_reached_on_the_loopback() {
        let reached = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(reached("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(reached("[::]:8080"), "[::1]:8080");
        assert_eq!(reached("10.0.0.1:8080"), "10.0.0.1:8080");
    }
}
