//! What the gateway knows of one socket.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_domain::access::Actor;
use tokio_util::sync::CancellationToken;

use crate::bucket::Bucket;
use crate::requests::Request;
use crate::turns::Turns;

/// A socket from its handshake to its end. Holds nothing of socketioxide's: its handlers hold this.
#[derive(Debug)]
pub(crate) struct Conn {
    actor: Mutex<Arc<Actor>>,
    /// Where its client stopped: it hears nothing durable until it has resumed from there.
    pub(crate) cursor: Option<String>,
    /// Its requests, in the order in which they came.
    pub(crate) turns: Turns<Request>,
    /// Cancelled when it is gone.
    pub(crate) closed: CancellationToken,
    requests: Mutex<Bucket>,
    typing: Mutex<Bucket>,
}

impl Conn {
    pub(crate) fn new(actor: Arc<Actor>, cursor: Option<String>) -> Self {
        Self {
            actor: Mutex::new(actor),
            cursor,
            turns: Turns::begun(),
            closed: CancellationToken::new(),
            requests: Mutex::new(Bucket::new(Duration::from_millis(20), 200)),
            typing: Mutex::new(Bucket::new(Duration::from_millis(200), 10)),
        }
    }

    /// Who is at the other end, with what they may do as far as is known.
    pub(crate) fn actor(&self) -> Arc<Actor> {
        Arc::clone(&self.actor.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_actor(&self, actor: Arc<Actor>) {
        *self.actor.lock().unwrap_or_else(PoisonError::into_inner) = actor;
    }

    /// Takes one request of the socket's allowance, or says how long until there is one.
    pub(crate) fn may_request(&self) -> Result<(), Duration> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now())
    }

    /// Takes one notice of typing of the socket's allowance, or says how long until there is one.
    pub(crate) fn may_type(&self) -> Result<(), Duration> {
        self.typing.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now())
    }
}
