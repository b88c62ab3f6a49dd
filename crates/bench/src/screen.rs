//! A socket that has a conversation open: it notes when each message arrives, and whether each came once and in order.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tokio::sync::watch;

use crate::Result;
use crate::pace::Stamps;
use crate::report::{Latencies, Report};
use crate::socket::{Event, Socket};

/// How long the last messages may take to come, once the last one was posted.
const LAST_WITHIN: Duration = Duration::from_secs(10);
/// How long a screen that has everything looks on, for what should not come.
const LINGER: Duration = Duration::from_millis(300);

/// What all screens saw.
#[derive(Debug)]
pub(crate) struct Seen {
    /// From the beginning of a post to a screen.
    pub(crate) latencies: Latencies,
    delivered: AtomicU64,
    lost: AtomicU64,
    doubled: AtomicU64,
    cut: AtomicU64,
    stamps: Stamps,
    run: String,
}

/// The last `seq` of each conversation, told when nothing more will be posted.
pub(crate) type Ends = Option<Arc<HashMap<String, i64>>>;

/// What a screen needs of a `message:created`.
#[derive(Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    data: ToldMessage<'a>,
}

#[derive(Deserialize)]
struct ToldMessage<'a> {
    seq: i64,
    #[serde(borrow)]
    conversation_id: Cow<'a, str>,
    #[serde(borrow)]
    client_id: Option<Cow<'a, str>>,
}

impl Seen {
    /// Nothing yet. Messages of this run are named `<run>-<index>` by their senders.
    pub(crate) fn new(run: &str, stamps: Stamps) -> Result<Self> {
        Ok(Self {
            latencies: Latencies::new()?,
            delivered: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            doubled: AtomicU64::new(0),
            cut: AtomicU64::new(0),
            stamps,
            run: run.to_owned(),
        })
    }

    /// How many messages came.
    pub(crate) fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    /// Puts it into a report.
    pub(crate) fn tell(&self, report: &mut Report) {
        report.figure("deliveries", self.delivered() as f64);
        report.latency("post → screen", &self.latencies.summary());
        report.wrong("lost", self.lost.load(Ordering::Relaxed));
        report.wrong("doubled", self.doubled.load(Ordering::Relaxed));
        report.wrong("sockets cut", self.cut.load(Ordering::Relaxed));
    }
}

/// One socket in one conversation.
#[derive(Debug)]
pub(crate) struct Screen {
    socket: Socket,
    conversation: String,
    /// What the join brought: an event of it may still be on its way.
    joined: i64,
    last: i64,
}

impl Screen {
    /// Opens a conversation.
    pub(crate) async fn open(gateway: &str, token: &str, conversation: &str) -> Result<Self> {
        let mut socket = Socket::connect(gateway, token, None).await?;
        let joined = socket.join(conversation).await?;
        Ok(Self { socket, conversation: conversation.to_owned(), joined, last: joined })
    }

    /// Looks on until everything has come.
    pub(crate) async fn watch(mut self, seen: Arc<Seen>, mut ends: watch::Receiver<Ends>) {
        let mut end: Option<i64> = None;
        let mut until: Option<Instant> = None;
        loop {
            let leave = tokio::time::sleep_until(until.unwrap_or_else(|| Instant::now() + LAST_WITHIN).into());
            tokio::select! {
                event = self.socket.next() => match event {
                    Ok(event) => self.note(&seen, &event),
                    Err(_) => {
                        seen.cut.fetch_add(1, Ordering::Relaxed);
                        break;
                    }
                },
                changed = ends.changed(), if end.is_none() => {
                    let known = ends.borrow_and_update().as_ref().and_then(|ends| ends.get(&self.conversation).copied());
                    end = Some(known.unwrap_or(self.last));
                    until = Some(Instant::now() + LAST_WITHIN);
                    if changed.is_err() {
                        break;
                    }
                }
                () = leave, if until.is_some() => break,
            }
            if end.is_some_and(|end| self.last >= end) {
                let soon = Instant::now() + LINGER;
                until = Some(until.map_or(soon, |until| until.min(soon)));
            }
        }
        let missing = end.map_or(0, |end| (end - self.last).max(0));
        seen.lost.fetch_add(u64::try_from(missing).unwrap_or_default(), Ordering::Relaxed);
    }

    fn note(&mut self, seen: &Seen, event: &Event) {
        if event.name() != "message:created" {
            return;
        }
        let Ok(Told { data }) = serde_json::from_str::<Told<'_>>(event.payload()) else { return };
        if data.conversation_id != self.conversation || data.seq <= self.joined {
            return;
        }
        seen.delivered.fetch_add(1, Ordering::Relaxed);
        if data.seq <= self.last {
            seen.doubled.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let skipped = data.seq - self.last - 1;
        seen.lost.fetch_add(u64::try_from(skipped).unwrap_or_default(), Ordering::Relaxed);
        self.last = data.seq;
        let index =
            data.client_id.as_deref().and_then(|id| id.strip_prefix(&seen.run)?.strip_prefix('-')?.parse().ok());
        if let Some(latency) = index.and_then(|index| seen.stamps.until(index, event.at)) {
            seen.latencies.record(latency);
        }
    }
}
