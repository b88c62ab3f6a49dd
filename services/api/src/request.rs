//! What handlers are given: who asks, and input within bounds.

mod allowed;
mod body;
mod client;
pub(crate) mod idempotency;
mod parameters;
mod pointer;
mod version;

pub(crate) use allowed::{Allowed, Caller, Public};
pub(crate) use body::{Json, JsonOrNothing};
pub(crate) use client::Client;
pub(crate) use parameters::{Path, Query};
pub(crate) use version::IfMatch;

use actix_web::web::{PayloadConfig, ServiceConfig};

/// Largest body, in bytes.
pub(crate) const BODY_BYTES: usize = 1_024 * 1_024;

/// Sets actix's own bounds to ours.
pub(crate) fn bounds(config: &mut ServiceConfig) {
    config.app_data(PayloadConfig::new(BODY_BYTES));
}
