//! What all who take part share: the history, the ways to the services, and what tickets there are.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::history::Recorder;
use crate::plan::Dice;
use crate::proxy::Proxy;

/// How many of the last tickets are talked about by those who choose among all: more would spread the messages thin.
const RECENT: usize = 200;
/// Of so many tickets those that are resolved are forgotten.
const MANY: usize = 4 * RECENT;
/// Among how many of those that wait people reach.
const OLDEST: usize = 2;

/// What all share.
#[derive(Debug)]
pub(crate) struct Floor {
    /// Names everything that this run makes.
    pub(crate) seed: u64,
    /// Where everything is noted.
    pub(crate) recorder: Recorder,
    /// The ways to the replicas of the API.
    pub(crate) apis: Vec<Proxy>,
    /// The ways to the gateways.
    pub(crate) gateways: Vec<Proxy>,
    /// The slugs of the teams.
    pub(crate) teams: Vec<String>,
    names: AtomicU64,
    over: AtomicBool,
    board: Mutex<Board>,
}

/// The tickets that there are, as far as is known.
#[derive(Debug, Default)]
struct Board {
    /// In the order in which they were opened.
    order: Vec<String>,
    known: HashMap<String, Known>,
}

/// A ticket as it was heard of last.
#[derive(Debug, Clone, Default)]
struct Known {
    requester: String,
    assignee: Option<String>,
    queue: String,
    is_over: bool,
}

/// Which ticket is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'a> {
    /// Of this customer, resolved ones too.
    Of(&'a str),
    /// Of this customer, and not resolved.
    OpenOf(&'a str),
    /// In this person's basket.
    In(&'a str),
    /// One that waits.
    Waiting,
    /// Any.
    Any,
}

impl Floor {
    /// A floor on which nothing has happened.
    pub(crate) fn new(
        seed: u64,
        recorder: Recorder,
        (apis, gateways): (Vec<Proxy>, Vec<Proxy>),
        teams: Vec<String>,
    ) -> Self {
        let (names, over, board) = Default::default();
        Self { seed, recorder, apis, gateways, teams, names, over, board }
    }

    /// A name that nothing else in this run has.
    pub(crate) fn name(&self) -> String {
        format!("{}-{}", self.seed, self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// Ends the traffic.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Whether the traffic is to end.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears of a ticket, as REST and events show it to staff.
    pub(crate) fn heard_of(&self, ticket: &Value) {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = text(ticket.get("id"));
        let requester = text(ticket.pointer("/requester/id"));
        if id.is_empty() || requester.is_empty() {
            return;
        }
        let known = Known {
            requester,
            assignee: ticket.pointer("/assignee/id").and_then(Value::as_str).map(str::to_owned),
            queue: text(ticket.pointer("/queue/state")),
            is_over: matches!(ticket.get("status").and_then(Value::as_str), Some("resolved" | "closed")),
        };
        let mut board = self.board();
        if board.known.insert(id.clone(), known).is_none() {
            board.order.push(id);
        }
        if board.order.len() > MANY {
            let Board { order, known } = &mut *board;
            known.retain(|_, known| !known.is_over);
            order.retain(|id| known.contains_key(id));
        }
    }

    /// How many of a customer's tickets are not resolved.
    pub(crate) fn count_open(&self, who: &str) -> usize {
        self.board().known.values().filter(|known| known.requester == who && !known.is_over).count()
    }

    /// One of the tickets, if there is one that is wanted.
    pub(crate) fn find(&self, wanted: Wanted<'_>, dice: &mut Dice) -> Option<String> {
        let board = self.board();
        let fits = |id: &&String| {
            board.known.get(*id).is_some_and(|known| match wanted {
                Wanted::Of(who) => known.requester == who,
                Wanted::OpenOf(who) => known.requester == who && !known.is_over,
                Wanted::In(who) => known.assignee.as_deref() == Some(who) && !known.is_over,
                Wanted::Waiting => known.queue == "waiting",
                Wanted::Any => true,
            })
        };
        let reach = if matches!(wanted, Wanted::Any | Wanted::Of(_)) { RECENT } else { usize::MAX };
        let found: Vec<&String> = board.order.iter().rev().take(reach).filter(fits).collect();
        // Of what waits the oldest is wanted: that is where the assigner reaches too.
        let oldest = found.len().saturating_sub(OLDEST);
        let among = if matches!(wanted, Wanted::Waiting) { found.get(oldest..)? } else { &found };
        dice.pick(among).map(|id| (*id).clone())
    }
}
