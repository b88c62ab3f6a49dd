//! Which refusals an operation documents, as sets that `#[utoipa::path]` takes beside its good answers.

use std::collections::BTreeMap;

use baton_wire::problem::{Code, MEDIA_TYPE};
use utoipa::IntoResponses;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

/// What any operation may answer.
const ANY: &[Code] = &[Code::RateLimited, Code::Internal, Code::Unavailable];
/// What one that needs a token may answer.
const SIGNED_IN: &[Code] =
    &[Code::Unauthenticated, Code::InvalidToken, Code::ExpiredToken, Code::RevokedSession, Code::Forbidden];
const BODY: &[Code] = &[Code::Invalid, Code::Timeout, Code::TooLarge, Code::UnsupportedMediaType];
const KEY: &[Code] = &[Code::Invalid, Code::InProgress, Code::IdempotencyMismatch];

/// One response per status, whose description lists the codes and their meanings.
fn responses(sets: &[&[Code]]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in sets.iter().copied().flatten() {
        let codes = by_status.entry(code.status()).or_default();
        if !codes.contains(code) {
            codes.push(*code);
        }
    }
    by_status.into_iter().map(|(status, codes)| (status.to_string(), response(&codes).into())).collect()
}

fn response(codes: &[Code]) -> Response {
    let lines: Vec<_> = codes.iter().map(|code| format!("`{code}`: {}", code.title())).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(lines.join(". ")).content(MEDIA_TYPE, content).build()
}

/// What any operation may answer.
pub(crate) fn common() -> BTreeMap<String, RefOr<Response>> {
    responses(&[ANY])
}

macro_rules! refusals {
    ($( $(#[$meta:meta])* $name:ident = $($set:expr),+ ; )+) => { $(
        $(#[$meta])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses(&[ANY, $($set),+])
            }
        }
    )+ };
}

refusals! {
    /// Of signing in.
    SigningIn = BODY, &[Code::InvalidCredentials];
    /// Of exchanging a refresh token.
    Refreshing = BODY, &[Code::Unauthenticated, Code::InvalidToken, Code::ExpiredToken, Code::ReusedToken, Code::RevokedSession];
    /// Of reading without parameters.
    Reading = SIGNED_IN;
    /// Of reading one thing.
    ReadingOne = SIGNED_IN, &[Code::NotFound];
    /// Of reading a list.
    Listing = SIGNED_IN, &[Code::Invalid];
    /// Of reading a list that belongs to one thing.
    ListingOf = SIGNED_IN, &[Code::Invalid, Code::NotFound];
    /// Of adding something.
    Adding = SIGNED_IN, BODY, KEY, &[Code::Taken];
    /// Of changing something.
    Changing = SIGNED_IN, BODY, &[Code::NotFound];
    /// Of taking something away.
    Removing = SIGNED_IN, &[Code::NotFound];
    /// Of opening a ticket.
    Opening = SIGNED_IN, BODY, KEY;
    /// Of changing a ticket.
    ChangingTicket = SIGNED_IN, BODY, &[Code::NotFound, Code::IllegalTransition, Code::Stale];
    /// Of deleting a ticket.
    DeletingTicket = SIGNED_IN, &[Code::Invalid, Code::NotFound, Code::Stale];
    /// Of giving a ticket to somebody.
    Assigning = SIGNED_IN, BODY, &[Code::NotFound, Code::NotActive, Code::Stale];
    /// Of taking a ticket.
    Claiming = SIGNED_IN, KEY, &[Code::NotFound, Code::NotActive, Code::AlreadyAssigned, Code::Stale];
    /// Of having a job tried again.
    Retrying = SIGNED_IN, KEY, &[Code::NotFound, Code::Conflict];
    /// Of posting a message.
    Posting = SIGNED_IN, BODY, KEY, &[Code::NotFound, Code::Closed, Code::IllegalTransition, Code::ClientIdMismatch];
    /// Of marking what is one's own.
    MarkingOwn = SIGNED_IN, BODY, KEY;
    /// Of marking as read.
    Marking = SIGNED_IN, BODY, KEY, &[Code::NotFound];
}
