//! What people do: ask, answer, reach for the same tickets, give them away.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use crate::call::{ANSWERED_WITHIN, Ask, Hand};
use crate::floor::Wanted;
use crate::history::{Outcome, What};
use crate::screen::Send;

/// As long as an answer usually is.
const FILLER: &str =
    "I have looked into it: the invoice of last month was sent twice, and the second one is cancelled.";

/// How many of a hundred doings of a customer open a ticket: about as many as leaders resolve, so that there is a queue
/// now and then, and now and then there is none.
const OPENS: u64 = 22;

/// Who has so many that are not resolved writes into those: however long a run is, no queue grows without end.
const MOST_OPEN: usize = 5;

/// What somebody does.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// Opens tickets and writes into them.
    Customer,
    /// Answers, resolves, takes.
    Leader {
        /// Whose tickets they get.
        team: String,
    },
    /// Gives by hand and takes back.
    Supervisor {
        /// Whom they may give to.
        leaders: Vec<String>,
    },
    /// Writes notes and answers.
    Agent,
}

/// Somebody at work.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) hand: Hand,
    pub(crate) part: Part,
    /// The mean pause between two of their doings.
    pub(crate) pause: Duration,
    /// Their screen, which can send messages too.
    pub(crate) screen: mpsc::Sender<Send>,
}

impl Worker {
    /// Works until the traffic ends.
    pub(crate) async fn work(mut self) {
        while !self.hand.floor.is_over() {
            let pause = self.hand.dice.around(self.pause);
            let began = tokio::time::Instant::now();
            match self.part.clone() {
                Part::Customer => self.as_customer().await,
                Part::Leader { team } => self.as_leader(&team).await,
                Part::Supervisor { leaders } => self.as_supervisor(&leaders).await,
                Part::Agent => self.post(Wanted::Any, None).await,
            }
            tokio::time::sleep_until(began + pause).await;
        }
    }

    fn me(&self) -> String {
        self.hand.player.person.id.clone()
    }

    fn find(&mut self, wanted: Wanted<'_>) -> Option<String> {
        let Hand { floor, dice, .. } = &mut self.hand;
        floor.find(wanted, dice)
    }

    async fn as_customer(&mut self) {
        let me = self.me();
        // Now and then somebody comes back to what was resolved.
        let wanted = if self.hand.dice.percent(5) { Wanted::Of(&me) } else { Wanted::OpenOf(&me) };
        let open = self.hand.floor.count_open(&me);
        if open == 0 || (open < MOST_OPEN && self.hand.dice.percent(OPENS)) {
            self.open().await;
        } else {
            self.post(wanted, None).await;
        }
    }

    async fn as_leader(&mut self, team: &str) {
        let me = self.me();
        match self.hand.dice.next() % 10 {
            0 => self.claim().await,
            1 => {
                let to = ("POST", format!("/v1/queues/{team}/next"));
                self.take(What::Next, to, None).await;
            }
            2 => self.post(Wanted::Any, None).await,
            3..=5 => self.post(Wanted::In(&me), None).await,
            _ => self.post(Wanted::In(&me), Some("resolved")).await,
        }
    }

    async fn as_supervisor(&mut self, leaders: &[String]) {
        let (give, back) = (self.hand.dice.percent(30), self.hand.dice.percent(30));
        if !give {
            return self.post(Wanted::Any, None).await;
        }
        let wanted = if self.hand.dice.percent(50) { Wanted::Waiting } else { Wanted::Any };
        let (Some(ticket), Some(leader)) = (self.find(wanted), self.hand.dice.pick(leaders)) else { return };
        let body = if back { json!({"user_id": null}) } else { json!({"user_id": leader}) };
        let ask = Ask {
            what: What::Give,
            to: ("PUT", format!("/v1/tickets/{ticket}/assignee")),
            key: self.hand.floor.name(),
            ticket: Some(ticket),
            text: None,
            body: Some(body),
        };
        self.hand.ask(&ask, 0).await;
    }

    async fn open(&mut self) {
        let Hand { floor, dice, .. } = &mut self.hand;
        let key = floor.name();
        let text = format!("{key}: it does not work.");
        let priority = if dice.percent(15) { "urgent" } else { "normal" };
        let Some(team) = dice.pick(&floor.teams) else { return };
        let body = json!({"subject": format!("Ticket {key}"), "body": text, "team": team, "priority": priority});
        let to = ("POST", "/v1/tickets".to_owned());
        let ask = Ask { what: What::Open, to, key, ticket: None, text: Some(text), body: Some(body) };
        if let Some(ticket) = self.hand.ask(&ask, 0).await {
            self.hand.floor.heard_of(&ticket);
        }
    }

    /// Reaches for a ticket that waits, as the assigner and others do.
    async fn claim(&mut self) {
        let Some(ticket) = self.find(Wanted::Waiting) else { return };
        let to = ("POST", format!("/v1/tickets/{ticket}/claim"));
        self.take(What::Claim, to, Some(ticket)).await;
    }

    async fn take(&mut self, what: What, to: (&'static str, String), ticket: Option<String>) {
        let ask = Ask { what, to, key: self.hand.floor.name(), ticket, text: None, body: None };
        if let Some(ticket) = self.hand.ask(&ask, 0).await {
            self.hand.floor.heard_of(&ticket);
        }
    }

    /// Writes into a ticket: by its screen at times, and by REST, above all when the screen did not say what came of
    /// it.
    async fn post(&mut self, wanted: Wanted<'_>, then: Option<&str>) {
        let Some(ticket) = self.find(wanted) else { return };
        let key = self.hand.floor.name();
        let text = format!("{key}: {FILLER}");
        let is_staff = !matches!(self.part, Part::Customer);
        let kind = if is_staff && then.is_none() && self.hand.dice.percent(20) { "note" } else { "reply" };
        let mut body = json!({"body": text, "kind": kind, "client_id": key});
        if let (Some(status), Some(body)) = (then, body.as_object_mut()) {
            body.insert("then".to_owned(), json!({"status": status}));
        }
        let to = ("POST", format!("/v1/conversations/{ticket}/messages"));
        let (ticket, text, payload) = (Some(ticket), Some(text), body.clone());
        let ask = Ask { what: What::Post, to, key, ticket, text, body: Some(body) };
        let by_screen = then.is_none() && self.hand.dice.percent(30);
        if by_screen && self.post_by_screen(&ask, payload).await {
            return;
        }
        self.hand.ask(&ask, u32::from(by_screen)).await;
    }

    /// Sends over the screen's socket; whether it is known what came of it.
    async fn post_by_screen(&mut self, ask: &Ask, mut payload: Value) -> bool {
        if let (Some(payload), Some(ticket)) = (payload.as_object_mut(), &ask.ticket) {
            payload.insert("conversation_id".to_owned(), json!(ticket));
        }
        let n = self.hand.begin(ask, 0);
        let (told, tells) = oneshot::channel();
        let sent = self.screen.try_send(Send { payload, told }).is_ok();
        let outcome = match tokio::time::timeout(ANSWERED_WITHIN, tells).await {
            Ok(Ok(outcome)) => outcome,
            _ if sent => Outcome::Unknown("no answer".to_owned()),
            _ => Outcome::Unknown("the screen is busy".to_owned()),
        };
        self.hand.end(n, &outcome);
        !matches!(outcome, Outcome::Unknown(_))
    }
}

/// How many hands there are, and how long each rests between two doings, so that together they do `rate` a second.
pub(crate) fn pause(hands: usize, rate: f64) -> Duration {
    Duration::try_from_secs_f64(hands as f64 / rate).unwrap_or(Duration::MAX)
}
