//! `zhi serve`: shows a site from memory while it is written. One thread keeps the newest
//! snapshot, others answer requests from it; nothing decides which pages are stale, since
//! every page is rendered when it is asked for.

use std::net::{IpAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::site::{self, Site};
use crate::source;
use crate::workspace::{Failure, Options, Workspace};

pub mod http;
mod pages;
mod reload;
mod watch;

use http::request::{Request, is_embedded_elsewhere, is_own_host};
use http::{Handler, Response};
use pages::Snapshot;
use watch::{Happened, Watch};

/// The port that is tried first when none is asked for.
pub const PORT: u16 = 8000;

/// How many further ports are tried.
const FURTHER: u16 = 20;

/// How often the folder is looked for, in case it was removed and made anew.
const HEARTBEAT: Duration = Duration::from_millis(500);

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
    /// The address that opens a place in the author's editor, with `{file}` (absolute),
    /// `{line}` and `{column}`.
    pub editor: String,
}

/// A server that listens and can be run.
pub struct Server {
    listeners: Vec<TcpListener>,
    workspace: Workspace,
    shared: Arc<Shared>,
    settings: Settings,
}

/// What all threads share: the newest snapshot, and a bell for when there is a newer one.
struct Shared {
    newest: Mutex<Option<Arc<Snapshot>>>,
    bell: Condvar,
    editor: String,
}

impl Shared {
    /// The newest snapshot, waiting for the first one.
    fn newest(&self) -> Arc<Snapshot> {
        self.newer_than(0, Duration::MAX).expect("there is always a snapshot in the end")
    }

    fn newer_than(&self, number: u64, patience: Duration) -> Option<Arc<Snapshot>> {
        let guard = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |newest: &mut Option<Arc<Snapshot>>| {
            newest.as_ref().is_none_or(|newest| newest.number <= number)
        };
        let waited = self.bell.wait_timeout_while(guard, patience, is_old);
        let (guard, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { guard.clone() }
    }

    fn publish(&self, snapshot: Snapshot) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(snapshot));
        self.bell.notify_all();
    }
}

/// Opens the site and begins to listen. A port that is taken is an error when it was asked
/// for; otherwise the next free one is taken.
pub fn open(settings: Settings) -> Result<Server, Failure> {
    let dir = settings.dir.canonicalize().unwrap_or_else(|_| settings.dir.clone());
    let workspace = Workspace::open(&dir, settings.options.clone())?;
    let listeners = listen(settings.address, settings.port)?;
    let root = format!("{}/", dir.display());
    let editor = settings.editor.replace("{file}", &format!("{root}{{file}}"));
    let shared = Shared { newest: Mutex::new(None), bell: Condvar::new(), editor };
    let settings = Settings { dir, ..settings };
    Ok(Server { listeners, workspace, shared: Arc::new(shared), settings })
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
    let Server { listeners, workspace, shared, settings } = server;
    let anywhere = settings.address.is_some_and(|address| !address.is_loopback());
    let handler: Arc<Handler> = {
        let shared = shared.clone();
        Arc::new(move |request: &Request| answer(&shared, request, anywhere))
    };
    let open = Arc::new(AtomicUsize::new(0));
    for listener in listeners {
        let (handler, open) = (handler.clone(), open.clone());
        thread::spawn(move || http::answer(&listener, &handler, &open));
    }
    keep_new(workspace, &shared, &settings, tell)
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

/// The loop that keeps the newest snapshot.
fn keep_new(
    mut workspace: Workspace,
    shared: &Shared,
    settings: &Settings,
    tell: &dyn Fn(&str),
) -> Result<(), Failure> {
    let watch = watch_folders(&workspace, settings)?;
    publish(shared, workspace.refresh()?, Vec::new());
    loop {
        if watch.next(HEARTBEAT) == Happened::Nothing {
            continue;
        }
        match Workspace::open(&settings.dir, settings.options.clone()) {
            Ok(newest) => workspace = newest,
            Err(failure) => tell(&format!("{failure:?}\n")),
        }
        publish(shared, workspace.refresh()?, Vec::new());
    }
}

fn watch_folders(workspace: &Workspace, settings: &Settings) -> anyhow::Result<Watch> {
    let content = source::content_dir(workspace.root());
    let theme = ["templates", "static"].map(|name| settings.dir.join(name));
    let places: Vec<(&Path, bool)> = theme
        .iter()
        .map(|folder| (folder.as_path(), true))
        .chain([(content.as_path(), true), (settings.dir.as_path(), false)])
        .collect();
    watch::watch(places.into_iter())
}

fn publish(shared: &Shared, site: Arc<Site>, trouble: Vec<(Diagnostic, String)>) {
    let plan = Arc::new(site::plan(&site));
    let former = shared.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let number = former.as_ref().map_or(1, |former| former.number + 1);
    let former_search = former.map(|former| former.search.clone());
    shared.publish(Snapshot {
        number,
        site,
        plan,
        trouble,
        search: Arc::new(OnceLock::new()),
        former_search,
        findings: OnceLock::new(),
    });
}
