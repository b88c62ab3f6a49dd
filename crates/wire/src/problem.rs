//! What went wrong, as a client is told: RFC 9457 and one table of stable codes.

use baton_domain::limits::Violation;
use baton_domain::ticket::Status;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::tickets::Ticket;
use crate::words;

/// The media type of a [`Problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// One line of the table of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// The HTTP status it comes with; 0 for one that only sockets hear.
    pub status: u16,
    /// What it means, as a problem's `title`.
    pub title: &'static str,
}

macro_rules! codes {
    ($( $name:ident = $word:literal, $status:literal, $title:literal; )+) => {
        /// A stable name for what went wrong. Clients act on it; people read `detail`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $( #[doc = $title] $name, )+
        }

        /// Every code with its HTTP status and meaning.
        pub const CODES: &[CodeInfo] = &[
            $( CodeInfo { code: Code::$name, status: $status, title: $title }, )+
        ];

        impl Code {
            /// The code as clients read it.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $word, )+ }
            }

            /// The HTTP status it comes with; 0 for one that only sockets hear.
            pub const fn status(self) -> u16 {
                match self { $( Self::$name => $status, )+ }
            }

            /// What it means.
            pub const fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )+ }
            }
        }
    };
}

codes! {
    Invalid = "invalid", 400, "The request is not valid";
    Unauthenticated = "unauthenticated", 401, "A valid access token is needed";
    InvalidCredentials = "invalid_credentials", 401, "Organisation, address or password is wrong";
    InvalidToken = "invalid_token", 401, "The token is not one of ours";
    ExpiredToken = "expired_token", 401, "The token has expired";
    ReusedToken = "reused_token", 401, "The refresh token was used before; its session is ended, sign in again";
    RevokedSession = "revoked_session", 401, "The session was ended; sign in again";
    Forbidden = "forbidden", 403, "This is not allowed";
    NotFound = "not_found", 404, "There is nothing here that you may know of";
    MethodNotAllowed = "method_not_allowed", 405, "The method is not one of this address";
    Timeout = "timeout", 408, "The request came too slowly";
    Conflict = "conflict", 409, "This does not go with how things stand";
    IllegalTransition = "illegal_transition", 409, "The ticket cannot move to that status from where it is";
    Closed = "closed", 409, "The ticket is closed; open a follow-up";
    AlreadyAssigned = "already_assigned", 409, "The ticket is somebody else's";
    NotActive = "not_active", 409, "The ticket is in no state in which somebody could work on it";
    Taken = "taken", 409, "The name or address is somebody else's";
    InProgress = "in_progress", 409, "A request with the same Idempotency-Key is still running";
    Stale = "stale", 412, "The ticket has changed since; the current one is attached";
    TooLarge = "too_large", 413, "The body is too large";
    UnsupportedMediaType = "unsupported_media_type", 415, "The body is of a type that is not read here";
    IdempotencyMismatch = "idempotency_mismatch", 422, "The key was used with another body";
    ClientIdMismatch = "client_id_mismatch", 422, "The client_id was used for another message";
    RateLimited = "rate_limited", 429, "Too many requests; wait as long as Retry-After says";
    Internal = "internal", 500, "Something went wrong here; report the request_id";
    Unavailable = "unavailable", 503, "The service cannot answer now; try again";
    ResyncRequired = "resync_required", 0, "The cursor is too old; fetch the state again";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    fn from_str(word: &str) -> Result<Self, UnknownCode> {
        CODES.iter().map(|info| info.code).find(|code| code.as_str() == word).ok_or(UnknownCode)
    }
}

/// A word that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a code of this API")]
pub struct UnknownCode;

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The schema of [`Code`]; never a value.
#[derive(Debug)]
pub enum CodeSchema {}

impl utoipa::PartialSchema for CodeSchema {
    fn schema() -> RefOr<Schema> {
        let words = CODES.iter().filter(|info| info.status != 0).map(|info| info.code.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build().into()
    }
}

impl ToSchema for CodeSchema {
    fn name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }
}

/// One thing wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer (RFC 6901) into the body, or `/name` of a parameter.
    #[schema(example = "/requester/email")]
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl From<Violation> for FieldError {
    fn from(violation: Violation) -> Self {
        Self { pointer: violation.pointer, detail: violation.detail }
    }
}

/// An answer that is not the one hoped for (RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(example = "urn:baton:problem:invalid")]
    pub kind: String,
    /// What the code means.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time, for a person.
    pub detail: String,
    /// The path that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What went wrong, for a program.
    #[schema(value_type = CodeSchema)]
    pub code: Code,
    /// The request, as our logs name it.
    pub request_id: String,
    /// Everything that is wrong with the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// With `illegal_transition`: the statuses that the ticket may move to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<words::Status>>)]
    pub allowed: Option<Vec<Status>>,
    /// With `closed`: whether a ticket with `follow_up_of` may be opened instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<bool>,
    /// With `stale`: the ticket as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Box<Ticket>>,
}

impl Problem {
    /// A problem of `code`, with nothing attached.
    pub fn new(code: Code, detail: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:baton:problem:{code}"),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            instance: None,
            code,
            request_id: request_id.into(),
            errors: Vec::new(),
            allowed: None,
            follow_up: None,
            ticket: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_words_with_a_sensible_status() {
        let mut words: Vec<_> = CODES.iter().map(|info| info.code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), CODES.len());
        for info in CODES {
            assert!(info.status == 0 || (400..600).contains(&info.status), "{}", info.code);
            assert!(info.code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", info.code);
            assert_eq!(info.code.as_str().parse(), Ok(info.code));
            assert_eq!((info.code.status(), info.code.title()), (info.status, info.title));
        }
    }

    #[test]
    fn a_bare_problem_says_no_more_than_it_must() {
        let problem = Problem::new(Code::NotFound, "no such ticket", "r1");
        let json = serde_json::to_value(&problem).unwrap();
        let names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["code", "detail", "request_id", "status", "title", "type"]);
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }
}
