//! Queues and why a ticket was given to whom.

use baton_domain::availability::Availability;
use baton_domain::id::{DecisionId, TicketId, UserId};
use baton_domain::routing::{Policy, Reason, Trigger};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::teams::TeamRef;
use crate::users::Person;
use crate::words;

/// How a team's queue stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    /// The team.
    pub team: TeamRef,
    /// Tickets waiting.
    pub waiting: i64,
    /// How long the oldest has waited.
    pub oldest_waiting_seconds: Option<i64>,
    /// People who could be given work if they had units free.
    pub online: i64,
    /// Units that those people have free.
    pub units_free: i64,
    /// The people who receive the team's tickets.
    pub people: Vec<QueuePerson>,
}

/// Somebody who receives a team's tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueuePerson {
    /// Who.
    pub user: Person,
    /// What they chose.
    #[schema(value_type = words::Availability)]
    pub availability: Availability,
    /// Whether they chose `online` and are here, so that they may be given work.
    pub available: bool,
    /// Units they carry.
    pub units_used: i32,
    /// Units they may carry.
    pub units_limit: i32,
}

/// An assignment decision as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: DecisionId,
    /// The ticket.
    #[schema(value_type = uuid::Uuid)]
    pub ticket_id: TicketId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What made it be taken.
    #[schema(value_type = words::Trigger)]
    pub trigger: Trigger,
    /// How the team chose.
    #[schema(value_type = words::Policy)]
    pub policy: Policy,
    /// The version of the team's rule.
    pub policy_version: i64,
    /// Who got it; nobody if it went back to the queue.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub chosen: Option<UserId>,
    /// Who that is, without address.
    pub chosen_user: Option<Person>,
    /// How long the ticket had waited.
    pub waited_ms: i64,
    /// Whether it went beyond the person's limit, which only people may do.
    pub over_limit: bool,
    /// Everybody's verdict: the eligible by rank, then the others.
    pub candidates: Vec<Verdict>,
}

/// What a decision says of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// Who.
    #[schema(value_type = uuid::Uuid)]
    pub user_id: UserId,
    /// Who that is, without address.
    pub user: Option<Person>,
    /// Whether they could be given the ticket.
    pub eligible: bool,
    /// Why, or why not.
    #[schema(value_type = words::Reason)]
    pub reason: Reason,
    /// Units they had free.
    pub units_free: i32,
    /// Their place among the eligible, 1 first.
    pub rank: Option<u32>,
}

impl Verdict {
    /// `verdict` on `user`.
    pub fn of(verdict: baton_domain::routing::Verdict, user: Option<Person>) -> Self {
        Self {
            user_id: verdict.user_id,
            user,
            eligible: verdict.eligible,
            reason: verdict.reason,
            units_free: verdict.units_free,
            rank: verdict.rank,
        }
    }
}
