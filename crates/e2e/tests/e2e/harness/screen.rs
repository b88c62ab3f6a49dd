//! A screen: what somebody sees through the reference client, and waiting for what they should see.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::driver::Driver;
use super::{PATIENCE, text};

/// How packets travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Websocket,
    Polling,
}

/// What a screen is opened with.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    pub(crate) gateways: Vec<String>,
    pub(crate) token: String,
    pub(crate) transport: Transport,
    /// Where tickets are loaded from; `None`: none are.
    pub(crate) api: Option<String>,
    /// Where an earlier life stopped.
    pub(crate) cursor: Option<String>,
    /// Whose it is.
    pub(crate) user: String,
}

/// Something off the wire.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) event: String,
    pub(crate) payload: Value,
}

/// A durable event that was applied.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) event: Value,
    /// `live` or `resume`.
    pub(crate) via: String,
}

/// How a client caught up after it connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CatchUp {
    pub(crate) missed: u64,
    pub(crate) pages: u64,
    pub(crate) reloaded: bool,
}

/// All that a screen has seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Whether it is connected now.
    pub(crate) connected: bool,
    /// Each time it had caught up.
    pub(crate) catch_ups: Vec<CatchUp>,
    /// Reasons of disconnections.
    pub(crate) cuts: Vec<String>,
    /// Texts of `connect_error`.
    pub(crate) refusals: Vec<String>,
    /// Whatever else came over the wire, except in acknowledgements.
    pub(crate) heard: Vec<Heard>,
    /// Durable events in the order in which they were applied.
    pub(crate) events: Vec<Applied>,
    /// Messages of open conversations.
    threads: HashMap<String, Vec<Value>>,
    /// Tickets.
    pub(crate) tickets: HashMap<String, Value>,
    /// Promises that the server broke.
    faults: Vec<String>,
}

impl Seen {
    /// The messages of a conversation.
    pub(crate) fn thread(&self, conversation: &str) -> &[Value] {
        self.threads.get(conversation).map_or(&[], Vec::as_slice)
    }

    /// What was heard under a name.
    pub(crate) fn all<'s>(&'s self, event: &'s str) -> impl Iterator<Item = &'s Value> {
        self.heard.iter().filter(move |heard| heard.event == event).map(|heard| &heard.payload)
    }

    /// The last of them.
    pub(crate) fn last(&self, event: &str) -> Option<&Value> {
        self.heard.iter().rfind(|heard| heard.event == event).map(|heard| &heard.payload)
    }

    /// The durable events of a ticket in the order in which they were applied, by type.
    pub(crate) fn story(&self, ticket: &str) -> Vec<&str> {
        let own = self.events.iter().filter(|applied| applied.event["ticket_id"] == ticket);
        own.map(|applied| text(&applied.event, "type")).collect()
    }

    /// How many durable events of a type were applied.
    pub(crate) fn events_of(&self, kind: &str) -> usize {
        self.events.iter().filter(|applied| applied.event["type"] == kind).count()
    }

    /// A ticket as it stands on the screen.
    pub(crate) fn ticket(&self, id: &str) -> Option<&Value> {
        self.tickets.get(id)
    }

    fn take(&mut self, mut line: Value) {
        let kind = text(&line, "kind").to_owned();
        match kind.as_str() {
            "connected" => self.connected = true,
            "disconnected" => {
                self.connected = false;
                self.cuts.push(text(&line, "reason").to_owned());
            }
            "refused" => self.refusals.push(text(&line, "message").to_owned()),
            "settled" => self.catch_ups.push(CatchUp {
                missed: line["missed"].as_u64().unwrap_or_default(),
                pages: line["pages"].as_u64().unwrap_or_default(),
                reloaded: line["reloaded"] == true,
            }),
            "heard" => {
                let event = text(&line, "event").to_owned();
                self.heard.push(Heard { event, payload: line["payload"].take() });
            }
            "event" => {
                self.show(&line["event"], &line["card"]);
                let via = text(&line, "via").to_owned();
                self.events.push(Applied { event: line["event"].take(), via });
            }
            "message" => {
                let conversation = text(&line["message"], "conversation_id").to_owned();
                self.threads.entry(conversation).or_default().push(line["message"].take());
            }
            "loaded" => self.merge(text(&line["ticket"], "id"), &line["ticket"]),
            "forgotten" => self.tickets.clear(),
            "fault" => self.faults.push(text(&line, "what").to_owned()),
            other => panic!("a client tells of {other:?}"),
        }
    }

