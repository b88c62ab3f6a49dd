//! The fan-out: follows the feed and tells this gateway's sockets.
//!
//! Events come over the Redis stream. Places in the feed are dense, so a hole shows, and whatever is not in the stream
//! is read from Postgres: holes at once, everything while Redis is away, and now and then when it is quiet, since a
//! stream that lost its last entries shows no hole.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use baton_app::feed;
use baton_boot::trace::continue_trace;
use baton_domain::event::{Canary, Event, Fact, Passing};
use baton_live::Redis;
use baton_live::stream::{Entry, Follower};
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::access::end_session;
use crate::delivery::Delivery;
use crate::ending::cut_slow;
use crate::metrics::{AGE, CANARY, CANARY_LAST, EVENTS};
use crate::serve::Gateway;

/// How long Redis is asked to hold a read.
const BLOCK: Duration = Duration::from_secs(1);
/// How long the stream may be quiet before Postgres is asked whether there is nothing indeed. Shorter than a read is
/// held, and short enough that nobody notices a Redis that hangs before its silence counts as an error.
const QUIET: Duration = Duration::from_millis(500);
/// The shortest and the longest pause between looks into Postgres when the stream cannot be relied on.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(250);
/// How long a look may take: what comes over the stream waits for it.
const LOOKED_WITHIN: Duration = Duration::from_secs(3);
/// How many events are read from Postgres at once.
const BATCH: i64 = 500;
/// After so many events in a row the sockets' writers are given time: an event more than their buffers hold cuts them.
const IN_A_ROW: usize = 32;
const BREATH: Duration = Duration::from_millis(1);

/// Tells sockets of events until told to stop.
pub(crate) async fn follow(gateway: Arc<Gateway>, redis: Redis, stop: CancellationToken) {
    let last = gateway.hall.enter().await.position();
    let mut follower = Follower::new(&redis, last);
    let quiet_since = Instant::now();
    let mut feed = Feed { gateway, last, streaming: false, complete: false, quiet_since, pause: SHORTEST, told: 0 };
    loop {
        let read = {
            let mut next = pin!(follower.next(BLOCK));
            loop {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    read = &mut next => break read,
                    () = tokio::time::sleep_until(feed.quiet_since + feed.pause()) => feed.look().await,
                }
            }
        };
        match read {
            Ok(entries) => feed.take(entries).await,
            Err(error) => feed.lost(&error).await,
        }
        follower.skip_to(feed.last);
    }
}

/// Where the fan-out is in the feed, and how it gets on.
struct Feed {
    gateway: Arc<Gateway>,
    /// The place of the last event told.
    last: i64,
    /// Whether the stream could be read when it was last tried.
    streaming: bool,
    /// Whether Postgres could be read when it was last needed.
    complete: bool,
    /// When something came over the stream, or Postgres was looked into, for the last time. A read of the stream that
    /// brings nothing is no news: with Redis full, nothing ever comes.
    quiet_since: Instant,
    /// The pause before the next look into Postgres.
    pause: Duration,
    /// Events told without a breath between.
    told: usize,
}

impl Feed {
    fn pause(&self) -> Duration {
        if self.streaming && self.complete { QUIET } else { self.pause }
    }

    /// Tells what came over the stream.
    async fn take(&mut self, entries: Vec<Entry>) {
        if !self.streaming {
            tracing::info!(position = self.last, "following the event stream");
            self.streaming = true;
            // What happened while it was away may not be in it.
            self.look().await;
        }
        if !entries.is_empty() {
            self.quiet_since = Instant::now();
        }
        for entry in entries {
            if entry.position <= self.last {
                continue;
            }
            let next = entry.position == self.last + 1;
            match next.then(|| read(&entry)).flatten() {
                Some(passing) => self.pass("stream", entry.position, passing).await,
                None => self.look().await,
            }
            if self.last < entry.position {
                // Postgres is away as well; what comes later has to wait for this.
                return;
            }
        }
    }

    async fn lost(&mut self, error: &baton_live::Error) {
        if self.streaming {
            tracing::warn!(%error, "the event stream is away; reading events from Postgres");
        }
        self.streaming = false;
        self.look().await;
    }

