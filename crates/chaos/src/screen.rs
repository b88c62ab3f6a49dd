//! Screens: sockets that come back whenever they are cut, resume, and note everything they hear.

use std::sync::Arc;
use std::time::{Duration, Instant};

use baton_bench::socket::{Event, Socket};
use baton_wire::cursor::FeedCursor;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};

use crate::call::{ANSWERED_WITHIN, done};
use crate::floor::Floor;
use crate::history::{Heard, Line, Outcome, Record, Screen};
use crate::people::Player;
use crate::plan::Dice;
use crate::stack::PING_MS;
use crate::{Error, Result};

/// How long a line may be silent: two pings and something.
const SILENT: Duration = Duration::from_millis(PING_MS * 2 + 500);
const LOOKS_EVERY: Duration = Duration::from_millis(500);
/// The mean pause before a screen connects again.
const PAUSE: Duration = Duration::from_millis(300);
/// How long a screen tries to look a last time.
const LAST_WITHIN: Duration = Duration::from_secs(60);

/// A message to send over a screen's socket.
#[derive(Debug)]
pub(crate) struct Send {
    /// The payload of `message:send`.
    pub(crate) payload: Value,
    /// Hears what came of it.
    pub(crate) told: oneshot::Sender<Outcome>,
}

/// What ends a screen: the head of the feed that it must reach, and the gateways themselves, past all proxies.
#[derive(Debug, Clone)]
pub(crate) struct End {
    /// The head.
    pub(crate) head: i64,
    /// `host:port` of each gateway.
    pub(crate) gateways: Vec<String>,
}

/// A screen.
#[derive(Debug)]
pub(crate) struct Guest {
    pub(crate) floor: Arc<Floor>,
    pub(crate) player: Arc<Player>,
    /// Its number.
    pub(crate) number: u64,
    pub(crate) dice: Dice,
    pub(crate) sends: mpsc::Receiver<Send>,
    pub(crate) end: watch::Receiver<Option<End>>,
    /// Whether it tells the floor of the tickets that it hears of.
    pub(crate) watches: bool,
    /// Where it stands; none before its first connection.
    pub(crate) at: Option<i64>,
}

/// What of an event is noted.
#[derive(Deserialize)]
struct Told {
    id: Option<String>,
    cursor: Option<String>,
    #[serde(default)]
    data: Value,
}

impl Guest {
    /// Looks until the end, and then a last time.
    pub(crate) async fn stay(mut self) {
        let mut turn = usize::try_from(self.dice.next() % 2).unwrap_or_default();
        while self.end.borrow().is_none() {
            let ways = &self.floor.gateways;
            let way = turn.checked_rem(ways.len()).and_then(|turn| ways.get(turn)).map(|way| way.address.clone());
            let Some(way) = way else { return };
            if let Ok(socket) = self.arrive(&way).await {
                self.look(socket).await;
                if self.end.borrow().is_none() {
                    self.line(Line::Lost);
                }
            }
            turn += 1;
            let pause = self.dice.around(PAUSE);
            let _ended = tokio::time::timeout(pause, self.end.wait_for(Option::is_some)).await;
        }
        let _not_in_time_and_the_checker_says_so = tokio::time::timeout(LAST_WITHIN, self.look_last()).await;
    }

    fn line(&self, line: Line) {
        let recorder = &self.floor.recorder;
        recorder.note(&Record::Screen(Screen {
            at: recorder.now(),
            screen: self.number,
            who: self.player.person.id.clone(),
            line,
            position: self.at.unwrap_or_default(),
        }));
    }

