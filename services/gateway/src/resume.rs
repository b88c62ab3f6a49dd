//! Catching up: what a socket missed while it was away, a page at a time, until it stands where the hall stands.
//!
//! What is not long ago is remembered in the hall and told from there; the rest is read from Postgres. The last step
//! is taken under the hall's lock, the answer included, so that the first live event comes after it.

use std::sync::Arc;
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

use crate::delivery::{Delivery, payload};
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
            match floor.missed(asker.socket.id, page.upto) {
                Some(missed) => return arrive(asker, &mut floor, page, &missed, ack),
                None => floor.position(),
            }
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

/// Fills the page from what the hall remembers, and lets the socket hear what comes if that is all.
fn arrive(
    asker: &Asker<'_>,
    floor: &mut Floor,
    mut page: Page,
    missed: &[Arc<Delivery>],
    ack: AckSender,
) -> &'static str {
    let audience = audience_of(&asker.conn.actor());
    let events = missed.iter().filter_map(|delivery| Some((delivery.position, delivery.payload(audience)?)));
    let mut all = true;
    for (position, event) in events {
        all = page.add(position, event);
        if !all {
            break;
        }
    }
    if all {
        page.upto = floor.position();
        page.more = false;
        floor.go_live(asker.socket.id);
    }
    RESUMES.with_label_values(&["hall"]).inc();
    hand_over(asker, floor, ack, &Ack::done(page))
}

/// Answers while the hall is locked: what happens next is heard after this.
fn hand_over(asker: &Asker<'_>, floor: &mut Floor, ack: AckSender, answer: &impl Serialize) -> &'static str {
    match ack.send(answer) {
        Ok(()) => "ok",
        Err(SendError::Socket(SocketError::InternalChannelFull)) => {
            cut_slow(asker.gateway, floor.dismiss(asker.socket.id).into_iter().collect());
            "cut"
        }
        Err(_) => "gone",
    }
}

/// How far Postgres brought a page.
enum Stored {
    /// To where the hall stood.
    Reached,
    /// Full before that.
    Full,
    /// Nowhere: what was missed is too long ago, or too much.
    TooMuch,
}

/// Fills the page from Postgres, up to `target`.
async fn stored(asker: &Asker<'_>, page: &mut Page, target: i64) -> baton_app::Result<Stored> {
    let (gateway, actor, after) = (asker.gateway, asker.conn.actor(), page.upto);
    let Some(missed) = feed::missed(&gateway.db, &actor, after, target).await? else { return Ok(Stored::TooMuch) };
    // Asked after the events were read: what is pruned between the two is missed, not overlooked.
    let kept = feed::oldest(&gateway.system).await?.is_some_and(|oldest| oldest <= after + 1);
    if !kept && after < target {
        return Ok(Stored::TooMuch);
    }
    RESUMES.with_label_values(&["postgres"]).inc();
    let audience = audience_of(&actor);
    for (position, event) in &missed.events {
        let Some(event) = payload(*position, event, audience) else { continue };
        if !page.add(*position, &event) {
            return Ok(Stored::Full);
        }
    }
    page.upto = missed.upto;
    Ok(if missed.more || page.is_full() { Stored::Full } else { Stored::Reached })
}

async fn give(asker: &Asker<'_>, ack: AckSender, page: &Page) -> &'static str {
    asker.answer(ack, &Ack::done(page)).await;
    "ok"
}

/// Tells the client to fetch its state again: whatever happens from here on, it hears.
async fn resync(asker: &Asker<'_>, ack: AckSender, why: &str) -> &'static str {
    RESYNCS.inc();
    let mut floor = asker.gateway.hall.enter().await;
    floor.go_live(asker.socket.id);
    let code = Code::ResyncRequired.as_str();
    let answer = json!({"ok": false, "error": {"code": code, "detail": why}, "cursor": floor.cursor()});
    match hand_over(asker, &mut floor, ack, &answer) {
        "ok" => code,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_it_ends() {
        let event = serde_json::value::to_raw_value(&json!({"a": 1})).unwrap();
        let mut page = Page::after(6);
        assert!(page.add(9, &event));
        let expected = json!({"ok": true, "events": [{"a": 1}], "cursor": FeedCursor(9).to_string(), "more": true});
        assert_eq!(serde_json::to_value(Ack::done(&page)).unwrap(), expected);
    }

    #[test]
    fn pages_are_bounded_by_number_and_size() {
        let small = serde_json::value::to_raw_value(&1).unwrap();
        let mut page = Page::after(0);
        let taken = (1..10_000).take_while(|position| page.add(*position, &small)).count();
        assert_eq!((taken as i64, page.upto), (RESUME_EVENTS, RESUME_EVENTS));

        let large = serde_json::value::to_raw_value(&"x".repeat(PAGE_BYTES / 4)).unwrap();
        let mut page = Page::after(0);
        let taken = (1..100).take_while(|position| page.add(*position, &large)).count();
        assert!(taken <= 4 && page.is_full());
    }
}