    /// Tells everything that Postgres has and sockets were not told of.
    async fn look(&mut self) {
        let before = self.last;
        let complete = loop {
            let looked = tokio::time::timeout(LOOKED_WITHIN, feed::range(&self.gateway.system, self.last, BATCH)).await;
            match looked.unwrap_or_else(|_| Err(baton_app::Error::Unavailable("no answer in time".to_owned()))) {
                Ok(events) if events.is_empty() => break true,
                Ok(events) => {
                    for placed in events {
                        self.pass("postgres", placed.position, placed.passing).await;
                    }
                }
                Err(error) => {
                    if self.complete {
                        tracing::warn!(%error, "events cannot be read from Postgres");
                    }
                    break false;
                }
            }
        };
        self.complete = complete;
        self.quiet_since = Instant::now();
        self.pause = if self.last > before { SHORTEST } else { (self.pause * 2).min(LONGEST) };
    }

    /// Tells what stands at the next place.
    async fn pass(&mut self, source: &str, position: i64, passing: Passing) {
        match passing {
            Passing::Event(event) => self.tell(source, position, *event).await,
            Passing::Canary(Canary { at }) => {
                CANARY.observe(age(at));
                CANARY_LAST.set(at.as_millisecond() as f64 / 1_000.0);
                let mut floor = self.gateway.hall.enter().await;
                let _nobody = floor.deliver(Arc::new(Delivery::silent(position)));
                floor.tell_pulse(at);
            }
        }
        self.last = position;
        self.told += 1;
        if self.told.is_multiple_of(IN_A_ROW) {
            tokio::time::sleep(BREATH).await;
        } else {
            tokio::task::yield_now().await;
        }
    }

    /// Tells one event, in the trace it was made under.
    async fn tell(&self, source: &str, position: i64, event: Event) {
        let span = tracing::info_span!("tell", position, event = event.fact.name());
        if let Some(trace) = &event.trace {
            continue_trace(&span, trace);
        }
        EVENTS.with_label_values(&[source]).inc();
        AGE.observe(age(event.at));
        tell(&self.gateway, position, event).instrument(span).await;
    }
}

/// Tells an event to those who hear it, and does what it means for the sockets themselves.
async fn tell(gateway: &Arc<Gateway>, position: i64, event: Event) {
    let delivery = Arc::new(Delivery::of(position, &event));
    let slow = {
        let mut floor = gateway.hall.enter().await;
        match (&event.fact, event.conversation_id) {
            // Whoever may not know of the ticket any more does not hear what became of it either.
            (fact, Some(id)) if fact.ticket().is_some() => {
                floor.revoke_strangers(id, fact.ticket().map(|ticket| ticket.place()).as_ref());
            }
            (Fact::AccessChanged { user_id }, _) => floor.note_changed(*user_id),
            _ => {}
        }
        let slow = floor.deliver(delivery);
        if let (Fact::TicketRemoved { ticket }, true) = (&event.fact, closes_rooms(&event)) {
            floor.revoke_strangers(ticket.id, None);
        }
        slow
    };
    cut_slow(gateway, slow);
    gateway.queues.note(&event);
    match event.fact {
        Fact::SessionRevoked { session_id, .. } => end_session(gateway, session_id).await,
        Fact::AccessChanged { user_id } => gateway.changed.put(user_id),
        _ => {}
    }
}

/// Whether a ticket is gone for everybody: even those who have it open hear that it left.
fn closes_rooms(event: &Event) -> bool {
    event.rooms.iter().any(|room| matches!(room, baton_domain::event::Room::ConversationStaff(_)))
}

fn read(entry: &Entry) -> Option<Passing> {
    Passing::read(&entry.payload)
        .inspect_err(|error| tracing::warn!(%error, position = entry.position, "an entry of the stream is no event"))
        .ok()
}

#[expect(clippy::disallowed_methods, reason = "for a graph: nothing is decided by it")]
fn age(at: Timestamp) -> f64 {
    Timestamp::now().duration_since(at).as_secs_f64().max(0.0)
}
