//! Queues: how a team's queue stands is told to its staff, and where their ticket stands to customers.
//!
//! The fan-out notes in which queues something moved; what it came to is read from Postgres in turns, once for all
//! that moved meanwhile, and told when it is another than before. A customer's place follows from all that wait before
//! them, so a queue is read in one pass for all customers here, never for each ticket.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use baton_app::routing::{self, Depth};
use baton_boot::loops::Report;
use baton_domain::event::{Event, Fact, Room};
use baton_domain::id::{OrgId, TeamId, TicketId, UserId};
use baton_wire::socket::{QueueChanged, StandingChanged};
use jiff::Timestamp;

use crate::serve::Gateway;

const EVENT: &str = "queue:changed";
/// How often staff are told of a queue at most.
pub(crate) const STAFF_EVERY: Duration = Duration::from_secs(1);
/// How often customers are told of their place at most.
pub(crate) const CUSTOMERS_EVERY: Duration = Duration::from_secs(5);

type Queue = (OrgId, TeamId);

/// What of queues is to be told, and what was.
#[derive(Debug, Default)]
pub(crate) struct Queues(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Where something moved since staff were told, and since customers were.
    for_staff: HashSet<Queue>,
    for_customers: HashSet<Queue>,
    /// What staff know: how many wait, and since when the oldest does.
    depths: HashMap<TeamId, (i64, Option<Timestamp>)>,
    /// What customers here know of their tickets.
    standings: HashMap<Queue, HashMap<TicketId, StandingChanged>>,
}

impl Queues {
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes what an event may have moved: the queue of the ticket's team, or of the one it left.
    pub(crate) fn note(&self, event: &Event) {
        if event.fact.ticket().is_none() && !matches!(event.fact, Fact::TicketRemoved { .. }) {
            return;
        }
        let teams = event.rooms.iter().filter_map(|room| match room {
            Room::Team(team) => Some((event.org, *team)),
            _ => None,
        });
        self.change(|state| {
            for queue in teams {
                state.for_staff.insert(queue);
                state.for_customers.insert(queue);
            }
        });
    }

    /// Tells staff how the queues stand in which something moved.
    pub(crate) async fn tell_staff(&self, gateway: &Gateway) -> baton_app::Result<Report> {
        let moved = self.change(|state| std::mem::take(&mut state.for_staff));
        if moved.is_empty() {
            return Ok(Report::default());
        }
        let mut by_org: HashMap<OrgId, Vec<TeamId>> = HashMap::new();
        {
            let floor = gateway.hall.enter().await;
            for (org, team) in &moved {
                if floor.hears(&Room::Team(*team)) || floor.hears(&Room::OrgStaff(*org)) {
                    by_org.entry(*org).or_default().push(*team);
                } else {
                    // Whoever comes fetches it, and knows better than what was told before.
                    self.change(|state| state.depths.remove(team));
                }
            }
        }
        let told = self.read_depths(gateway, by_org).await;
        if told.is_err() {
            self.change(|state| state.for_staff.extend(moved));
        }
        told.map(|processed| Report { processed, more: false })
    }

    async fn read_depths(&self, gateway: &Gateway, by_org: HashMap<OrgId, Vec<TeamId>>) -> baton_app::Result<u64> {
        let mut told = 0;
        for (org, teams) in by_org {
            let (depths, now) = routing::depths(&gateway.system, org, teams).await?;
            let floor = gateway.hall.enter().await;
            for Depth { team, waiting, oldest } in depths {
                if self.change(|state| state.depths.insert(team, (waiting, oldest))) == Some((waiting, oldest)) {
                    continue;
                }
                let oldest_waiting_seconds = oldest.map(|since| now.duration_since(since).as_secs().max(0));
                let changed = QueueChanged { team_id: team, waiting, oldest_waiting_seconds };
                floor.whisper_once(&[Room::Team(team), Room::OrgStaff(org)], EVENT, &changed);
                told += 1;
            }
        }
        Ok(told)
    }

    /// Tells customers where their tickets stand, in the queues in which something moved or one of theirs waits: a
    /// forecast changes by itself.
    pub(crate) async fn tell_customers(&self, gateway: &Gateway) -> baton_app::Result<Report> {
        let moved = self.change(|state| std::mem::take(&mut state.for_customers));
        let mut queues = self.change(|state| state.standings.keys().copied().collect::<HashSet<_>>());
        queues.extend(&moved);
        if queues.is_empty() {
            return Ok(Report::default());
        }
        let here = gateway.hall.enter().await.people(|actor| !actor.role.is_staff());
        let mut told = 0;
        for (org, team) in queues {
            let customers = here.get(&org).map(|people| people.iter().copied().collect()).unwrap_or_default();
            match self.tell_standings(gateway, (org, team), customers).await {
                Ok(some) => told += some,
                Err(error) => {
                    self.change(|state| state.for_customers.extend(moved));
                    return Err(error);
                }
            }
        }
        Ok(Report { processed: told, more: false })
    }

    async fn tell_standings(&self, gateway: &Gateway, queue: Queue, customers: Vec<UserId>) -> baton_app::Result<u64> {
        let standings = match customers.as_slice() {
            [] => Vec::new(),
            _ => routing::standings(&gateway.system, queue.0, queue.1, customers).await?,
        };
        let now: Vec<(UserId, StandingChanged)> = standings
            .into_iter()
            .map(|routing::Standing { ticket, requester, position, expected_wait_seconds }| {
                (requester, StandingChanged { ticket_id: ticket, position, expected_wait_seconds })
            })
            .collect();
        let known = now.iter().map(|(_, standing)| (standing.ticket_id, *standing)).collect::<HashMap<_, _>>();
        let before = self.change(|state| match known.is_empty() {
            true => state.standings.remove(&queue),
            false => state.standings.insert(queue, known),
        });
        let before = before.unwrap_or_default();
        let floor = gateway.hall.enter().await;
        let mut told = 0;
        for (requester, standing) in now {
            if before.get(&standing.ticket_id) != Some(&standing) {
                floor.whisper(Room::Customer(requester), EVENT, &standing, None);
                told += 1;
            }
        }
        Ok(told)
    }
}
