//! HTTP on loopback: listens, reads requests, writes answers. GET and HEAD only. The door
//! to the network; knows nothing of sites and files but how to send one.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

pub mod request;

use request::{Request, read};

/// A browser opens six connections to a host, and every visible tab keeps one of them.
const MAX_CONNECTIONS: usize = 256;

/// How long a connection may stay silent between requests.
const IDLE: Duration = Duration::from_mins(1);

/// What a request is answered with.
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers beside those that every answer has.
    pub headers: Vec<(&'static str, String)>,
    /// What follows them.
    pub body: Body,
}

/// What follows an answer's headers.
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file of this length in bytes, or the part that was asked for.
    File(File, u64),
    /// Whatever this function writes until the connection ends.
    Stream(Box<Feed>),
}

/// Writes to a connection for as long as it lasts.
pub type Feed = dyn FnOnce(&mut TcpStream) -> io::Result<()> + Send;

/// Answers requests; called on many threads at once.
pub type Handler = dyn Fn(&Request) -> Response + Send + Sync;

impl Response {
    /// An answer of text.
    pub fn text(status: u16, text: impl Into<String>) -> Response {
        Response::bytes(status, "text/plain; charset=utf-8", text.into().into_bytes())
    }

    /// An answer of bytes with their type.
    pub fn bytes(status: u16, kind: &str, bytes: Vec<u8>) -> Response {
        let headers = vec![("Content-Type", kind.to_owned())];
        Response { status, headers, body: Body::Bytes(bytes) }
    }
}

/// Listens on an address, or on both loopback addresses when none is given. A `port` of 0
/// takes any free one.
pub fn listen(address: Option<IpAddr>, port: u16) -> io::Result<Vec<TcpListener>> {
    let Some(address) = address else { return listen_on_loopback(port) };
    Ok(vec![TcpListener::bind(SocketAddr::new(address, port))?])
}

/// A browser may try either address for `localhost`: another program must not hold the
/// second one. A machine without IPv6 has only the first.
fn listen_on_loopback(port: u16) -> io::Result<Vec<TcpListener>> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let port = first.local_addr()?.port();
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(second) => Ok(vec![first, second]),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        Err(_) => Ok(vec![first]),
    }
}

/// Answers everything that comes to a listener, each connection on a thread of its own.
/// Returns only when the listener fails for good.
pub fn answer(listener: &TcpListener, handler: &Arc<Handler>, open: &Arc<AtomicUsize>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Out of file descriptors: the next moment may be better.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        if open.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
            open.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let (handler, open) = (handler.clone(), open.clone());
        thread::spawn(move || {
            // A browser that goes away in the middle of an answer is no error of ours.
            let _ = converse(stream, &*handler);
            open.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

fn converse(mut stream: TcpStream, handler: &Handler) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_write_timeout(Some(IDLE))?;
    let mut buffer = Vec::new();
    loop {
        let request = match read(&mut stream, &mut buffer) {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(request::Refused { status, reason }) => {
                let refusal = Response::text(status, format!("{reason}\n"));
                return write(&mut stream, refusal, None, false);
            }
        };
        let response = handler(&request);
        let keep = request.keeps_alive() && !matches!(response.body, Body::Stream(_));
        write(&mut stream, response, Some(&request), keep)?;
        if !keep {
            return Ok(());
        }
    }
}

fn write(
    stream: &mut TcpStream,
    mut response: Response,
    request: Option<&Request>,
    keep: bool,
) -> io::Result<()> {
    let part = take_part(&mut response, request);
    let length = match &response.body {
        Body::Bytes(bytes) => Some(bytes.len() as u64),
        Body::File(_, length) => Some(part.map_or(*length, |(from, to)| to - from)),
        Body::Stream(_) => None,
    };
    let mut out = head(&response, length, keep);
    let wants_body = request.is_none_or(|request| !request.is_head);
    match response.body {
        Body::Bytes(bytes) => {
            if wants_body {
                out.extend(bytes);
            }
            stream.write_all(&out)
        }
        Body::File(mut file, length) => {
            stream.write_all(&out)?;
            let (from, to) = part.unwrap_or((0, length));
            file.seek(SeekFrom::Start(from))?;
            let sent = if wants_body {
                io::copy(&mut file.take(to - from), stream)?
            } else {
                to - from
            };
            // A file cut short while it was sent: only closing tells the browser so.
            if sent == to - from { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        }
        Body::Stream(feed) => {
            stream.write_all(&out)?;
            if wants_body { feed(stream) } else { Ok(()) }
        }
    }
}

/// Turns an answer with a file into one with the part asked for: browsers play films only
/// from servers that can do that (RFC 9110, section 14).
fn take_part(response: &mut Response, request: Option<&Request>) -> Option<(u64, u64)> {
    let Body::File(_, length) = &response.body else { return None };
    let length = *length;
    response.headers.push(("Accept-Ranges", "bytes".to_owned()));
    let (from, to) = part(request?.header("range")?, length)?;
    if from >= length {
        response.status = 416;
        response.headers.push(("Content-Range", format!("bytes */{length}")));
        response.body = Body::Bytes(Vec::new());
        return None;
    }
    response.status = 206;
    response.headers.push(("Content-Range", format!("bytes {from}-{}/{length}", to - 1)));
    Some((from, to))
}

/// The bytes that a `Range` asks for, the end not included; `None` for several parts and
/// for what cannot be read, which is then answered with the whole.
fn part(range: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    if first.is_empty() {
        let last: u64 = last.parse().ok()?;
        return Some((length.saturating_sub(last), length));
    }
    let from: u64 = first.parse().ok()?;
    let to = if last.is_empty() { length } else { last.parse::<u64>().ok()?.checked_add(1)? };
    (from < to).then_some((from, to.min(length)))
}

fn head(response: &Response, length: Option<u64>, keep: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    let _ = write!(out, "HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    for (name, value) in &response.headers {
        // A value may come from a file's name: no line break of it may end the header.
        let value = value.replace(|c: char| c.is_control(), " ");
        let _ = write!(out, "{name}: {value}\r\n");
    }
    if let Some(length) = length {
        let _ = write!(out, "Content-Length: {length}\r\n");
    }
    let connection = if keep { "keep-alive" } else { "close" };
    let _ = write!(
        out,
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nConnection: {connection}\r\n\r\n"
    );
    out
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        301 => "Moved Permanently",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        416 => "Range Not Satisfiable",
        431 => "Request Header Fields Too Large",
        505 => "HTTP Version Not Supported",
        _ => "Internal Server Error",
    }
}

/// The type of a file by its name.
pub fn content_type(name: &str) -> &'static str {
    match crate::path::extension(name).as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "xml" => "application/xml",
        "txt" | "log" | "yaml" | "yml" | "toml" | "go" | "sh" | "conf" => {
            "text/plain; charset=utf-8"
        }
        "md" | "markdown" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "ogv" => "video/ogg",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "wav" => "audio/wav",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_part_of_a_file() {
        for (range, wanted) in [
            ("bytes=0-9", Some((0, 10))),
            ("bytes=90-", Some((90, 100))),
            ("bytes=-10", Some((90, 100))),
            ("bytes=-1000", Some((0, 100))),
            ("bytes=90-1000", Some((90, 100))),
            ("bytes=0-1,5-6", None),
            ("bytes=9-3", None),
            ("lines=1-2", None),
            ("bytes=0-18446744073709551615", None),
        ] {
            assert_eq!(part(range, 100), wanted, "{range}");
        }
    }
}
