//! A customer: opens tickets, answers what leaders write.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baton_wire::event::{Data, Payload};
use serde_json::{Value, json};

use crate::Result;
use crate::http::Http;
use crate::socket::Socket;
use crate::world::{Person, text};

use super::stage::{Deed, EPILOGUE, Seen, Stage};

/// Tickets a customer has open at once.
const OPEN: usize = 3;
const OPENS_EVERY: Duration = Duration::from_millis(2_600);
const THINKS: Duration = Duration::from_millis(1_100);

/// What they ask: team, priority, subject, first message.
const TROUBLES: &[(&str, &str, &str, &str)] = &[
    ("support", "normal", "Cannot sign in on my phone", "It says that the code is wrong, but it is the right one."),
    ("billing", "normal", "Charged twice in March", "My statement shows the same invoice on the 3rd and on the 5th."),
    ("support", "urgent", "Shop is down", "All pages answer 502 since ten minutes ago."),
    ("support", "low", "Dark mode?", "Is there a dark mode planned? My eyes would thank you."),
    ("billing", "high", "Refund has not arrived", "You promised it for last week. Could you look into it?"),
    ("support", "high", "Import stops at row 4,000", "The file is 12 MB; the first half is in, the rest is not."),
];

/// A customer on the stage.
pub(super) struct Customer {
    stage: Arc<Stage>,
    me: Person,
    http: Http,
    socket: Socket,
    seen: Seen,
    /// Tickets under way, and how often they were answered.
    open: HashMap<String, u32>,
    next_trouble: usize,
    opens_at: Instant,
    answers: Vec<(Instant, String)>,
}

impl Customer {
    pub(super) async fn enter(stage: Arc<Stage>, me: Person) -> Result<Self> {
        let socket = Socket::connect(&stage.gateway, &me.token, None).await?;
        let http = Http::to(&stage.api);
        // They do not all begin at the same moment with the same trouble.
        let nth = me.id.bytes().map(usize::from).sum::<usize>();
        let opens_at = Instant::now() + Duration::from_millis(nth as u64 % 2_000);
        let (seen, open, answers) = (Seen::default(), HashMap::new(), Vec::new());
        Ok(Self { stage, me, http, socket, seen, open, next_trouble: nth, opens_at, answers })
    }

    pub(super) async fn play(mut self) -> Result<()> {
        let over = self.stage.end + EPILOGUE;
        while Instant::now() < over {
            let answer_at = self.answers.iter().map(|(at, _)| *at).min();
            let wakes = answer_at.unwrap_or(over).min(self.opens_at).min(over);
            tokio::select! {
                event = self.socket.next() => {
                    let event = event?;
                    if let Some(payload) = self.seen.take(&self.stage, &event, &self.me, true) {
                        self.hear(&payload);
                    }
                }
                () = tokio::time::sleep_until(wakes.into()) => self.act().await,
            }
        }
        self.seen.compare(&self.stage, &mut self.http, &self.me).await
    }

    fn hear(&mut self, payload: &Payload) {
        match &payload.data {
            Data::Message(data) if data.message.author.id.to_string() != self.me.id => {
                let id = data.message.conversation_id.to_string();
                let answered = self.open.entry(id.clone()).or_default();
                *answered += 1;
                if *answered == 1 {
                    self.answers.push((Instant::now() + THINKS, id));
                }
            }
            Data::Ticket(data) if data.ticket.resolved_at.is_some() => {
                self.open.remove(&data.ticket.id.to_string());
            }
            _ => {}
        }
    }

    async fn act(&mut self) {
        let now = Instant::now();
        if now >= self.stage.end {
            // The curtain is down; only what is under way is still heard.
            self.opens_at = now + EPILOGUE;
            self.answers.clear();
            tokio::time::sleep(Duration::from_millis(1)).await;
            return;
        }
        if let Some(due) = self.answers.iter().position(|(at, _)| *at <= now) {
            let (_, ticket) = self.answers.swap_remove(due);
            let thanks = json!({ "body": "Thank you, that helps. Just one more thing: will it happen again?" });
            if self.stage.post(&mut self.http, &self.me, &ticket, thanks).await {
                self.stage.did(Deed::Asked);
                self.stage.say(&format!("{:<14} writes back", self.me.name));
            }
        }
        if now >= self.opens_at {
            self.opens_at = now + OPENS_EVERY;
            if self.open.len() < OPEN && now < self.stage.opens_until {
                self.open_ticket().await;
            }
        }
    }

    async fn open_ticket(&mut self) {
        self.next_trouble += 1;
        let Some((team, priority, subject, body)) = TROUBLES.get(self.next_trouble % TROUBLES.len()) else { return };
        let new = json!({ "subject": subject, "body": body, "team": team, "priority": priority });
        let began = Instant::now();
        let opened: Option<Value> = self.stage.ask(&mut self.http, &self.me, ("POST", "/v1/tickets"), new).await;
        let Some(Ok(id)) = opened.as_ref().map(|ticket| text(ticket, "id")) else { return };
        let number = opened.as_ref().and_then(|ticket| ticket.get("number")?.as_i64()).unwrap_or_default();
        self.stage.opened(&id, began);
        self.stage.say(&format!("{:<14} opens #{number} for {team}, {priority}: {subject}", self.me.name));
        self.open.entry(id).or_default();
    }
}
