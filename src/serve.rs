//! `zhi serve`: shows a site from memory while it is written. One thread keeps the newest
//! snapshot, others answer requests from it; nothing decides which pages are stale, since
//! every page is rendered when it is asked for.

use std::net::{IpAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread;

use crate::workspace::{Failure, Options, Workspace};

mod follow;
pub mod http;
mod pages;
mod reload;
mod rules;
mod snapshot;
mod watch;

use http::request::{Request, is_embedded_elsewhere, is_own_host};
use http::{Handler, Response};
use snapshot::Shared;

/// The port that is tried first when none is asked for.
pub const PORT: u16 = 8000;

/// How many further ports are tried.
const FURTHER: u16 = 20;

/// How a site is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The site or folder of notes.
    pub dir: PathBuf,
    /// What the command line decides over the configuration.
    pub options: Options,
    /// The port; `None` for the first free one from [`PORT`] on.
    pub port: Option<u16>,
    /// The address to listen on; `None` for loopback.
    pub address: Option<IpAddr>,
    /// Says which day it is.
    pub today: fn() -> String,
    /// The address that opens a place in the author's editor, with `{file}` (absolute),
    /// `{line}` and `{column}`.
    pub editor: String,
}

/// A server that listens and can be run.
pub struct Server {
    listeners: Vec<TcpListener>,
    workspace: Workspace,
    shared: Arc<Shared>,
    address: Option<IpAddr>,
    today: fn() -> String,
}

/// Opens the site and begins to listen. A port that is taken is an error when it was asked
/// for; otherwise the next free one is taken.
pub fn open(settings: Settings) -> Result<Server, Failure> {
    let dir = settings.dir.canonicalize().unwrap_or_else(|_| settings.dir.clone());
    let workspace = Workspace::open(&dir, settings.options.clone())?;
    let listeners = listen(settings.address, settings.port)?;
    let root = format!("{}/", dir.display());
    let editor = settings.editor.replace("{file}", &format!("{root}{{file}}"));
    let shared = Arc::new(Shared::new(editor));
    let Settings { address, today, .. } = settings;
    Ok(Server { listeners, workspace, shared, address, today })
}

fn listen(address: Option<IpAddr>, port: Option<u16>) -> anyhow::Result<Vec<TcpListener>> {
    let (first, last) = port.map_or((PORT, PORT + FURTHER), |port| (port, port));
    let mut result = http::listen(address, first);
    for port in first + 1..=last {
        if result.is_ok() {
            break;
        }
        result = http::listen(address, port);
    }
    result.map_err(|error| {
        let port = if first == last { first.to_string() } else { format!("{first} to {last}") };
        let help = match error.kind() {
            std::io::ErrorKind::AddrInUse => "; another program does; choose one with --port",
            _ => "",
        };
        anyhow::anyhow!("cannot listen on port {port}: {error}{help}")
    })
}

impl Server {
    /// The address of the home page.
    pub fn url(&self) -> String {
        let address = self.listeners.first().and_then(|listener| listener.local_addr().ok());
        address.map_or_else(String::new, |address| {
            let host = match address.ip() {
                ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
                IpAddr::V4(ip) => ip.to_string(),
                IpAddr::V6(ip) => format!("[{ip}]"),
            };
            format!("http://{host}:{}/", address.port())
        })
    }
}

/// Serves the site until the program is ended. `tell` is told what an author should know.
pub fn run(server: Server, tell: &dyn Fn(&str)) -> Result<(), Failure> {
    let Server { listeners, workspace, shared, address, today } = server;
    let anywhere = address.is_some_and(|address| !address.is_loopback());
    let handler: Arc<Handler> = {
        let shared = shared.clone();
        Arc::new(move |request: &Request| answer(&shared, request, anywhere))
    };
    let open = Arc::new(AtomicUsize::new(0));
    for listener in listeners {
        let (handler, open) = (handler.clone(), open.clone());
        thread::spawn(move || http::answer(&listener, &handler, &open));
    }
    let checked = shared.clone();
    thread::spawn(move || rules::follow(&checked, today));
    follow::follow(workspace, &shared, tell)
}

fn answer(shared: &Arc<Shared>, request: &Request, anywhere: bool) -> Response {
    if !is_own_host(request, anywhere) {
        return Response::text(
            403,
            "This name does not mean this machine; use its address in numbers.\n",
        );
    }
    if is_embedded_elsewhere(request) {
        return Response::text(403, "Another site may not embed this one.\n");
    }
    match request.path.strip_prefix(reload::OWN) {
        Some(name) => reload::answer(shared, request, name),
        None => pages::answer(&shared.newest(), request),
    }
}
