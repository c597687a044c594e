//! Builds the site of a case through the library's stages, and tells what came out.

use std::fmt::Write as _;
use std::sync::Arc;

use libtest_mimic::Failed;
use tempfile::TempDir;
use zhi::diagnostic::Diagnostic;
use zhi::diagnostic::print::{self, Format};
use zhi::render::{self, Rendered, body};
use zhi::site::{self, Page, Plan};
use zhi::view::page::Here;
use zhi::workspace::{Failure, Options, Workspace};

use super::case::Case;

/// A built site, or the finding for which there is none.
pub(crate) struct Site {
    built: Result<(Arc<site::Site>, Plan), (Diagnostic, String)>,
    /// Attachments are read from here while the case runs.
    _folder: TempDir,
}

impl Site {
    /// Writes the files of a case to a folder of its own and opens it.
    pub(crate) fn build(case: &Case) -> Result<Site, Failed> {
        let folder = tempfile::tempdir()?;
        // The folder's name is the title of a site without one.
        let root = folder.path().join("site");
        for (path, bytes) in case.files() {
            let file = root.join(path);
            std::fs::create_dir_all(file.parent().unwrap_or(&root))?;
            std::fs::write(file, bytes)?;
        }
        let options = Options { drafts: case.has_flag("drafts"), ..Options::default() };
        let opened = Workspace::open(&root, options);
        let built = match opened.and_then(|mut workspace| workspace.refresh()) {
            Ok(site) => {
                let plan = site::plan(&site);
                Ok((site, plan))
            }
            Err(Failure::Content(finding, text)) => Err((*finding, text)),
            Err(Failure::Environment(error)) => return Err(format!("{error:#}").into()),
        };
        Ok(Site { built, _folder: folder })
    }

    /// The text that stands for what an expectation names.
    pub(crate) fn outcome(&self, what: &str) -> Result<String, Failed> {
        let (site, plan) = match &self.built {
            Ok(built) => built,
            Err((finding, text)) if what == "check" => {
                return Ok(short(std::slice::from_ref(finding), &|_| Some(text)));
            }
            Err(_) => return Err("the site could not be opened".into()),
        };
        match what {
            "check" => Ok(findings(site, plan)),
            "pages" => Ok(pages(plan)),
            _ => page(site, plan, what),
        }
    }
}

/// All findings as `zhi check --format short` prints them, each with its help below.
fn findings(site: &site::Site, plan: &Plan) -> String {
    let stage = render::stage(site, plan, None, "");
    let rendering =
        plan.pages.iter().flat_map(|(url, page)| render::render(&stage, url, page).diagnostics);
    let found = site::findings(site, rendering.collect());
    let text_of = |file: &str| {
        let path = file.strip_prefix(&site.prefix)?;
        let note = site.notes.iter().find(|note| note.path == path)?;
        Some(&*note.source)
    };
    short(&found, &text_of)
}

fn short<'a>(found: &[Diagnostic], text_of: &dyn Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::new();
    for finding in found {
        let text = text_of(&finding.file);
        out += &print::print(std::slice::from_ref(finding), &|_| text, Format::Short);
        if let Some(help) = &finding.help {
            let _ = writeln!(out, "    {help}");
        }
    }
    out
}

/// The addresses of all pages and files but those of the theme and of every site.
fn pages(plan: &Plan) -> String {
    let is_own = |page: &Page| {
        !matches!(
            page,
            Page::Static(_)
                | Page::NotFound
                | Page::Search
                | Page::Recent
                | Page::Graph
                | Page::Index(_)
                | Page::Tags
                | Page::Robots
                | Page::Llms(_)
                | Page::NoJekyll
        )
    };
    let own = plan.pages.iter().filter(|(_, page)| is_own(page));
    own.fold(String::new(), |out, (url, page)| format!("{out}/{url} {}\n", kind(page)))
}

fn kind(page: &Page) -> String {
    let debug = format!("{page:?}");
    debug.split(['(', ' ']).next().unwrap_or_default().to_lowercase()
}

/// `/a.html main`: the article's body. `/a.html note.toc`: what a template sees under this
/// name. `/feed.xml`: the whole file.
fn page(site: &site::Site, plan: &Plan, what: &str) -> Result<String, Failed> {
    let (address, part) = what.split_once(' ').unwrap_or((what, ""));
    let url = address.trim_start_matches('/');
    let Some(page) = plan.pages.get(url) else {
        return Err(format!("there is no page {address}; there are:\n{}", pages(plan)).into());
    };
    let stage = render::stage(site, plan, None, "");
    match part {
        "" => match render::render(&stage, url, page).rendered {
            Rendered::Bytes(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Rendered::File(_) => Err(format!("{address} is an attachment").into()),
        },
        "main" => main_of(site, url, page),
        ways => {
            let context = render::context::context(&stage, url, page, &mut Vec::new()).1;
            let ways: Vec<&str> = ways.split_whitespace().collect();
            match ways.as_slice() {
                [way] => Ok(serde_yaml::to_string(&seen(&context, way)?)?),
                ways => ways
                    .iter()
                    .map(|way| Ok(format!("{way}:{}", yaml(&seen(&context, way)?)?)))
                    .collect(),
            }
        }
    }
}

fn main_of(site: &site::Site, url: &str, page: &Page) -> Result<String, Failed> {
    let id = site
        .graph
        .urls
        .iter()
        .zip(&site.graph.live)
        .position(|(own, live)| *live && own == url);
    let id = match page {
        Page::Redirect(_) => None,
        _ => id,
    };
    let Some(id) = id else { return Err(format!("/{url} shows no note").into()) };
    let here = Here { site, url, absolute: false };
    Ok(body::fill(&here, id, &mut Vec::new()))
}

/// A value that templates see, by its dotted name.
fn seen(context: &tera::Context, way: &str) -> Result<serde_yaml::Value, Failed> {
    let (first, rest) = way.split_once('.').unwrap_or((way, ""));
    let Some(value) = context.get(first) else {
        return Err(format!("no view `{first}`").into());
    };
    let mut value = serde_yaml::to_value(value)?;
    for key in rest.split('.').filter(|key| !key.is_empty()) {
        value = value.get(key).cloned().ok_or_else(|| format!("no `{key}` in `{way}`"))?;
    }
    Ok(value)
}

/// A value as YAML; a list or map begins on a line of its own.
fn yaml(value: &serde_yaml::Value) -> Result<String, Failed> {
    let text = serde_yaml::to_string(value)?;
    let is_long =
        value.is_mapping() || value.as_sequence().is_some_and(|list| !list.is_empty());
    Ok(if is_long { format!("\n{text}") } else { format!(" {text}") })
}
