//! What can go wrong with Redis.

use std::time::Duration;

/// What every fallible function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why Redis did not do what it was asked. Never names the address: it may carry a password.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is not one of a Redis (`redis://[:password@]host:port/db`).
    #[error("the Redis address is not valid: {0}")]
    Address(#[source] redis::RedisError),
    /// Redis did not answer within the time it is given.
    #[error("Redis did not answer within {0:?}")]
    Slow(Duration),
    /// Redis is away, or it answered with an error.
    #[error("Redis: {0}")]
    Redis(#[from] redis::RedisError),
    /// What was to be told has no JSON form.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// Whether the same question may be answered when asked again: the connection failed, not the question.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Slow(_) => true,
            Self::Redis(error) => {
                error.is_io_error() || error.is_connection_dropped() || error.is_unrecoverable_error()
            }
            Self::Address(_) | Self::Json(_) => false,
        }
    }
}
