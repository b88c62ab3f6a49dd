//! What a use case can answer instead of doing what it was asked. Mapped to HTTP once and to socket
//! acknowledgements once.

use std::time::Duration;

use baton_domain::access::Permission;
use baton_domain::jobs::Fault;
use baton_domain::limits::Violation;
use baton_domain::ticket::{Refused, Status};

use crate::tickets::TicketView;

/// A use case's refusal or failure. [`Error::code`] is stable; the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The caller lacks a permission.
    #[error("this needs the permission {0}")]
    Forbidden(Permission),
    /// The caller is nobody, with a code that says why.
    #[error("{}", unauthenticated_text(.0))]
    Unauthenticated(&'static str),
    /// What was sent is not valid; every violation is named.
    #[error("the request is not valid")]
    Invalid(Vec<Violation>),
    /// The ticket's life does not have this move.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The caller's copy is old; the current one comes along.
    #[error("the ticket has changed since")]
    Stale(Box<TicketView>),
    /// It does not go with how things stand.
    #[error("{0}")]
    Conflict(&'static str),
    /// Something unique is taken.
    #[error("{0}")]
    Taken(String),
    /// A key or client id came before with another body.
    #[error("{0} was used before for something else")]
    Mismatch(Repeated),
    /// A twin of this request is still under way.
    #[error("the same request is still under way")]
    InProgress,
    /// Too much at once.
    #[error("too many requests; try again in {} s", .0.as_secs().max(1))]
    Limited(Duration),
    /// A dependency is away; trying again may help.
    #[error("not available right now: {0}")]
    Unavailable(String),
    /// A defect of ours.
    #[error("{0}")]
    Internal(String),
}

/// A use case's outcome.
pub type Result<T> = std::result::Result<T, Error>;

/// What was repeated with another body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// An `Idempotency-Key`.
    IdempotencyKey,
    /// A message's `client_id`.
    ClientId,
}

impl std::fmt::Display for Repeated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::IdempotencyKey => "this Idempotency-Key",
            Self::ClientId => "this client_id",
        })
    }
}

fn unauthenticated_text(code: &str) -> &'static str {
    match code {
        "invalid_credentials" => "organization, email or password is wrong",
        "reused_token" => "this refresh token was used before; all its descendants are revoked, sign in again",
        "expired_token" => "the token has expired",
        "revoked_session" => "the session was ended; sign in again",
        _ => "sign in first",
    }
}

impl Error {
    /// The stable code, as `docs/ERRORS.md` lists it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::Unauthenticated(code) => code,
            Self::Invalid(_) => "invalid",
            Self::Refused(Refused::IllegalTransition { .. }) => "illegal_transition",
            Self::Refused(Refused::Closed) => "closed",
            Self::Refused(Refused::AlreadyAssigned) => "already_assigned",
            Self::Refused(Refused::NotActive(_)) => "not_active",
            Self::Stale(_) => "stale",
            Self::Conflict(_) => "conflict",
            Self::Taken(_) => "taken",
            Self::Mismatch(Repeated::IdempotencyKey) => "idempotency_mismatch",
            Self::Mismatch(Repeated::ClientId) => "client_id_mismatch",
            Self::InProgress => "in_progress",
            Self::Limited(_) => "rate_limited",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// The moves that would have been legal.
    pub fn allowed(&self) -> Option<&'static [Status]> {
        match self {
            Self::Refused(Refused::IllegalTransition { allowed, .. }) => Some(allowed),
            _ => None,
        }
    }

    /// One violation.
    pub fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::at(pointer, detail)])
    }
}

impl From<Vec<Violation>> for Error {
    fn from(violations: Vec<Violation>) -> Self {
        Self::Invalid(violations)
    }
}

impl From<Error> for Fault {
    /// What stops a job of ours may not stop it another time.
    fn from(error: Error) -> Self {
        Self::Passing(error.to_string())
    }
}

impl From<baton_store::Error> for Error {
    fn from(error: baton_store::Error) -> Self {
        match error {
            baton_store::Error::Unavailable(what) => Self::Unavailable(what),
            other => Self::Internal(other.to_string()),
        }
    }
}
