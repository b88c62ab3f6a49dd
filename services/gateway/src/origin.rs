//! Which web pages may speak to the gateway.
//!
//! Browsers let any page open a websocket to anywhere; only the `Origin` they send along tells which page it was.

use axum::http::{HeaderMap, header};

/// The pages that are let in.
#[derive(Debug, Clone)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    /// Those of `allowed`, such as `https://help.example.org`; with none, only pages of the host that was asked.
    pub(crate) fn new(allowed: &[String]) -> Self {
        Self(allowed.iter().map(|origin| origin.trim_end_matches('/').to_lowercase()).collect())
    }

    /// The origins by name.
    pub(crate) fn named(&self) -> &[String] {
        &self.0
    }

    /// Whether a request may come in. One without an origin is not a page's.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        if !self.0.is_empty() {
            return self.0.contains(&origin.to_lowercase());
        }
        let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(host_of);
        let page = origin.split_once("://").map(|(_, host)| host_of(host));
        page.is_some_and(|page| asked.is_some_and(|asked| same_host(page, asked)))
    }
}

/// The host without its port: pages and sockets of one host may be served at two.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn same_host(one: &str, other: &str) -> bool {
    let loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    one.eq_ignore_ascii_case(other) || (loopback(one) && loopback(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn admitted(allowed: &[&str], origin: Option<&'static str>, host: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        let allowed: Vec<String> = allowed.iter().map(|origin| (*origin).to_owned()).collect();
        Origins::new(&allowed).admit(&headers)
    }

    #[test]
    fn own_pages_and_programs_are_let_in() {
        assert!(admitted(&[], None, "help.example.org"));
        assert!(admitted(&[], Some("https://help.example.org"), "help.example.org"));
        assert!(admitted(&[], Some("http://localhost:8082"), "127.0.0.1:8081"));
        assert!(!admitted(&[], Some("https://evil.example"), "help.example.org"));
        assert!(!admitted(&[], Some("https://help.example.org.evil.example"), "help.example.org"));
        assert!(!admitted(&[], Some("null"), "help.example.org"));
    }

    #[test]
    fn with_a_list_only_the_list() {
        let allowed = ["https://help.example.org/"];
        assert!(admitted(&allowed, Some("https://help.example.org"), "x"));
        assert!(!admitted(&allowed, Some("https://x"), "x"));
        assert!(!admitted(&allowed, Some("http://help.example.org"), "x"));
        assert!(admitted(&allowed, None, "x"));
    }
}
