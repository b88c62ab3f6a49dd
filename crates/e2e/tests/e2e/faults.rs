//! Something fails, one thing at a time, while people write to each other.
#![expect(clippy::print_stdout, reason = "figures, which scripts/faults.sh shows")]

mod draining;
mod postgres;
mod redis;

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use baton_testkit::wait_for;
use futures::future::join_all;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::{Answer, Person, Replica, Rest, Screen, Tenant, Transport, text};
use crate::sequencer::shows_all;

const AUTHORS: [&str; 3] = ["Ann", "Ben", "Cid"];
/// Between two attempts of an author.
const PACE: Duration = Duration::from_millis(40);

/// What an author was told of one attempt.
#[derive(Debug)]
enum Told {
    Stored(Value),
    /// Not now, or kept: it may or may not have been stored, and is sent again under the same name.
    Away,
    /// What must never be said.
    Wrong(String),
}

/// What an author went through.
#[derive(Debug, Default)]
struct Record {
    stored: Vec<Value>,
    away: usize,
    wrong: Vec<String>,
    longest: Duration,
}

/// Somebody who posts, and sends again under the same name what was not acknowledged.
struct Author {
    person: Person,
    /// The API's replicas, and the one that is asked: until it does not accept, or says that it goes away.
    doors: Vec<Rest>,
    door: Cell<usize>,
    /// By socket goes every other message, if there is one.
    screen: Option<Screen>,
    conversation: String,
    count: Cell<usize>,
    record: RefCell<Record>,
}

/// Those who write, and those who look on.
struct Stage {
    authors: Vec<Author>,
    watchers: Vec<Screen>,
}

impl Stage {
    /// People of `tenant`, with so many who look on at `gateways`.
    async fn of(tenant: &Tenant<'_>, gateways: &[&Replica], watchers: usize) -> Self {
        let sue = tenant.supervisor("Sue").await;
        let authors = join_all(AUTHORS.map(|name| Author::new(tenant, name, gateways))).await;
        let watch = async || {
            let screen = sue.screen_over(Transport::Websocket, gateways).await;
            for author in &authors {
                screen.join(&author.conversation).await;
            }
            screen
        };
        let watchers = join_all((0..watchers).map(|_| watch())).await;
        Self { authors, watchers }
    }

    /// The same, where all post by REST only, to any of these replicas.
    fn over_rest(self, replicas: &[&Replica]) -> Self {
        Self { authors: self.authors.into_iter().map(|author| author.over_rest(replicas)).collect(), ..self }
    }

    /// Has all authors post while `script` runs, each until its last message is stored; gives what the script gave.
    async fn posts_while<T>(&self, script: impl Future<Output = T>) -> T {
        let over = Cell::new(false);
        let script = async {
            let given = script.await;
            over.set(true);
            given
        };
        let posting = join_all(self.authors.iter().map(|author| author.posts(&over)));
        tokio::join!(posting, script).1
    }

    /// Has an author post one message, over REST; waits until it is stored.
    async fn posts_one(&self, author: &Author) {
        let number = author.count.replace(author.count.get() + 2);
        let name = format!("{} {number}", author.person.name);
        while !author.is_stored(0, &name).await {
            tokio::time::sleep(PACE).await;
        }
    }

    /// Waits until every author has `count` more messages stored; gives how long that took.
    async fn all_store(&self, count: usize, within: Duration) -> Duration {
        let started = Instant::now();
        let wanted: Vec<usize> = self.authors.iter().map(|author| author.stored() + count).collect();
        wait_for("everybody's next messages to be stored", within, async || {
            self.authors.iter().zip(&wanted).all(|(author, wanted)| author.stored() >= *wanted).then_some(())
        })
        .await;
        started.elapsed()
    }

    /// How many attempts were told to come again, and the longest attempt of all.
    fn told(&self) -> (usize, Duration) {
        let records: Vec<_> = self.authors.iter().map(|author| author.record.borrow()).collect();
        let longest = records.iter().map(|record| record.longest).max().unwrap_or_default();
        (records.iter().map(|record| record.away).sum(), longest)
    }

    fn forget_told(&self) {
        for author in &self.authors {
            let mut record = author.record.borrow_mut();
            (record.away, record.longest) = (0, Duration::ZERO);
        }
    }

