//! What the players share: the clock, the log, what was counted and what must not happen.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use baton_wire::conversations::Message;
use baton_wire::event::{Data, Payload};
use serde_json::{Value, json};

use crate::Result;
use crate::http::Http;
use crate::report::{Latencies, Report};
use crate::socket::Event;
use crate::world::{Person, World, random};

/// How long after the end the last messages may come.
pub(super) const EPILOGUE: Duration = Duration::from_secs(2);

/// What happened, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Opened,
    Assigned,
    Answered,
    Asked,
    Noted,
    Resolved,
}

impl Deed {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Opened, "opened"),
        (Self::Assigned, "assigned"),
        (Self::Answered, "answers of leaders"),
        (Self::Asked, "messages of customers"),
        (Self::Noted, "notes"),
        (Self::Resolved, "resolved"),
    ];
}

/// The stage.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) api: String,
    pub(super) gateway: String,
    start: Instant,
    /// When the play is over.
    pub(super) end: Instant,
    /// Until when tickets are opened.
    pub(super) opens_until: Instant,
    deeds: [AtomicU64; 6],
    lost: AtomicU64,
    doubled: AtomicU64,
    leaked: AtomicU64,
    failed: AtomicU64,
    posted: Latencies,
    handed: Latencies,
    begun: Mutex<HashMap<String, Instant>>,
    assigned: Mutex<HashMap<String, Instant>>,
}

impl Stage {
    pub(super) fn new(world: &World, length: Duration, opening: Duration) -> Result<Self> {
        let start = Instant::now();
        Ok(Self {
            api: world.api.clone(),
            gateway: world.gateway.clone(),
            start,
            end: start + length,
            opens_until: start + opening,
            deeds: Default::default(),
            lost: AtomicU64::new(0),
            doubled: AtomicU64::new(0),
            leaked: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            posted: Latencies::new()?,
            handed: Latencies::new()?,
            begun: Mutex::default(),
            assigned: Mutex::default(),
        })
    }

    /// A line of the log.
    pub(super) fn say(&self, line: &str) {
        println!("{:>5.1} s  {line}", self.start.elapsed().as_secs_f64());
    }

    /// Counts.
    pub(super) fn did(&self, deed: Deed) {
        self.counter(deed).fetch_add(1, Ordering::Relaxed);
    }

    fn counter(&self, deed: Deed) -> &AtomicU64 {
        let [opened, assigned, answered, asked, noted, resolved] = &self.deeds;
        match deed {
            Deed::Opened => opened,
            Deed::Assigned => assigned,
            Deed::Answered => answered,
            Deed::Asked => asked,
            Deed::Noted => noted,
            Deed::Resolved => resolved,
        }
    }

