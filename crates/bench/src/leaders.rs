//! Leaders at their screens: who is given which ticket, when they see it, and whether nobody else is given it too.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;
use tokio::task::JoinSet;

use crate::Result;
use crate::pace::Stamps;
use crate::report::{Latencies, Report};
use crate::socket::{Event, Socket};
use crate::world::{Person, World};

/// What leaders need of a `ticket:assigned`.
#[derive(Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    data: ToldTicket<'a>,
}

#[derive(Deserialize)]
struct ToldTicket<'a> {
    #[serde(borrow)]
    ticket: Ticket<'a>,
}

#[derive(Deserialize)]
struct Ticket<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    subject: Cow<'a, str>,
    #[serde(borrow)]
    priority: Cow<'a, str>,
    #[serde(borrow)]
    assignee: Option<Assignee<'a>>,
    #[serde(borrow)]
    queue: Queue<'a>,
}

#[derive(Deserialize)]
struct Assignee<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Queue<'a> {
    #[serde(borrow)]
    eligible_at: Option<Cow<'a, str>>,
}

/// What was handed out, as the leaders' screens tell.
#[derive(Debug)]
pub(crate) struct Handed {
    run: String,
    stamps: Stamps,
    times: Box<[AtomicU8]>,
    tickets: AtomicU64,
    out_of_order: AtomicU64,
    cut: AtomicBool,
    /// From the beginning of a request that opens a ticket to its leader's screen.
    pub(crate) latencies: Latencies,
}

impl Handed {
    /// Nothing yet, of `most` tickets; their subjects are [`Self::subject`]s.
    pub(crate) fn new(run: &str, most: usize, stamps: Stamps) -> Result<Arc<Self>> {
        Ok(Arc::new(Self {
            run: run.to_owned(),
            stamps,
            times: (0..most).map(|_| AtomicU8::new(0)).collect(),
            tickets: AtomicU64::new(0),
            out_of_order: AtomicU64::new(0),
            cut: AtomicBool::new(false),
            latencies: Latencies::new()?,
        }))
    }

    /// A ticket's subject, by which it is known again.
    pub(crate) fn subject(run: &str, index: u64) -> String {
        format!("Ticket {run}-{index}")
    }

    /// How many tickets have come to their leaders' screens.
    pub(crate) fn tickets(&self) -> u64 {
        self.tickets.load(Ordering::Relaxed)
    }

    /// Waits until `count` tickets have come, or nothing has for `patience`.
    pub(crate) async fn wait_for(&self, count: u64, patience: Duration) {
        let (mut seen, mut since) = (self.tickets(), Instant::now());
        while seen < count && since.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(2)).await;
            let now = self.tickets();
            if now > seen {
                (seen, since) = (now, Instant::now());
            }
        }
    }

    /// Puts what was wrong into a report, of the first `opened` tickets.
    pub(crate) fn tell(&self, report: &mut Report, opened: u64) {
        let times = |wanted: fn(u8) -> bool| {
            let ours = self.times.iter().take(usize::try_from(opened).unwrap_or(usize::MAX));
            ours.filter(|times| wanted(times.load(Ordering::Relaxed))).count() as u64
        };
        report.wrong("lost", times(|times| times == 0));
        report.wrong("doubled", times(|times| times > 1));
        report.wrong("sockets cut", u64::from(self.cut.load(Ordering::Relaxed)));
    }

    /// How often a ticket was handed out after one that stood behind it: of meaning when all waited from the start.
    pub(crate) fn out_of_order(&self) -> u64 {
        self.out_of_order.load(Ordering::Relaxed)
    }

    fn index(&self, subject: &str) -> Option<u64> {
        subject.strip_prefix("Ticket ")?.strip_prefix(&self.run)?.strip_prefix('-')?.parse().ok()
    }
}

/// Sockets of leaders, looked at until this is dropped. The first one's also checks the order of the team's queue.
pub(crate) async fn attend(world: &World, leaders: &[Person], handed: &Arc<Handed>) -> Result<JoinSet<()>> {
    let connecting = leaders.iter().map(|leader| Socket::connect(&world.gateway, &leader.token, None));
    let sockets: Vec<Socket> = futures::stream::iter(connecting).buffered(8).try_collect().await?;
    let mut tasks = JoinSet::new();
    for (nth, (socket, leader)) in sockets.into_iter().zip(leaders).enumerate() {
        tasks.spawn(look(socket, leader.id.clone(), Arc::clone(handed), nth == 0));
    }
    Ok(tasks)
}

async fn look(mut socket: Socket, me: String, handed: Arc<Handed>, checks_order: bool) {
    let mut last = None;
    loop {
        let Ok(event) = socket.next().await else {
            handed.cut.store(true, Ordering::Relaxed);
            return;
        };
        if event.name() != "ticket:assigned" {
            continue;
        }
        let Ok(told) = serde_json::from_str::<Told<'_>>(event.payload()) else { continue };
        let ticket = told.data.ticket;
        if checks_order {
            let place = place(&ticket);
            if last.as_ref().is_some_and(|last| *last > place) {
                handed.out_of_order.fetch_add(1, Ordering::Relaxed);
            }
            last = Some(place);
        }
        if ticket.assignee.as_ref().is_some_and(|assignee| assignee.id == me) {
            note(&handed, &ticket.subject, &event);
        }
    }
}

/// Where a ticket stood in its queue: the most urgent first, then the one that waited longest.
fn place(ticket: &Ticket<'_>) -> (u8, String, String) {
    let rank = match &*ticket.priority {
        "urgent" => 0,
        "high" => 1,
        "normal" => 2,
        _ => 3,
    };
    // Times of Postgres have up to six places; as texts they compare when they are equally long.
    let eligible = ticket.queue.eligible_at.as_deref().unwrap_or_default();
    let (seconds, rest) =
        eligible.trim_end_matches('Z').split_once('.').unwrap_or((eligible.trim_end_matches('Z'), ""));
    (rank, format!("{seconds}.{rest:0<9}"), ticket.id.to_string())
}

fn note(handed: &Handed, subject: &str, event: &Event) {
    let Some(index) = handed.index(subject) else { return };
    if let Some(latency) = handed.stamps.until(index, event.at) {
        handed.latencies.record(latency);
    }
    let slot = usize::try_from(index).ok().and_then(|index| handed.times.get(index));
    if slot.is_some_and(|slot| slot.fetch_add(1, Ordering::Relaxed) == 0) {
        handed.tickets.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_a_queue() {
        let place_of = |json: &str| place(&serde_json::from_str::<Ticket<'_>>(json).unwrap());
        let ticket = |id: &str, priority: &str, at: &str| {
            format!(
                r#"{{"id":"{id}","subject":"s","priority":"{priority}","assignee":null,"queue":{{"eligible_at":"{at}"}}}}"#
            )
        };
        let order = [
            ticket("9", "urgent", "2026-01-01T00:00:09Z"),
            ticket("1", "normal", "2026-01-01T00:00:01Z"),
            ticket("1", "normal", "2026-01-01T00:00:01.5Z"),
            ticket("2", "normal", "2026-01-01T00:00:01.5Z"),
            ticket("0", "low", "2026-01-01T00:00:00Z"),
        ];
        let places: Vec<_> = order.iter().map(|json| place_of(json)).collect();
        assert!(places.is_sorted());
    }
}
