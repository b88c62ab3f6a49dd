//! Catching up: what a socket missed while it was away, a page at a time, until it stands where the hall stands.
//!
//! What is not long ago is remembered in the hall and told from there; the rest is read from Postgres. The last step
//! is taken under the hall's lock, the answer included, so that the first live event comes after it.

use std::time::Duration;

use baton_app::{conversations::audience_of, feed};
use baton_wire::cursor::FeedCursor;
use baton_wire::problem::Code;
use baton_wire::socket::{Ack, RESUME_EVENTS, Resume};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use socketioxide::extract::AckSender;
use socketioxide::{SendError, SocketError};

use crate::delivery::payload;
use crate::ending::cut_slow;
use crate::hall::Floor;
use crate::metrics::{RESUMES, RESYNCS};
use crate::requests::{Asker, finish};

/// How much of a page's events is enough, in bytes: an answer is one packet.
const PAGE_BYTES: usize = 512 * 1024;
/// How often Postgres is read for one page until it has caught up with the hall, before the client is to ask again.
const READS: usize = 3;
/// How long a cursor may be ahead of this gateway: another one was told a moment earlier.
const AHEAD: Duration = Duration::from_secs(2);

/// What was missed, as far as it was gathered.
#[derive(Debug, Serialize)]
struct Page {
    events: Vec<Box<RawValue>>,
    #[serde(rename = "cursor", serialize_with = "as_cursor")]
    upto: i64,
    more: bool,
    #[serde(skip)]
    bytes: usize,
}

fn as_cursor<S: serde::Serializer>(position: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&FeedCursor(*position))
}

impl Page {
    fn after(position: i64) -> Self {
        Self { events: Vec::new(), upto: position, more: true, bytes: 0 }
    }

    fn is_full(&self) -> bool {
        i64::try_from(self.events.len()).is_ok_and(|events| events >= RESUME_EVENTS) || self.bytes >= PAGE_BYTES
    }

    /// Takes an event; `false` when the page is full and must be given without it.
    fn add(&mut self, position: i64, event: &RawValue) -> bool {
        if self.is_full() {
            return false;
        }
        self.bytes += event.get().len();
        self.events.push(event.to_owned());
        self.upto = position;
        true
    }
}

/// Answers with the next page of what was missed; gives the outcome as a metric's label.
pub(crate) async fn resume(asker: &Asker<'_>, body: Resume, ack: AckSender) -> &'static str {
    let Ok(FeedCursor(position)) = body.cursor.parse() else {
        return resync(asker, ack, "this is not a cursor of ours").await;
    };
    if tokio::time::timeout(AHEAD, asker.gateway.hall.reached(position)).await.is_err() {
        return resync(asker, ack, "this cursor is ahead of all that happened").await;
    }
    let mut page = Page::after(position);
    for _ in 0..READS {
        let target = {
            let mut floor = asker.gateway.hall.enter().await;
            if let Some(outcome) = arrive(asker, &mut floor, &mut page, |answer| ack_now(&ack, answer)) {
                return outcome;
            }
            floor.position()
        };
        match stored(asker, &mut page, target).await {
            Ok(Stored::Reached) => {}
            Ok(Stored::Full) => return give(asker, ack, &page).await,
            Ok(Stored::TooMuch) => return resync(asker, ack, "too much happened since; fetch the state again").await,
            Err(error) => return finish::<()>(asker, ack, Err(error.into())).await,
        }
    }
    give(asker, ack, &page).await
}
