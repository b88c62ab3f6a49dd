//! The right to act, as a type in a handler's signature.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use baton_app::conversations::audience_of;
use baton_app::{Can, Ctx, IdempotencyKey};
use baton_domain::access::{Actor, Right};
use baton_domain::conversation::Audience;
use baton_wire::problem::Code;
use futures::future::LocalBoxFuture;

use crate::limits;
use crate::problem::Failure;
use crate::state::State;

/// Somebody who is signed in, within their limits, and holds the right `R`. First among a handler's arguments, so
/// that nothing of a request is looked at before.
#[derive(Debug)]
pub(crate) struct Allowed<R>(Can<R>);

impl<R> Allowed<R> {
    /// Which copy of things the caller gets.
    pub(crate) fn audience(&self) -> Audience {
        audience_of(self.0.actor())
    }
}

impl<R> Deref for Allowed<R> {
    type Target = Can<R>;

    fn deref(&self) -> &Can<R> {
        &self.0
    }
}

impl<R: Right> FromRequest for Allowed<R> {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = State::of(&request)?;
            let actor = state.identity.authenticate(bearer(&request)?).await?;
            request.extensions_mut().insert(Caller(Arc::clone(&actor)));
            limits::general(&state.limits, &actor).await?;
            let idempotency = request.extensions().get::<IdempotencyKey>().cloned();
            let ctx = Ctx { actor, trace: baton_boot::trace::current_traceparent(), idempotency };
            Ok(Self(ctx.allow()?))
        })
    }
}

/// The access token of a request.
fn bearer(request: &HttpRequest) -> Result<&str, Failure> {
    let missing = || Failure::Here(Code::Unauthenticated, "send an access token as Authorization: Bearer …".to_owned());
    let value = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(missing)?;
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(missing()),
    }
}

/// Whoever was found to ask, for what is made after the handler.
#[derive(Debug, Clone)]
pub(crate) struct Caller(Arc<Actor>);

impl Caller {
    /// Which copy of things they get.
    pub(crate) fn audience(&self) -> Audience {
        audience_of(&self.0)
    }
}

/// Says in a signature that anybody may ask.
#[derive(Debug)]
pub(crate) struct Public;

impl FromRequest for Public {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self))
    }
}
