//! What sockets ask for, and how they are answered.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use baton_app::{Ctx, Error, Repeated};
use baton_wire::problem::Code;
use baton_wire::socket::Ack;
use futures::FutureExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::{SendError, SocketError};
use tracing::Instrument;

use crate::ending::cut_slow;
use crate::metrics::{ACK_SECONDS, ACKS};
use crate::serve::Gateway;
use crate::socket::Conn;
use crate::turns::Put;
use crate::{conversations, resume, typing};

/// A request as it came.
pub(crate) struct Request {
    pub(crate) socket: SocketRef,
    pub(crate) event: String,
    pub(crate) payload: Result<Value, String>,
    pub(crate) ack: AckSender,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Payloads are people's words.
        f.debug_struct("Request").field("event", &self.event).finish_non_exhaustive()
    }
}

/// The requests there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Join,
    Leave,
    Send,
    Typing,
    Read,
    Resume,
    Unknown,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [Self::Join, Self::Leave, Self::Send, Self::Typing, Self::Read, Self::Resume];

    /// The event's name; a metric's label.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Join => "conversation:join",
            Self::Leave => "conversation:leave",
            Self::Send => "message:send",
            Self::Typing => "typing",
            Self::Read => "read",
            Self::Resume => "resume",
            Self::Unknown => "unknown",
        }
    }

    fn of(event: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.name() == event).unwrap_or(Self::Unknown)
    }
}

/// Who asks.
#[derive(Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) gateway: &'a Arc<Gateway>,
    pub(crate) conn: &'a Arc<Conn>,
    pub(crate) socket: SocketRef,
}

impl Asker<'_> {
    /// The context in which a use case is run for them.
    pub(crate) fn ctx(&self) -> Ctx {
        let trace = baton_boot::trace::current_traceparent();
        Ctx { trace, ..Ctx::of(self.conn.actor()) }
    }

    /// Answers. A client that does not even take its answers is cut.
    pub(crate) async fn answer(&self, ack: AckSender, answer: &impl Serialize) {
        if let Err(SendError::Socket(SocketError::InternalChannelFull)) = ack.send(answer) {
            let member = self.gateway.hall.enter().await.dismiss(self.socket.id);
            cut_slow(self.gateway, member.into_iter().collect());
        }
    }
}

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) detail: String,
}

impl Refusal {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match &error {
            Error::Invalid(violations) => {
                let all = violations.iter().map(|wrong| format!("{} {}", wrong.pointer, wrong.detail));
                Self::new(Code::Invalid, all.collect::<Vec<_>>().join("; "))
            }
            Error::Mismatch(Repeated::IdempotencyKey) => Self::new(Code::IdempotencyMismatch, error.to_string()),
            Error::Mismatch(Repeated::ClientId) => Self::new(Code::ClientIdMismatch, error.to_string()),
            Error::Internal(what) => {
                let id: uuid::Uuid = baton_app::new_id();
                tracing::error!(%id, error = what, "a request failed");
                Self::new(Code::Internal, format!("something went wrong here; report the id {id}"))
            }
            Error::Unauthenticated(_) => Self::new(Code::Unauthenticated, error.to_string()),
            _ => Self::new(error.code().parse().unwrap_or(Code::Conflict), error.to_string()),
        }
    }
}

/// Takes a request in its order. What it gives is to be run: the answers of this one and of those that come meanwhile,
/// or nothing when another run is at it.
pub(crate) fn take(gateway: &Arc<Gateway>, conn: &Arc<Conn>, request: Request) -> impl Future<Output = ()> + use<> {
    let put = match conn.may_request() {
        Ok(()) => conn.turns.put(request),
        Err(_) => Put::Refused(request),
    };
    let begin = match put {
        Put::Begin => Some(answer_all(Arc::clone(gateway), Arc::clone(conn))),
        Put::Waits => None,
        Put::Refused(request) => {
            refuse(request);
            None
        }
    };
    async move {
        if let Some(answers) = begin {
            answers.await;
        }
    }
}

/// Refuses a request that came too fast. If there is no room for the word either, the client hears of it by silence.
fn refuse(request: Request) {
    let code = Code::RateLimited;
    ACKS.with_label_values(&[Kind::of(&request.event).name(), code.as_str()]).inc();
    let _ = request.ack.send(&Ack::<()>::failed(code, "too many requests at once; slow down"));
}