    /// A request; what fails is counted, told and gone on from.
    pub(super) async fn ask(&self, http: &mut Http, who: &Person, what: (&str, &str), body: Value) -> Option<Value> {
        let body = body.to_string();
        let why = match http.send(what, Some(&who.token), Some(body.as_bytes())).await {
            Ok(answer) if answer.is_success() => return serde_json::from_slice(&answer.body).ok(),
            Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)),
            Err(error) => error.to_string(),
        };
        self.failed.fetch_add(1, Ordering::Relaxed);
        self.say(&format!("FAILED {} {} of {}: {why}", what.0, what.1, who.name));
        None
    }

    /// Posts a message, and notes when; whether it was stored.
    pub(super) async fn post(&self, http: &mut Http, who: &Person, ticket: &str, message: Value) -> bool {
        let name = random(8).unwrap_or_default();
        let mut message = message;
        if let Some(message) = message.as_object_mut() {
            message.insert("client_id".to_owned(), json!(name));
        }
        lock(&self.begun).insert(name, Instant::now());
        let path = format!("/v1/conversations/{ticket}/messages");
        self.ask(http, who, ("POST", &path), message).await.is_some()
    }

    /// A ticket's opening began at `at`.
    pub(super) fn opened(&self, ticket: &str, at: Instant) {
        self.did(Deed::Opened);
        lock(&self.begun).insert(ticket.to_owned(), at);
    }

    /// A ticket came to its leader's screen.
    pub(super) fn handed(&self, ticket: &str, at: Instant) {
        self.did(Deed::Assigned);
        lock(&self.assigned).entry(ticket.to_owned()).or_insert(at);
    }

    /// Puts it all into a report.
    pub(super) fn tell(&self, report: &mut Report) {
        for (ticket, shown) in lock(&self.assigned).iter() {
            if let Some(began) = lock(&self.begun).get(ticket) {
                self.handed.record(shown.saturating_duration_since(*began));
            }
        }
        for (deed, name) in Deed::ALL {
            report.figure(name, self.counter(deed).load(Ordering::Relaxed) as f64);
        }
        report.latency("post → screen", &self.posted.summary());
        report.latency("created → leader's screen", &self.handed.summary());
        report.wrong("lost", self.lost.load(Ordering::Relaxed));
        report.wrong("doubled", self.doubled.load(Ordering::Relaxed));
        report.wrong("notes shown to customers", self.leaked.load(Ordering::Relaxed));
        report.wrong("requests failed", self.failed.load(Ordering::Relaxed));
    }

    /// The end of the play, for people.
    pub(super) fn summary(&self, waiting: i64) -> String {
        let (posted, handed) = (self.posted.summary(), self.handed.summary());
        let mut text = String::new();
        for (deed, name) in Deed::ALL {
            let _ = write!(text, "{} {name}, ", self.counter(deed).load(Ordering::Relaxed));
        }
        let wrong = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let _ = write!(
            text,
            "{waiting} waiting at the end\npost → screen p50 {} ms, p99 {} ms; created → leader's screen p50 {} ms, \
             p99 {} ms\nlost {}, doubled {}",
            posted.p50_ms,
            posted.p99_ms,
            handed.p50_ms,
            handed.p99_ms,
            wrong(&self.lost),
            wrong(&self.doubled),
        );
        text
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one screen has seen of each conversation.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<String, i64>);

impl Seen {
    /// Takes an event; checks its message's number and times it if somebody else sent it. `from_the_start` of the
    /// conversation if this screen was there when it began.
    pub(super) fn take(&mut self, stage: &Stage, event: &Event, me: &Person, customer: bool) -> Option<Payload> {
        let payload: Payload = serde_json::from_str(event.payload()).ok()?;
        let Data::Message(data) = &payload.data else { return Some(payload) };
        let message = &data.message;
        self.count(stage, message, customer);
        if customer && serde_json::to_value(message.kind).is_ok_and(|kind| kind == "note") {
            stage.leaked.fetch_add(1, Ordering::Relaxed);
        }
        if message.author.id.to_string() != me.id {
            let began = message.client_id.as_ref().and_then(|name| lock(&stage.begun).get(name).copied());
            if let Some(began) = began {
                stage.posted.record(event.at.saturating_duration_since(began));
            }
        }
        Some(payload)
    }

    fn count(&mut self, stage: &Stage, message: &Message, customer: bool) {
        // A customer hears their tickets from the first message on; staff may come later.
        let before = if customer && message.seq == 1 { 0 } else { message.seq - 1 };
        let last = self.0.entry(message.conversation_id.to_string()).or_insert(before);
        if message.seq <= *last {
            stage.doubled.fetch_add(1, Ordering::Relaxed);
            return;
        }
        stage.lost.fetch_add(u64::try_from(message.seq - *last - 1).unwrap_or_default(), Ordering::Relaxed);
        *last = message.seq;
    }

    /// Compares with what the API has, once the play is over.
    pub(super) async fn compare(&self, stage: &Stage, http: &mut Http, who: &Person) -> Result<()> {
        for (conversation, seen) in &self.0 {
            let path = format!("/v1/conversations/{conversation}/messages?limit=1");
            let answer = http.send(("GET", &path), Some(&who.token), None).await?;
            let page: Value = serde_json::from_slice(&answer.body)?;
            let stored = page.get("last_seq").and_then(Value::as_i64).unwrap_or(*seen);
            stage.lost.fetch_add(u64::try_from((stored - seen).max(0)).unwrap_or_default(), Ordering::Relaxed);
        }
        Ok(())
    }
}
