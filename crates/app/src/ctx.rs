//! Who asks, under which trace, with which key; and the proof that they may.

use std::marker::PhantomData;
use std::sync::Arc;

use baton_domain::access::{Actor, Right};
use baton_domain::event::By;

use crate::error::{Error, Result};

/// What every use case is told beside its command.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Who asks.
    pub actor: Arc<Actor>,
    /// The trace it happens under (W3C `traceparent`).
    pub trace: Option<String>,
    /// The request's `Idempotency-Key`.
    pub idempotency: Option<IdempotencyKey>,
}

impl Ctx {
    /// A context without trace or key.
    pub fn of(actor: Arc<Actor>) -> Self {
        Self { actor, trace: None, idempotency: None }
    }

    /// Proves the right `R`, or says which permission is missing.
    pub fn allow<R: Right>(self) -> Result<Can<R>> {
        if self.actor.may(R::PERMISSION) {
            Ok(Can { ctx: self, right: PhantomData })
        } else {
            Err(Error::Forbidden(R::PERMISSION))
        }
    }
}

/// A request's `Idempotency-Key` with what it is scoped by.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// The client's key.
    pub key: String,
    /// `POST`.
    pub method: String,
    /// The request's path.
    pub path: String,
    /// SHA-256 of the request's body.
    pub body_hash: Vec<u8>,
}

/// A context whose actor holds the right `R`. Only [`Ctx::allow`] makes one.
#[derive(Debug, Clone)]
pub struct Can<R> {
    ctx: Ctx,
    right: PhantomData<fn() -> R>,
}

impl<R> Can<R> {
    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.ctx.actor
    }

    /// The whole context.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    pub(crate) fn by(&self) -> By {
        By::actor(&self.ctx.actor)
    }
}