/// Answers a socket's requests one after the other until none waits.
pub(crate) async fn answer_all(gateway: Arc<Gateway>, conn: Arc<Conn>) {
    while let Some(request) = conn.turns.next() {
        let (kind, began) = (Kind::of(&request.event), Instant::now());
        let span = tracing::info_span!("request", event = kind.name());
        let answered = AssertUnwindSafe(answer_one(&gateway, &conn, kind, request).instrument(span));
        // A panic must not silence the socket for good.
        let outcome = answered.catch_unwind().await.unwrap_or_else(|_panic| {
            tracing::error!(event = kind.name(), "the answer to a request panicked");
            "panicked"
        });
        ACKS.with_label_values(&[kind.name(), outcome]).inc();
        ACK_SECONDS.with_label_values(&[kind.name()]).observe(began.elapsed().as_secs_f64());
    }
}

/// Answers a request; gives the outcome as a metric's label.
async fn answer_one(gateway: &Arc<Gateway>, conn: &Arc<Conn>, kind: Kind, request: Request) -> &'static str {
    let Request { socket, event, payload, ack } = request;
    let asker = Asker { gateway, conn, socket };
    match kind {
        Kind::Join => finish(&asker, ack, run(payload, |body| conversations::join(&asker, body)).await).await,
        Kind::Leave => finish(&asker, ack, run(payload, |body| conversations::leave(&asker, body)).await).await,
        Kind::Send => finish(&asker, ack, run(payload, |body| conversations::send(&asker, body)).await).await,
        Kind::Read => finish(&asker, ack, run(payload, |body| conversations::read(&asker, body)).await).await,
        Kind::Typing => finish(&asker, ack, run(payload, |body| typing::typing(&asker, body)).await).await,
        Kind::Resume => match read(payload) {
            Ok(body) => resume::resume(&asker, body, ack).await,
            Err(refusal) => finish::<()>(&asker, ack, Err(refusal)).await,
        },
        Kind::Unknown => {
            let name: String = event.chars().take(60).collect();
            let refusal = Refusal::new(Code::Invalid, format!("there is no event {name:?}"));
            finish::<()>(&asker, ack, Err(refusal)).await
        }
    }
}

async fn run<B, T, F>(payload: Result<Value, String>, request: impl FnOnce(B) -> F) -> Result<T, Refusal>
where
    B: DeserializeOwned,
    F: Future<Output = Result<T, Refusal>>,
{
    request(read(payload)?).await
}

fn read<B: DeserializeOwned>(payload: Result<Value, String>) -> Result<B, Refusal> {
    let value = payload.map_err(|error| Refusal::new(Code::Invalid, error))?;
    // To serde a list is an object whose members come in order. Nobody means that.
    if value.is_array() {
        return Err(Refusal::new(Code::Invalid, "must be an object"));
    }
    serde_json::from_value(value).map_err(|error| Refusal::new(Code::Invalid, error.to_string()))
}

pub(crate) async fn finish<T: Serialize>(
    asker: &Asker<'_>,
    ack: AckSender,
    outcome: Result<T, Refusal>,
) -> &'static str {
    let (label, answer) = match outcome {
        Ok(body) => ("ok", Ack::done(body)),
        Err(Refusal { code, detail }) => (code.as_str(), Ack::failed(code, detail)),
    };
    asker.answer(ack, &answer).await;
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_app::Error;
    use baton_wire::socket::Typing;

    #[test]
    fn events_have_their_names() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.name()), kind);
        }
        assert_eq!(Kind::of("message:destroy"), Kind::Unknown);
        assert_eq!(Kind::of("unknown"), Kind::Unknown);
    }

    #[test]
    fn refusals_carry_the_code_of_the_table() {
        let code = |error: Error| Refusal::from(error).code;
        assert_eq!(code(Error::NotFound("conversation")), Code::NotFound);
        assert_eq!(code(Error::Unavailable(String::new())), Code::Unavailable);
        assert_eq!(code(Error::Unauthenticated("revoked_session")), Code::Unauthenticated);
        assert_eq!(code(Error::Internal("x".into())), Code::Internal);
        let invalid = Refusal::from(Error::invalid("/body", "must not be empty"));
        assert_eq!(invalid, Refusal::new(Code::Invalid, "/body must not be empty"));
        assert!(!Refusal::from(Error::Internal("secret".into())).detail.contains("secret"));
    }

    #[test]
    fn a_bad_payload_is_invalid() {
        let missing = read::<Typing>(Ok(serde_json::json!({"typing": true}))).unwrap_err();
        assert_eq!(missing.code, Code::Invalid);
        assert!(missing.detail.contains("conversation_id"));
        assert_eq!(read::<Typing>(Err("no".into())).unwrap_err().code, Code::Invalid);
        let listed = serde_json::json!([uuid::Uuid::nil(), true]);
        assert_eq!(read::<Typing>(Ok(listed)).unwrap_err().code, Code::Invalid);
    }
}
