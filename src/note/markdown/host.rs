//! Whether an address of the web names a host that can be. In: an address as written.
//! After the URL standard (<https://url.spec.whatwg.org/#host-parsing>). A leaf.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether a browser could follow an address; true of all that is not `http` or `https`.
pub(super) fn is_possible(url: &str) -> bool {
    let url = url.trim();
    let lower = url.get(..6).unwrap_or(url).to_ascii_lowercase();
    let Some(scheme) = ["https:", "http:"].into_iter().find(|scheme| lower.starts_with(scheme))
    else {
        return true;
    };
    let rest = url[scheme.len()..].trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if let Some((inner, after)) = host.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        return inner.parse::<Ipv6Addr>().is_ok()
            && is_port(after.strip_prefix(':').unwrap_or(after));
    }
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    is_name(&crate::path::decode(name)) && is_port(port)
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit())
        && (port.is_empty() || port.parse::<u16>().is_ok())
}

fn is_name(name: &str) -> bool {
    let is_forbidden =
        |c: char| c.is_control() || c.is_whitespace() || "<>[]^|%\"`".contains(c);
    let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    !last.is_empty()
        && !name.contains(is_forbidden)
        && (!is_number || name.parse::<Ipv4Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_a_number() {
        for good in [
            "https://a.example/x",
            "http://localhost:8080",
            "http:a.example",
            "https:/a.example",
            "http://user:pass@a.example:80/",
            "http://10.0.0.1",
            "http://[::1]:8080/",
            "https://例子.example/路径",
            "https://a.example./",
            "https://%e4%be%8b.example",
            "mailto:a",
            "//a.example",
        ] {
            assert!(is_possible(good), "{good}");
        }
        for bad in [
            "http://",
            "https://#a",
            "http:///",
            "http://a.example:port/",
            "http://a.example:99999/",
            "http://<host>/",
            "http://10.0.0.256/",
            "http://10.0.0.1.2/",
            "http://[::1/",
            "http://a b/",
            "http://%zz/",
            "http://user@/",
        ] {
            assert!(!is_possible(bad), "{bad}");
        }
    }
}
