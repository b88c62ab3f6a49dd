//! The right to act, as a type in a handler's signature.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use baton_app::conversations::audience_of;
use baton_app::{Can, Ctx, IdempotencyKey};
use baton_domain::access::{Actor, Right, rights};
use baton_domain::conversation::Audience;
use baton_wire::problem::Code;

use crate::intake::is_away;
use crate::limits;
use crate::problem::Failure;
use crate::state::State;

/// Finds out who asks, and leaves it with the request for [`Allowed`]. It is done before any extractor runs, because
/// those of a handler run side by side: nothing of a stranger's input is to be read, let alone told them of.
pub(crate) async fn identify(request: &HttpRequest) {
    match caller(request).await {
        Ok(caller) => drop(request.extensions_mut().insert(caller)),
        Err(failure) => {
            if is_away(&failure)
                && let Ok(remembered) = remembered(request).await
            {
                request.extensions_mut().insert(remembered);
            }
            request.extensions_mut().insert(Stranger(failure));
        }
    }
}

async fn caller(request: &HttpRequest) -> Result<Caller, Failure> {
    let state = State::of(request)?;
    let actor = state.identity.authenticate(bearer(request)?).await?;
    limits::general(&state.limits, &actor).await?;
    Ok(Caller(actor))
}

/// Who asked when Postgres was last there, within their limits.
async fn remembered(request: &HttpRequest) -> Result<Remembered, Failure> {
    let state = State::of(request)?;
    let actor = state.identity.remembered(bearer(request)?).await.ok_or_else(missing)?;
    limits::general(&state.limits, &actor).await?;
    Ok(Remembered(actor))
}

struct Remembered(Arc<Actor>);

/// Why nobody was found to ask.
struct Stranger(Failure);

/// Somebody who is signed in, within their limits, and holds the right `R`. First among a handler's arguments: it
/// fails at once, before the others have begun.
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
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(allowed(request))
    }
}

fn allowed<R: Right>(request: &HttpRequest) -> Result<Allowed<R>, Failure> {
    let mut left = request.extensions_mut();
    if let Some(Stranger(failure)) = left.remove::<Stranger>() {
        return Err(failure);
    }
    let Some(Caller(actor)) = left.get::<Caller>().cloned() else { return Err(missing()) };
    let idempotency = left.get::<IdempotencyKey>().cloned();
    let ctx = Ctx { actor, trace: baton_boot::trace::current_traceparent(), idempotency };
    Ok(Allowed(ctx.allow()?))
}

/// Somebody who posts a message.
#[derive(Debug)]
pub(crate) enum Poster {
    /// They may.
    May(Allowed<rights::MessagesReply>),
    /// They might when Postgres was last there; it is away, as the failure says, and will be asked again.
    Might(Can<rights::MessagesReply>, Failure),
}

impl FromRequest for Poster {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let remembered = request.extensions_mut().remove::<Remembered>();
        ready(match (allowed(request), remembered) {
            (Ok(can), _) => Ok(Self::May(can)),
            (Err(away), Some(Remembered(actor))) => {
                let ctx = Ctx { trace: baton_boot::trace::current_traceparent(), ..Ctx::of(actor) };
                ctx.allow().map(|can| Self::Might(can, away)).map_err(Into::into)
            }
            (Err(failure), None) => Err(failure),
        })
    }
}

fn missing() -> Failure {
    Failure::Here(Code::Unauthenticated, "send an access token as Authorization: Bearer …".to_owned())
}

/// The access token of a request.
fn bearer(request: &HttpRequest) -> Result<&str, Failure> {
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
