//! A leader: comes online, gets tickets, answers, leaves notes, resolves.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baton_wire::event::{Data, Payload};
use baton_wire::list::Page;
use baton_wire::tickets::Ticket;
use serde_json::json;

use crate::Result;
use crate::http::Http;
use crate::socket::Socket;
use crate::world::{Person, World};

use super::stage::{Deed, EPILOGUE, Seen, Stage};

const THINKS: Duration = Duration::from_millis(1_300);
/// A customer who does not write back is not waited for longer.
const PATIENCE: Duration = Duration::from_secs(6);
/// Every so many tickets get a note.
const NOTED: i64 = 3;

/// How far a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Answer,
    Resolve,
}

/// A leader on the stage.
pub(super) struct Leader {
    stage: Arc<Stage>,
    me: Person,
    http: Http,
    socket: Socket,
    seen: Seen,
    /// Their tickets: number, what is next and when.
    mine: HashMap<String, (i64, Step, Instant)>,
}

impl Leader {
    pub(super) async fn enter(stage: Arc<Stage>, world: &World, me: Person) -> Result<Self> {
        let socket = Socket::connect(&stage.gateway, &me.token, None).await?;
        let http = Http::to(&stage.api);
        let mut leader = Self { stage, me, http, socket, seen: Seen::default(), mine: HashMap::new() };
        let path = "/v1/tickets?assignee=me&status=new,open,waiting&limit=100";
        let left: Page<Ticket> = world.call(&leader.me, ("GET", path), None).await?;
        for ticket in left.items {
            leader.mine.insert(ticket.id.to_string(), (ticket.number, Step::Answer, Instant::now() + THINKS));
        }
        world.choose(&leader.me, "online").await?;
        leader.stage.say(&format!("{:<14} comes online with {} tickets", leader.me.name, leader.mine.len()));
        Ok(leader)
    }

    pub(super) async fn play(mut self) -> Result<()> {
        let over = self.stage.end + EPILOGUE;
        while Instant::now() < over {
            let next = self.mine.values().map(|(_, _, at)| *at).min().unwrap_or(over);
            let wakes = if Instant::now() < self.stage.end { next.min(self.stage.end) } else { over };
            tokio::select! {
                event = self.socket.next() => {
                    let event = event?;
                    if let Some(payload) = self.seen.take(&self.stage, &event, &self.me, false) {
                        self.hear(&payload, event.at);
                    }
                }
                () = tokio::time::sleep_until(wakes.into()) => self.act().await,
            }
        }
        self.seen.compare(&self.stage, &mut self.http, &self.me).await
    }

    fn hear(&mut self, payload: &Payload, at: Instant) {
        match &payload.data {
            Data::Ticket(data) if payload.kind == "ticket:assigned" => {
                let ticket = &data.ticket;
                let is_mine = ticket.assignee.as_ref().is_some_and(|to| to.id.to_string() == self.me.id);
                if is_mine {
                    self.stage.handed(&ticket.id.to_string(), at);
                    self.stage.say(&format!("{:<14} is given #{}: {}", self.me.name, ticket.number, ticket.subject));
                    self.mine.insert(ticket.id.to_string(), (ticket.number, Step::Answer, Instant::now() + THINKS));
                } else {
                    self.mine.remove(&ticket.id.to_string());
                }
            }
            Data::Message(data) => {
                // Their customer wrote back: time to finish.
                let message = &data.message;
                let entry = self.mine.get_mut(&message.conversation_id.to_string());
                if let (Some((_, Step::Resolve, next)), true) = (entry, message.author.id.to_string() != self.me.id) {
                    *next = Instant::now() + THINKS;
                }
            }
            _ => {}
        }
    }

    async fn act(&mut self) {
        let now = Instant::now();
        if now >= self.stage.end {
            return;
        }
        let due = self.mine.iter().find(|(_, (_, _, at))| *at <= now);
        let Some((ticket, (number, step, _))) = due.map(|(ticket, state)| (ticket.clone(), *state)) else { return };
        match step {
            Step::Answer => self.answer(ticket, number).await,
            Step::Resolve => self.resolve(ticket, number).await,
        }
    }

    async fn answer(&mut self, ticket: String, number: i64) {
        if number % NOTED == 0 {
            let note = json!({ "kind": "note", "body": "Same customer as last week; see the other ticket." });
            if self.stage.post(&mut self.http, &self.me, &ticket, note).await {
                self.stage.did(Deed::Noted);
            }
        }
        let answer = json!({ "body": "I am on it. Could you try again now?" });
        if self.stage.post(&mut self.http, &self.me, &ticket, answer).await {
            self.stage.did(Deed::Answered);
            self.stage.say(&format!("{:<14} answers #{number}", self.me.name));
        }
        self.mine.insert(ticket, (number, Step::Resolve, Instant::now() + PATIENCE));
    }

    async fn resolve(&mut self, ticket: String, number: i64) {
        self.mine.remove(&ticket);
        let last = json!({ "body": "It will not. All the best!", "then": { "status": "resolved" } });
        if self.stage.post(&mut self.http, &self.me, &ticket, last).await {
            self.stage.did(Deed::Answered);
            self.stage.did(Deed::Resolved);
            self.stage.say(&format!("{:<14} resolves #{number}", self.me.name));
        }
    }
}