    /// Connects and catches up.
    async fn arrive(&mut self, gateway: &str) -> Result<Socket> {
        let (token, cursor) = (self.player.token(), self.at.map(|at| FeedCursor(at).to_string()));
        let connecting = Socket::connect(gateway, &token, cursor.as_deref());
        let mut socket = tokio::time::timeout(ANSWERED_WITHIN, connecting).await??;
        if self.at.is_none() {
            self.at = Some(position(&socket.ready.cursor)?);
            self.line(Line::Fresh);
            return Ok(socket);
        }
        loop {
            let resume = json!({"cursor": FeedCursor(self.at.unwrap_or_default()).to_string()});
            let page = tokio::time::timeout(ANSWERED_WITHIN, socket.request("resume", &resume)).await??;
            let cursor = page.get("cursor").and_then(Value::as_str);
            if page.get("ok") != Some(&Value::Bool(true)) {
                if page.pointer("/error/code").and_then(Value::as_str) != Some("resync_required") {
                    return Err(format!("resume was refused: {page}").into());
                }
                self.at = Some(position(cursor.ok_or("a reload without a cursor")?)?);
                self.line(Line::Resync);
                return Ok(socket);
            }
            for event in page.get("events").and_then(Value::as_array).into_iter().flatten() {
                self.hear(Told::deserialize(event)?, Instant::now(), true)?;
            }
            self.at = Some(position(cursor.ok_or("a page without a cursor")?)?);
            if page.get("more") != Some(&Value::Bool(true)) {
                self.line(Line::Resumed);
                return Ok(socket);
            }
        }
    }

    /// Hears what comes and sends what it is given, until the line breaks or the end.
    async fn look(&mut self, mut socket: Socket) {
        let mut looks = tokio::time::interval(LOOKS_EVERY);
        loop {
            tokio::select! {
                event = socket.next() => {
                    let Ok(event) = event else { return };
                    if self.live(&event).is_err() {
                        return;
                    }
                }
                Some(send) = self.sends.recv() => {
                    if !send.told.is_closed() && !self.send(&mut socket, send).await {
                        return;
                    }
                }
                _ = looks.tick() => {
                    if socket.heard_at.elapsed() > SILENT || self.end.borrow().is_some() {
                        return;
                    }
                }
            }
        }
    }

    /// Sends a message; whether the line still holds.
    async fn send(&mut self, socket: &mut Socket, send: Send) -> bool {
        let sent = tokio::time::timeout(ANSWERED_WITHIN, socket.request("message:send", &send.payload)).await;
        let (outcome, holds) = match sent {
            Ok(Ok(answer)) => (outcome(&answer), true),
            Ok(Err(error)) => (Outcome::Unknown(error.to_string()), false),
            Err(_) => (Outcome::Unknown("no answer".to_owned()), false),
        };
        let _nobody_waits_any_more = send.told.send(outcome);
        holds
    }

    fn live(&mut self, event: &Event) -> Result<()> {
        let told: Told = serde_json::from_str(event.payload())?;
        match (&told.id, &told.cursor) {
            (Some(_), Some(_)) => self.hear(told, event.at, false),
            // A quiet client is told where the feed is, now and then.
            (None, Some(cursor)) if event.name() == "cursor" => {
                self.at = self.at.max(Some(position(cursor)?));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn hear(&mut self, told: Told, at: Instant, late: bool) -> Result<()> {
        let position = position(&told.cursor.ok_or("an event without a cursor")?)?;
        let recorder = &self.floor.recorder;
        recorder.note(&Record::Heard(Heard {
            at: recorder.at(at),
            screen: self.number,
            position,
            id: told.id.ok_or("an event without an id")?,
            seq: told.data.get("seq").filter(|_| told.data.get("body").is_some()).and_then(Value::as_i64),
            late,
        }));
        self.at = Some(position);
        if self.watches
            && let Some(ticket) = told.data.get("ticket")
        {
            self.floor.heard_of(ticket);
        }
        Ok(())
    }

    /// Comes back once more, when all is over and nothing is broken, and stands where the feed ends.
    async fn look_last(&mut self) {
        let Some(End { head, gateways }) = self.end.borrow().clone() else { return };
        for gateway in gateways.iter().cycle() {
            if self.arrive(gateway).await.is_ok() && self.at >= Some(head) {
                self.line(Line::Last);
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn position(cursor: &str) -> Result<i64> {
    let FeedCursor(position) = cursor.parse().map_err(|_| Error::from(format!("{cursor:?} is no cursor")))?;
    Ok(position)
}

fn outcome(answer: &Value) -> Outcome {
    if answer.get("pending") == Some(&Value::Bool(true)) {
        return Outcome::Pending;
    }
    match (answer.get("message"), answer.pointer("/error/code").and_then(Value::as_str)) {
        (Some(message), _) => done(message),
        (None, Some(code @ ("unavailable" | "rate_limited" | "internal" | "in_progress"))) => {
            Outcome::Unknown(code.to_owned())
        }
        (None, code) => Outcome::Refused(code.unwrap_or_default().to_owned()),
    }
}
