//! Reads the head of a request and says which file of a site it means, or why it is
//! refused. Bytes from the network come in; no byte of them is trusted.

use std::io::{self, Read as _};
use std::net::{IpAddr, TcpStream};

use crate::path;

/// A head longer than this is none that a browser sends.
const MAX_HEAD: usize = 32 << 10;

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Whether only the headers are wanted.
    pub is_head: bool,
    /// The path, decoded, without the leading slash; a trailing one stays.
    pub path: String,
    /// What stands behind `?`, as sent.
    pub query: String,
    /// The headers with their names in lower case.
    headers: Vec<(String, String)>,
    is_http_1_0: bool,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The status code.
    pub status: u16,
    /// What is wrong, in one sentence.
    pub reason: &'static str,
}

const MALFORMED: Refused = Refused { status: 400, reason: "The request cannot be read." };

impl Request {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A decoded value of the query.
    pub fn asked(&self, key: &str) -> Option<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(known, _)| *known == key).map(|(_, value)| path::decode(value)).next()
    }

    /// Whether the browser may send more on this connection. What follows a body would be
    /// read as a request, so that a body ends it.
    pub(super) fn keeps_alive(&self) -> bool {
        let closes =
            self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let has_body = self.header("content-length").is_some_and(|length| length.trim() != "0")
            || self.header("transfer-encoding").is_some();
        !self.is_http_1_0 && !closes && !has_body
    }
}

/// Reads the next request of a connection; `buffer` holds what was read too far. `None`
/// when the browser has gone or stays silent.
pub(super) fn read(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> Result<Option<Request>, Refused> {
    loop {
        if let Some((request, length)) = parse(buffer)? {
            buffer.drain(..length);
            return Ok(Some(request));
        }
        if buffer.len() >= MAX_HEAD {
            return Err(Refused { status: 431, reason: "The request's head is too long." });
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk) {
            Ok(0) => return Ok(None),
            Ok(read) => buffer.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Ok(None),
        }
    }
}

/// Parses a request's head; `None` if it is not whole yet. With it comes its length.
pub fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(Refused { status: 431, reason: "The request has too many headers." });
        }
        Err(httparse::Error::Version) => {
            return Err(Refused { status: 505, reason: "Only HTTP/1.1 is spoken here." });
        }
        Err(_) => return Err(MALFORMED),
    };
    let is_head = match head.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Refused { status: 405, reason: "Only GET and HEAD are answered." }),
    };
    let (path, query) = target(head.path.unwrap_or_default())?;
    let headers = head.headers.iter().map(|header| {
        let value = String::from_utf8_lossy(header.value).trim().to_owned();
        (header.name.to_ascii_lowercase(), value)
    });
    let is_http_1_0 = head.version == Some(0);
    let request = Request { is_head, path, query, headers: headers.collect(), is_http_1_0 };
    Ok(Some((request, length)))
}

/// Path and query of a target. A path that could mean a place outside of the site is
/// refused, whatever it is written like.
fn target(target: &str) -> Result<(String, String), Refused> {
    let target = target.split('#').next().unwrap_or_default();
    let (raw, query) = target.split_once('?').unwrap_or((target, ""));
    let Some(raw) = raw.strip_prefix('/') else { return Err(MALFORMED) };
    let outside = Refused { status: 400, reason: "The path leads out of the site." };
    let mut parts = Vec::new();
    for part in raw.split('/') {
        let part = path::decode(part);
        let is_odd = |c: char| c == '/' || c == '\\' || c.is_control();
        if part == "." || part == ".." || part.contains(is_odd) {
            return Err(outside);
        }
        parts.push(part);
    }
    Ok((parts.join("/"), query.to_owned()))
}

/// Whether the `Host` of a request is this machine as the reader may call it. A page of
/// another site can make its own name mean this machine and would then read the notes; a
/// name that it cannot choose protects from that. `anywhere` also lets other addresses in
/// numbers through, for a server that is open on purpose.
pub fn is_own_host(request: &Request, anywhere: bool) -> bool {
    let mut hosts = request.headers.iter().filter(|(name, _)| name == "host");
    let (Some((_, host)), None) = (hosts.next(), hosts.next()) else {
        return request.is_http_1_0 && request.header("host").is_none();
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host.as_str(),
    };
    let name = name.to_ascii_lowercase();
    let number = name.trim_start_matches('[').trim_end_matches(']');
    match number.parse::<IpAddr>() {
        Ok(address) => anywhere || address.is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

/// Whether a page of another site embeds the answer, as a script or a picture. The search
/// files are scripts: any site that the reader visits could read the notes through them.
pub fn is_embedded_elsewhere(request: &Request) -> bool {
    request
        .header("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" || site == "same-site")
        && request.header("sec-fetch-mode").is_none_or(|mode| mode != "navigate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(target: &str) -> Result<(String, String), u16> {
        let head = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        match parse(head.as_bytes()) {
            Ok(Some((request, length))) => {
                assert_eq!(length, head.len());
                Ok((request.path, request.query))
            }
            Ok(None) => Err(0),
            Err(refused) => Err(refused.status),
        }
    }

    #[test]
    fn paths_are_decoded_and_stay_inside() {
        for (target, path) in [
            ("/", Ok("")),
            ("/pod/", Ok("pod/")),
            ("/%E7%BD%91%E7%BB%9C/a%20b.html?v=1", Ok("网络/a b.html")),
            ("/a%2", Ok("a%2")),
            ("/...", Ok("...")),
            ("/../etc/passwd", Err(400)),
            ("/a/../../etc/passwd", Err(400)),
            ("/%2e%2e/etc/passwd", Err(400)),
            ("/..%2fetc/passwd", Err(400)),
            ("/a%5c..%5cb", Err(400)),
            ("/a\\b", Err(400)),
            ("/a%00.html", Err(400)),
            ("/./a", Err(400)),
            ("http://localhost/a", Err(400)),
            ("a", Err(400)),
        ] {
            let found = asked(target).map(|(path, _)| path);
            assert_eq!(found, path.map(str::to_owned), "{target}");
        }
    }

    #[test]
    fn only_names_that_mean_this_machine_are_answered() {
        for (host, at_home, anywhere) in [
            ("localhost:8000", true, true),
            ("127.0.0.1:8000", true, true),
            ("[::1]:8000", true, true),
            ("LOCALHOST", true, true),
            ("notes.localhost:8000", true, true),
            ("192.168.1.5:8000", false, true),
            ("evil.example", false, false),
            ("127.0.0.1.evil.example", false, false),
            ("localhost.evil.example:8000", false, false),
            ("", false, false),
        ] {
            let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
            let (request, _) = parse(head.as_bytes()).unwrap().unwrap();
            assert_eq!(is_own_host(&request, false), at_home, "{host}");
            assert_eq!(is_own_host(&request, true), anywhere, "{host}");
        }
        for head in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        ] {
            let (request, _) = parse(head.as_bytes()).unwrap().unwrap();
            assert!(!is_own_host(&request, true), "{head}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused() {
        for (head, status) in [
            ("POST / HTTP/1.1\r\n\r\n", 405),
            ("GET / HTTP/2.0\r\n\r\n", 505),
            ("\u{1}\r\n\r\n", 400),
        ] {
            assert_eq!(parse(head.as_bytes()).unwrap_err().status, status, "{head}");
        }
    }
}
