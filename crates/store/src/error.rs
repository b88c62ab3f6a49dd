//! What can go wrong between us and Postgres, sorted by what a caller can do about it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failed database call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique constraint, named, already holds such a row.
    #[error("{constraint} already holds such a row")]
    Taken {
        /// The constraint's or index's name.
        constraint: String,
    },
    /// A foreign key, named, points at nothing.
    #[error("{constraint} points at nothing")]
    Dangling {
        /// The constraint's name.
        constraint: String,
    },
    /// Postgres is away, full, stopping, or the pool has had no connection for too long. Trying
    /// again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Anything else: a defect of ours.
    #[error("database error: {0}")]
    Internal(String),
}

/// A database call's outcome.
pub type Result<T> = std::result::Result<T, Error>;

/// Parts of messages by which tokio-postgres and Postgres say that the connection or the server,
/// not the statement, is at fault (diesel keeps no SQLSTATE).
const AWAY: &[&str] = &[
    "connection closed",
    "connection refused",
    "error connecting",
    "error communicating",
    "terminating connection",
    "the database system is",
    "sorry, too many clients",
    "remaining connection slots",
    "canceling statement due to",
    // A standby before it is promoted, or a server that its keeper has put aside.
    "in a read-only transaction",
    // A full disk, or no memory: `could not extend file …: No space left on device`.
    "No space left on device",
    "out of memory",
    "deadlock detected",
    "db error: FATAL",
];

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return Self::Internal(error.to_string());
        };
        let constraint = || info.constraint_name().unwrap_or("a constraint").to_owned();
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::Taken { constraint: constraint() },
            DatabaseErrorKind::ForeignKeyViolation => Self::Dangling { constraint: constraint() },
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ReadOnlyTransaction
            | DatabaseErrorKind::SerializationFailure => Self::Unavailable(info.message().to_owned()),
            _ if AWAY.iter().any(|start| info.message().contains(start)) => {
                Self::Unavailable(info.message().to_owned())
            }
            _ => Self::Internal(info.message().to_owned()),
        }
    }
}
