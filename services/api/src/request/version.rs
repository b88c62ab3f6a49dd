//! `If-Match`: the version of a ticket that the caller saw.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderValue, IF_MATCH};
use actix_web::{FromRequest, HttpRequest};

use crate::problem::Failure;

/// The version that the caller saw; none when they do not say or do not care (`*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) Option<i64>);

impl FromRequest for IfMatch {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.headers().get(IF_MATCH).map_or(Ok(Self(None)), parse))
    }
}

fn parse(value: &HeaderValue) -> Result<IfMatch, Failure> {
    let wrong = || Failure::invalid("/If-Match", "must be an ETag as it was given: \"7\"");
    let text = value.to_str().map_err(|_| wrong())?.trim();
    if text == "*" {
        return Ok(IfMatch(None));
    }
    let version = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(wrong)?;
    version.parse().map(|version| IfMatch(Some(version))).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strong_tags() {
        let read = |text: &'static str| parse(&HeaderValue::from_static(text)).ok();
        assert_eq!(read("\"7\""), Some(IfMatch(Some(7))));
        assert_eq!(read("*"), Some(IfMatch(None)));
        for bad in ["7", "W/\"7\"", "\"7\", \"8\"", "\"x\"", ""] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
