//! What handlers are given: who asks, and input within bounds.

mod allowed;
mod body;
mod client;
mod idempotency;
mod parameters;
mod pointer;
mod version;

pub(crate) use allowed::{Allowed, Caller, Poster, Public, identify};
pub(crate) use body::{Json, JsonOrNothing};
pub(crate) use client::Client;
pub(crate) use parameters::{Path, Query};
pub(crate) use version::IfMatch;

use actix_web::HttpMessage;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::web::{PayloadConfig, ServiceConfig};

/// Below here nobody is asked who they are: it is where they say it.
const SIGN_IN: &str = "/v1/auth/";

/// What is done with a request before its handler is looked for: who asks, and with which key.
pub(crate) async fn admit(request: ServiceRequest) -> Result<ServiceRequest, ServiceResponse<BoxBody>> {
    if !request.path().starts_with("/v1/") || request.path().starts_with(SIGN_IN) {
        return Ok(request);
    }
    identify(request.request()).await;
    let known = request.extensions().contains::<Caller>();
    if known { idempotency::read(request).await } else { Ok(request) }
}

/// Largest body, in bytes.
pub(crate) const BODY_BYTES: usize = 1_024 * 1_024;

/// Sets actix's own bounds to ours.
pub(crate) fn bounds(config: &mut ServiceConfig) {
    config.app_data(PayloadConfig::new(BODY_BYTES));
}
