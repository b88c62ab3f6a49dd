//! What a handler or extractor refuses with, and how that becomes a problem.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use baton_app::Error;
use baton_domain::conversation::Audience;
use baton_domain::limits::Violation;
use baton_wire::problem::{Code, Problem};
use baton_wire::tickets::Ticket;

use crate::limits::Reached;
use crate::routes::tickets;

/// How long to wait before asking again while a dependency is away, in seconds.
const AWAY_RETRY_SECS: &str = "1";

/// A request that is not answered as it was hoped. It becomes a [`Problem`] in [`crate::answer`], where the request's
/// id and audience are known.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A use case's refusal.
    App(Error),
    /// One of this service: it could not be read, or is for nobody here.
    Here(Code, String),
    /// Too many.
    Limited(Reached),
    /// The address has other methods.
    Method(Vec<&'static str>),
}

impl Failure {
    /// One violation.
    pub(crate) fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::App(Error::invalid(pointer, detail))
    }

    /// What there is nothing of.
    pub(crate) fn nothing() -> Self {
        Self::Here(Code::NotFound, "there is nothing at this address".to_owned())
    }

    pub(crate) fn code(&self) -> Code {
        match self {
            // A code that the table lacks would be a defect, and is answered as one.
            Self::App(error) => error.code().parse().unwrap_or(Code::Internal),
            Self::Here(code, _) => *code,
            Self::Limited(_) => Code::RateLimited,
            Self::Method(_) => Code::MethodNotAllowed,
        }
    }

    /// The problem, as `audience` may read it.
    pub(crate) fn problem(&self, audience: Audience, request_id: &str) -> Problem {
        let code = self.code();
        let detail = match self {
            // What went wrong inside is ours to read, by the id.
            Self::App(_) if code == Code::Internal => "the request failed; its request_id is in our logs".to_owned(),
            Self::App(Error::Unavailable(_)) => "a part of the service is away; try again".to_owned(),
            Self::App(error) => error.to_string(),
            Self::Here(_, detail) => detail.clone(),
            Self::Limited(reached) => format!("too many requests; try again in {} s", reached.retry_after()),
            Self::Method(allowed) => format!("this address answers {}", allowed.join(", ")),
        };
        let mut problem = Problem::new(code, detail, request_id);
        if let Self::App(error) = self {
            attach(&mut problem, error, audience);
        }
        problem
    }

    /// What the answer's head says of it.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        match self {
            Self::Limited(reached) => reached.tell(headers),
            Self::App(Error::Limited(time)) => {
                headers.insert(RETRY_AFTER, HeaderValue::from(time.as_secs().max(1)));
            }
            Self::App(Error::Unavailable(_)) => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(AWAY_RETRY_SECS));
            }
            Self::Method(allowed) => {
                if let Ok(value) = HeaderValue::from_str(&allowed.join(", ")) {
                    headers.insert(ALLOW, value);
                }
            }
            _ if self.code().status() == 401 => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
    }
}

/// What a program needs besides the code.
fn attach(problem: &mut Problem, error: &Error, audience: Audience) {
    match error {
        Error::Invalid(violations) => {
            problem.errors = violations.iter().cloned().map(Into::into).collect();
        }
        Error::Stale(view) => {
            let ticket: Ticket = tickets::seen((**view).clone(), audience);
            problem.ticket = Some(Box::new(ticket));
        }
        _ => {}
    }
    problem.allowed = error.allowed().map(<[_]>::to_vec);
    problem.follow_up = (problem.code == Code::Closed).then_some(true);
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(error) => error.fmt(f),
            Self::Here(_, detail) => f.write_str(detail),
            Self::Limited(_) => f.write_str("a rate limit was reached"),
            Self::Method(_) => f.write_str("the method is not one of this address"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::App(error)
    }
}

impl From<Vec<Violation>> for Failure {
    fn from(violations: Vec<Violation>) -> Self {
        Self::App(Error::Invalid(violations))
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Only a status: the body is made where the request is known.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

/// A failure that actix or a library of it found, by its status.
pub(crate) fn of_status(status: StatusCode) -> Failure {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => return Failure::nothing(),
        StatusCode::PAYLOAD_TOO_LARGE => (Code::TooLarge, "the body is too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (Code::UnsupportedMediaType, "the body must be application/json"),
        StatusCode::REQUEST_TIMEOUT => (Code::Timeout, "the request came too slowly"),
        status if status.is_client_error() => (Code::Invalid, "the request cannot be read"),
        _ => (Code::Internal, "the request failed; its request_id is in our logs"),
    };
    Failure::Here(code, detail.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_domain::access::Permission;
    use baton_domain::ticket::{Refused, Status};
    use std::time::Duration;

    #[test]
    fn every_refusal_of_a_use_case_has_its_code_in_the_table() {
        let errors = [
            Error::NotFound("ticket"),
            Error::Forbidden(Permission::TicketsView),
            Error::Unauthenticated("invalid_credentials"),
            Error::Unauthenticated("invalid_token"),
            Error::Unauthenticated("expired_token"),
            Error::Unauthenticated("reused_token"),
            Error::Unauthenticated("revoked_session"),
            Error::Invalid(Vec::new()),
            Error::Refused(Refused::Closed),
            Error::Refused(Refused::AlreadyAssigned),
            Error::Refused(Refused::NotActive(Status::Closed)),
            Error::Refused(Refused::IllegalTransition { from: Status::Closed, to: Status::New, allowed: &[] }),
            Error::Taken(String::new()),
            Error::InProgress,
            Error::Limited(Duration::from_secs(1)),
            Error::Unavailable(String::new()),
        ];
        for error in errors {
            let (word, failure) = (error.code(), Failure::from(error));
            assert_eq!(failure.code().as_str(), word);
        }
        for word in ["idempotency_mismatch", "client_id_mismatch", "stale"] {
            assert!(word.parse::<Code>().is_ok(), "{word}");
        }
    }

    #[test]
    fn a_defect_tells_nothing_but_its_id() {
        let failure = Failure::from(Error::Internal("select secret from users".to_owned()));
        let problem = failure.problem(Audience::Staff, "r1");
        assert_eq!((problem.status, problem.request_id.as_str()), (500, "r1"));
        assert!(!serde_json::to_string(&problem).unwrap().contains("secret"));
    }

    #[test]
    fn refusals_carry_what_a_program_needs() {
        let refused = Refused::IllegalTransition { from: Status::Resolved, to: Status::New, allowed: &[Status::Open] };
        let problem = Failure::from(Error::Refused(refused)).problem(Audience::Staff, "r");
        assert_eq!(problem.allowed, Some(vec![Status::Open]));
        let problem = Failure::from(Error::Refused(Refused::Closed)).problem(Audience::Public, "r");
        assert_eq!((problem.code, problem.follow_up), (Code::Closed, Some(true)));
        let mut headers = HeaderMap::new();
        Failure::from(Error::Unavailable("x".to_owned())).tell(&mut headers);
        assert_eq!(headers.get(RETRY_AFTER).unwrap(), "1");
    }
}
