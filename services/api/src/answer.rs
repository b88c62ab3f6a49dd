//! What all answers have in common: an id, a span, headers, figures, and one form for everything that goes wrong.

use actix_web::HttpMessage;
use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use baton_domain::conversation::Audience;
use baton_wire::problem::{Code, MEDIA_TYPE};
use tracing::Instrument;
use uuid::Uuid;

use crate::cors;
use crate::metrics::Under;
use crate::problem::{self, Failure};
use crate::request::{Caller, admit};
use crate::state::Api;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// For data: nothing in it is ever to be run, framed or loaded from.
const CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Wraps every request.
pub(crate) async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // Ids are ours: an incoming one could be made to look like another request's.
    let id: Uuid = baton_app::new_id();
    let span = tracing::info_span!(
        "request",
        request_id = %id,
        method = %request.method(),
        path = request.path(),
        status = tracing::field::Empty,
    );
    if let Some(parent) = request.headers().get(TRACEPARENT).and_then(|value| value.to_str().ok()) {
        baton_boot::trace::continue_trace(&span, parent);
    }
    within(request, next, id).instrument(span).await
}

async fn within(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    id: Uuid,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let under = Under::way();
    let state = request.app_data::<Api>().cloned();
    let origin = state.as_ref().and_then(|state| cors::allowed_origin(request.headers(), &state.allowed_origins));
    let mut response = if cors::is_preflight(&request) {
        request.into_response(cors::preflight())
    } else {
        match admit(request).await {
            Ok(request) => next.call(request).await?.map_into_boxed_body(),
            Err(response) => response,
        }
    };
    let failed = response.response().error().is_some() || response.status().is_client_error();
    if failed || response.status().is_server_error() {
        response = explained(response, &id);
    }
    let https = state.as_ref().is_some_and(|state| state.proxies.is_https(response.request()));
    let headers = response.headers_mut();
    common(headers, &id);
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if let Some(origin) = origin {
        cors::tell(headers, origin);
    }
    if state.is_some_and(|state| state.shutdown.is_cancelled()) {
        // Clients with kept connections go elsewhere before this process is gone.
        response.response_mut().head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    }
    tracing::Span::current().record("status", response.status().as_u16());
    let route = response.request().match_pattern();
    under.answered(response.request().method(), route.as_deref(), response.status());
    Ok(response)
}

/// Headers of every answer; what a handler set itself stands.
fn common(headers: &mut HeaderMap, id: &Uuid) {
    let mut buffer = Uuid::encode_buffer();
    if let Ok(value) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut buffer)) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, CSP);
    }
}

/// The same answer with a problem for its body, logged if it is our fault.
fn explained(response: ServiceResponse<BoxBody>, id: &Uuid) -> ServiceResponse<BoxBody> {
    let by_status;
    let failure = match response.response().error().and_then(|error| error.as_error::<Failure>()) {
        Some(failure) => failure,
        None => {
            by_status = problem::of_status(response.status());
            &by_status
        }
    };
    if failure.code() == Code::Internal {
        let cause = response.response().error().map(ToString::to_string);
        tracing::error!(error = cause.as_deref().unwrap_or("no cause"), request_id = %id, "a request failed");
    }
    let audience = response.request().extensions().get::<Caller>().map_or(Audience::Public, |caller| caller.audience());
    let mut problem = failure.problem(audience, &id.to_string());
    problem.instance = Some(response.request().path().to_owned());
    let mut explained = HttpResponse::build(failure_status(failure)).content_type(MEDIA_TYPE).json(&problem);
    failure.tell(explained.headers_mut());
    response.into_response(explained)
}

fn failure_status(failure: &Failure) -> actix_web::http::StatusCode {
    actix_web::ResponseError::status_code(failure)
}