    /// What the client says that an event did to the card of its ticket.
    fn show(&mut self, event: &Value, card: &Value) {
        if card.is_null() {
            return;
        }
        let id = text(event, "conversation_id");
        match card {
            Value::Object(_) => self.merge(id, card),
            whole if whole == "whole" => self.merge(id, &event["data"]["ticket"]),
            _gone => drop(self.tickets.remove(id)),
        }
    }

    fn merge(&mut self, id: &str, members: &Value) {
        let card = self.tickets.entry(id.to_owned()).or_insert_with(|| json!({}));
        for (name, value) in members.as_object().expect("a ticket") {
            card[name] = value.clone();
        }
    }

    /// For a test that failed.
    fn summary(&self) -> String {
        let last = self.heard.len().saturating_sub(12);
        let heard: Vec<&str> = self.heard[last..].iter().map(|heard| heard.event.as_str()).collect();
        format!(
            "connected {}, catch-ups {:?}, cuts {:?}, refusals {:?}, faults {:?}, {} events; last heard {heard:?}",
            self.connected,
            self.catch_ups,
            self.cuts,
            self.refusals,
            self.faults,
            self.events.len()
        )
    }
}

/// A running client. Dropped, it disconnects, and demands that the server broke no promise.
pub(crate) struct Screen {
    name: String,
    seen: Arc<Mutex<Seen>>,
    changed: watch::Receiver<()>,
}

impl Screen {
    /// Connects; whether that succeeds shows later.
    pub(super) fn open(whose: &str, opening: Opening) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("{whose} #{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let (change, changed) = watch::channel(());
        let sees = Arc::clone(&seen);
        let driver = Driver::get();
        driver.listen(
            &name,
            Box::new(move |line| {
                locked(&sees).take(line);
                change.send_replace(());
            }),
        );
        let Opening { gateways, token, transport, api, cursor, user } = opening;
        let transports = match transport {
            Transport::Websocket => json!(["websocket"]),
            Transport::Polling => json!(["polling"]),
        };
        let mut open = json!({"gateways": gateways, "token": token, "transports": transports, "user": user});
        for (name, value) in [("api", api), ("cursor", cursor)] {
            if let Some(value) = value {
                open[name] = value.into();
            }
        }
        driver.tell(&name, "open", open);
        Self { name, seen, changed }
    }

