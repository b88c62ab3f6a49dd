//! `Idempotency-Key`: read in one place, so that no handler can forget it.

use actix_web::HttpMessage;
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderName;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use baton_app::IdempotencyKey;
use baton_domain::limits::IDEMPOTENCY_KEY_CHARS;
use futures::{FutureExt, StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::problem::{self, Failure};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Leaves the request's key, with the hash of its body, where [`super::Allowed`] takes it from. Only a POST that
/// carries a key has its body read here; the handler finds it whole.
pub(crate) async fn read(mut request: ServiceRequest) -> Result<ServiceRequest, ServiceResponse<BoxBody>> {
    if request.method() != Method::POST {
        return Ok(request);
    }
    let Some(value) = request.headers().get(HEADER) else { return Ok(request) };
    let Some(key) = value.to_str().ok().and_then(checked) else {
        let detail = format!("must have 1 to {IDEMPOTENCY_KEY_CHARS} visible ASCII characters");
        return Err(request.error_response(Failure::invalid("/Idempotency-Key", detail)));
    };
    // The future borrows nothing of the request, and is bounded like any body's.
    let body = match super::body::within_time(request.extract::<Bytes>().map(refused_by_status)).await {
        Ok(body) => body,
        Err(failure) => return Err(request.error_response(failure)),
    };
    let key = IdempotencyKey {
        key,
        method: "POST".to_owned(),
        path: request.path().to_owned(),
        body_hash: Sha256::digest(&body).to_vec(),
    };
    request.extensions_mut().insert(key);
    request.set_payload(Payload::Stream { payload: stream::once(async move { Ok(body) }).boxed_local() });
    Ok(request)
}

fn refused_by_status(body: Result<Bytes, actix_web::Error>) -> Result<Bytes, Failure> {
    body.map_err(|error| {
        let status = error.as_response_error().status_code();
        problem::of_status(if status == StatusCode::INTERNAL_SERVER_ERROR { StatusCode::BAD_REQUEST } else { status })
    })
}

fn checked(key: &str) -> Option<String> {
    let good = !key.is_empty() && key.len() <= IDEMPOTENCY_KEY_CHARS && key.bytes().all(|b| b.is_ascii_graphic());
    good.then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_visible() {
        assert_eq!(checked("a-1").as_deref(), Some("a-1"));
        for bad in ["", "a b", "\u{e9}", &"a".repeat(129)] {
            assert_eq!(checked(bad), None, "{bad}");
        }
    }
}