    /// Nothing wrong was said; what was acknowledged is stored once, nothing else is, and all screens show it in order.
    async fn is_sound(&self, tenant: &Tenant<'_>) -> usize {
        let mut acknowledged = Vec::new();
        for author in &self.authors {
            let record = author.record.borrow();
            assert_eq!(record.wrong, [""; 0], "{}", author.person.name);
            acknowledged.extend(record.stored.iter().cloned());
        }
        let mut named: Vec<String> = acknowledged.iter().map(|message| text(message, "client_id").to_owned()).collect();
        named.sort();
        let query = "select client_id as line from messages where client_id is not null and org_id = $org";
        let mut stored = tenant.lines(query).await;
        stored.sort();
        assert_eq!(stored, named, "what is stored and what was acknowledged");
        let conversations: Vec<String> = self.authors.iter().map(|author| author.conversation.clone()).collect();
        for watcher in &self.watchers {
            shows_all(watcher, &conversations, &acknowledged).await;
        }
        acknowledged.len()
    }
}

impl Author {
    async fn new(tenant: &Tenant<'_>, name: &str, gateways: &[&Replica]) -> Self {
        let person = tenant.customer(name).await;
        // Without a first message: what is in the thread is what was posted here.
        let conversation = text(&person.opens_as(json!({"subject": name})).await, "id").to_owned();
        let screen = person.screen_over(Transport::Websocket, gateways).await;
        screen.join(&conversation).await;
        let (doors, door) = (vec![person.rest.clone()], Cell::new(0));
        Self {
            person,
            doors,
            door,
            screen: Some(screen),
            conversation,
            count: Cell::new(0),
            record: RefCell::default(),
        }
    }

    /// How many of their messages are stored.
    fn stored(&self) -> usize {
        self.record.borrow().stored.len()
    }

    /// From now on posts by REST only, to any of these.
    fn over_rest(self, replicas: &[&Replica]) -> Self {
        let doors = replicas.iter().map(|replica| self.person.rest.at(replica.url())).collect();
        Self { doors, screen: None, ..self }
    }

    async fn posts(&self, over: &Cell<bool>) {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !over.get() {
            let number = self.count.replace(self.count.get() + 1);
            let name = format!("{} {number}", self.person.name);
            loop {
                pace.tick().await;
                if self.is_stored(number, &name).await {
                    break;
                }
            }
        }
    }

    /// One attempt.
    async fn is_stored(&self, number: usize, name: &str) -> bool {
        let begun = Instant::now();
        let told = match &self.screen {
            Some(screen) if number % 2 == 1 => told_by_socket(&self.sends(screen, name).await),
            _ => self.asks(name).await,
        };
        let mut record = self.record.borrow_mut();
        record.longest = record.longest.max(begun.elapsed());
        match told {
            Told::Stored(message) => {
                record.stored.push(message);
                return true;
            }
            Told::Away => record.away += 1,
            Told::Wrong(what) => record.wrong.push(format!("{name}: {what}")),
        }
        false
    }

    async fn sends(&self, screen: &Screen, name: &str) -> Value {
        let conversation = &self.conversation;
        let message = json!({"conversation_id": conversation, "client_id": name, "kind": "reply", "body": name});
        screen.emit("message:send", message).await
    }

    async fn asks(&self, name: &str) -> Told {
        let path = format!("/v1/conversations/{}/messages", self.conversation);
        let body = json!({"body": name, "client_id": name});
        for _ in 1..self.doors.len() {
            match self.knocks(&path, &body).await {
                Err(error) if error.is_connect() => {}
                told => return told.unwrap_or_else(|error| Told::Wrong(format!("{error:?}"))),
            }
        }
        self.knocks(&path, &body).await.unwrap_or_else(|error| Told::Wrong(format!("{error:?}")))
    }

    /// Asks a replica; the next one from then on, if this one does not accept or says that it goes away.
    async fn knocks(&self, path: &str, body: &Value) -> reqwest::Result<Told> {
        let at = self.door.get();
        let answer = self.doors[at].tries_to_post(path, body).await;
        let is_leaving = answer.as_ref().map_or_else(reqwest::Error::is_connect, |a| a.header("connection") == "close");
        if is_leaving {
            self.door.set((at + 1) % self.doors.len());
        }
        answer.map(told_by_rest)
    }
}

fn told_by_rest(answer: Answer) -> Told {
    match answer.status {
        200 | 201 => Told::Stored(answer.json()),
        202 => Told::Away,
        503 if !answer.header("retry-after").is_empty() => Told::Away,
        _ => Told::Wrong(format!("{} {}", answer.status, answer.text)),
    }
}

fn told_by_socket(answer: &Value) -> Told {
    if answer["message"].is_object() {
        Told::Stored(answer["message"].clone())
    } else if answer["error"]["code"] == "unavailable" || answer["pending"] == true {
        Told::Away
    } else {
        Told::Wrong(answer.to_string())
    }
}

/// Waits until a leader who is here is given a new ticket: assigner, sequencer and gateway all work.
async fn until_handed_out(cleo: &Person, leader: &Screen) {
    let ticket = cleo.opens_id("Handed out").await;
    leader.until_ticket(&ticket, "assigned", |ticket| !ticket["assignee"].is_null()).await;
}