    /// What it has seen so far.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        locked(&self.seen)
    }

    /// Waits until `look` finds what it looks for.
    pub(crate) async fn until<T>(&self, what: &str, look: impl FnMut(&Seen) -> Option<T>) -> T {
        self.until_within(PATIENCE, what, look).await
    }

    /// Waits, but no longer than `bound`.
    pub(crate) async fn until_within<T>(
        &self,
        bound: Duration,
        what: &str,
        mut look: impl FnMut(&Seen) -> Option<T>,
    ) -> T {
        let mut changed = self.changed.clone();
        let found = async {
            loop {
                changed.mark_unchanged();
                if let Some(found) = look(&self.seen()) {
                    return found;
                }
                changed.changed().await.expect("the driver listens");
            }
        };
        match tokio::time::timeout(bound, found).await {
            Ok(found) => found,
            Err(_) => panic!("{} waited {bound:?} in vain for {what}: {}", self.name, self.seen().summary()),
        }
    }

    /// Waits until it has connected and caught up so many times.
    pub(crate) async fn until_settled(&self, times: usize) -> CatchUp {
        self.until(&format!("having caught up {times} times"), |seen| seen.catch_ups.get(times - 1).copied()).await
    }

    /// Waits until a conversation shows so many messages; gives their bodies.
    pub(crate) async fn until_thread(&self, conversation: &str, messages: usize) -> Vec<String> {
        let what = format!("{messages} messages");
        self.until(&what, |seen| {
            let thread = seen.thread(conversation);
            (thread.len() >= messages).then(|| thread.iter().map(|message| text(message, "body").to_owned()).collect())
        })
        .await
    }

    /// Waits until a ticket stands on the screen so that `holds`; gives it.
    pub(crate) async fn until_ticket(&self, id: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        self.until(&format!("the ticket {what}"), |seen| seen.ticket(id).filter(|ticket| holds(ticket)).cloned()).await
    }

    /// Waits until it heard something under a name.
    pub(crate) async fn until_heard(&self, event: &str) -> Value {
        self.until(event, |seen| seen.last(event).cloned()).await
    }

    /// Waits until a durable event of a type was applied; gives the last one.
    pub(crate) async fn until_event(&self, kind: &str) -> Value {
        self.until(kind, |seen| {
            let last = seen.events.iter().rfind(|applied| applied.event["type"] == kind);
            last.map(|applied| applied.event.clone())
        })
        .await
    }

    /// Waits for a disconnection; gives its reason.
    pub(crate) async fn until_cut(&self) -> String {
        self.until("being cut", |seen| seen.cuts.last().filter(|_| !seen.connected).cloned()).await
    }

    /// Opens a conversation, which must be allowed.
    pub(crate) async fn join(&self, conversation: &str) {
        let answer = self.tries_to_join(conversation).await;
        assert_eq!(answer["ok"], true, "{}: {answer}", self.name);
    }

    /// Asks to open a conversation; gives the answer.
    pub(crate) async fn tries_to_join(&self, conversation: &str) -> Value {
        Driver::get().ask(&self.name, "join", json!({"conversation": conversation})).await
    }

    /// Leaves a conversation.
    pub(crate) async fn leave(&self, conversation: &str) {
        let answer = Driver::get().ask(&self.name, "leave", json!({"conversation": conversation})).await;
        assert_eq!(answer, json!({"ok": true}));
    }

    /// Sends an event; gives its acknowledgement.
    pub(crate) async fn emit(&self, event: &str, payload: Value) -> Value {
        Driver::get().ask(&self.name, "emit", json!({"event": event, "payload": payload})).await
    }

    /// Sends an event that must be accepted; gives the acknowledgement.
    pub(crate) async fn asks(&self, event: &str, payload: Value) -> Value {
        let answer = self.emit(event, payload).await;
        assert_eq!(answer["ok"], true, "{}: {event}: {answer}", self.name);
        answer
    }

    /// Sends an event that must be refused with a code.
    pub(crate) async fn is_refused(&self, event: &str, payload: Value, code: &str) {
        let answer = self.emit(event, payload).await;
        assert_eq!((&answer["ok"], &answer["error"]["code"]), (&json!(false), &json!(code)), "{event}: {answer}");
    }

    /// Goes to another gateway with all it knows.
    pub(crate) fn moves_to(&self, gateway: &str) {
        Driver::get().tell(&self.name, "move", json!({"gateway": gateway}));
    }

    /// Stops reading from its connection.
    pub(crate) fn stalls(&self) {
        Driver::get().tell(&self.name, "stall", json!({}));
    }

    /// Reads again.
    pub(crate) fn goes_on(&self) {
        Driver::get().tell(&self.name, "unstall", json!({}));
    }

    /// Waits for a broken promise: for tests that plant a fault.
    pub(crate) async fn until_fault(&self) -> String {
        self.until("a fault", |seen| seen.faults.first().cloned()).await
    }

    /// Demands no more that no promise was broken.
    pub(crate) fn forgives(&self) {
        self.seen().faults.clear();
    }

    /// Disconnects for good.
    pub(crate) fn closes(&self) {
        Driver::get().tell(&self.name, "close", json!({}));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        Driver::get().forget(&self.name);
        if !std::thread::panicking() {
            let faults = &self.seen().faults;
            assert!(faults.is_empty(), "{}: {faults:?}", self.name);
        }
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
