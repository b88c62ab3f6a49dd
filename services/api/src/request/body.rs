//! JSON bodies: bounded, typed, and refused with a pointer to what is wrong.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use baton_wire::problem::Code;
use futures::future::LocalBoxFuture;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use crate::problem::{self, Failure};
use crate::request::pointer;

/// How long a body may take to arrive.
const WITHIN: Duration = Duration::from_secs(15);

/// Gives a body its time.
pub(crate) async fn within_time<T>(body: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = || Err(problem::of_status(StatusCode::REQUEST_TIMEOUT));
    tokio::time::timeout(WITHIN, body).await.unwrap_or_else(|_| late())
}

/// A body of JSON. It is at most [`super::BODY_BYTES`] long and nested at most 128 deep, the bound of serde_json.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json {
                return Err(problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
            within_time(async { parse(&bytes.await.map_err(unreadable)?) }).await.map(Self)
        })
    }
}

/// A body of JSON, or none, which is the default.
#[derive(Debug)]
pub(crate) struct JsonOrNothing<T>(pub(crate) T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for JsonOrNothing<T> {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = within_time(async { bytes.await.map_err(unreadable) }).await?;
            if bytes.is_empty() {
                return Ok(Self(T::default()));
            }
            if !is_json {
                return Err(problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
            parse(&bytes).map(Self)
        })
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let content_type = request.content_type();
    let (kind, subtype) = content_type.split_once('/').unwrap_or_default();
    kind.eq_ignore_ascii_case("application")
        && (subtype.eq_ignore_ascii_case("json") || subtype.to_ascii_lowercase().ends_with("+json"))
}

fn unreadable(error: actix_web::Error) -> Failure {
    problem::of_status(error.as_response_error().status_code())
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    // To serde a list is an object whose members come in order. Nobody means that.
    if bytes.trim_ascii_start().starts_with(b"[") && well_formed(bytes).is_ok() {
        return Err(Failure::invalid("", "must be an object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let inner = error.inner();
        // A `null` where a word is wanted is called a syntax error too: only a text that is no JSON at all is one.
        let told = match inner.classify() {
            Category::Data => inner.to_string(),
            _ if inner.to_string().starts_with("recursion") => "is nested too deep".to_owned(),
            _ => "is not of the form that is wanted here".to_owned(),
        };
        well_formed(bytes).err().unwrap_or_else(|| pointer::refusal(error.path(), &told))
    })?;
    reader.end().map_err(malformed)?;
    Ok(value)
}

/// Whether it is JSON at all, however deep.
fn well_formed(bytes: &[u8]) -> Result<(), Failure> {
    serde_json::from_slice::<IgnoredAny>(bytes).map(drop).map_err(malformed)
}

fn malformed(error: serde_json::Error) -> Failure {
    Failure::Here(Code::Invalid, format!("the body is not JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_domain::conversation::Audience;
    use baton_wire::tickets::NewTicket;

    fn refusal(body: &str) -> (Code, String) {
        let problem = parse::<NewTicket>(body.as_bytes()).unwrap_err().problem(Audience::Staff, "r");
        (problem.code, problem.errors.first().map_or_else(String::new, |error| error.pointer.clone()))
    }

    #[test]
    fn refusals_point_at_what_is_wrong() {
        for (body, pointer) in [
            (r#"{"subject":"x","colour":1}"#, "/colour"),
            (r#"{"subject":1}"#, "/subject"),
            (r#"{}"#, "/subject"),
            (r#"{"subject":"x","subject":"y"}"#, "/subject"),
            (r#"{"subject":"x","priority":"huge"}"#, "/priority"),
            (r#"{"subject":"x","priority":null}"#, "/priority"),
            (r#"{"subject":"x","tags":["a",1]}"#, "/tags/1"),
            (r#"{"subject":"x","requester":{"email":"a@b","x":1}}"#, "/requester/x"),
            (r#"{"subject":"x","requester":{}}"#, "/requester/email"),
            (r#"[]"#, ""),
            (r#" ["x"]"#, ""),
        ] {
            assert_eq!(refusal(body), (Code::Invalid, pointer.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_invalid() {
        for body in ["", "{", r#"{"subject":"x"} x"#, "{'a':1}", r#"{"subject":1"#] {
            assert_eq!(refusal(body), (Code::Invalid, String::new()), "{body}");
        }
        let deep = format!(r#"{{"subject":"x","custom_fields":{{"a":{}{}}}}}"#, "[".repeat(500), "]".repeat(500));
        let (code, pointer) = refusal(&deep);
        assert!(code == Code::Invalid && pointer.starts_with("/custom_fields/a/0/0"), "{pointer}");
    }

    #[test]
    fn details_are_for_people() {
        let problem = parse::<NewTicket>(br#"{"subject":1}"#).unwrap_err().problem(Audience::Staff, "r");
        let detail = &problem.errors[0].detail;
        assert!(!detail.contains(" at line "), "{detail}");
    }
}
