//! Queues: which have something waiting, their lock, and their stored order.

use baton_domain::id::{OrgId, TeamId, TicketId, UserId};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;

use crate::error::Result;
use crate::statement::{sql, statement};
use crate::{SystemTx, Tx};

statement! {
    /// Queues in which something waits, across organisations.
    WaitingQueues {} -> (sql::Uuid, sql::Uuid)
    "select q.org_id, q.team_id from queues q
     where exists (select 1 from tickets t
        where t.org_id = q.org_id and t.team_id = q.team_id and t.queue_state = 'waiting')"
}

/// Queues in which something waits: the sweep.
pub async fn waiting_queues(tx: &SystemTx) -> Result<Vec<(OrgId, TeamId)>> {
    tx.raw().rows(WaitingQueues {}).await
}

statement! {
    /// A queue's lock, if nobody holds it.
    LockQueue { team: TeamId } -> (sql::Uuid)
    "select team_id from queues where team_id = " [team: sql::Uuid] " for no key update skip locked"
}

/// Takes a queue's lock; `false` while another worker holds it. Skipping is of teams, never of
/// tickets, so the order of a queue holds.
pub async fn lock_queue(tx: &Tx, team: TeamId) -> Result<bool> {
    let locked: Option<(TeamId,)> = tx.row(LockQueue { team }).await?;
    Ok(locked.is_some())
}

statement! {
    /// The next waiting tickets in a queue's stored order.
    NextWaiting { team: TeamId, limit: i64 } -> (sql::Uuid)
    "select id from tickets where team_id = " [team: sql::Uuid] " and queue_state = 'waiting'
     order by priority_rank, coalesce(sla_due_at, 'infinity'), eligible_at, id limit " [limit: sql::BigInt]
}

/// The next waiting tickets of a queue, in order.
pub async fn next_waiting(tx: &Tx, team: TeamId, limit: i64) -> Result<Vec<TicketId>> {
    let rows: Vec<(TicketId,)> = tx.rows(NextWaiting { team, limit }).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

statement! {
    /// Unanswered tickets in a person's basket, but for those that somebody or an escalation put there.
    UnansweredOf { user: UserId, limit: i64 } -> (sql::Uuid)
    "select id from tickets t where assignee_id = " [user: sql::Uuid] " and deleted_at is null
        and queue_state = 'assigned' and status in ('new', 'open') and waiting_since is not null
        and coalesce((select trigger from assignments a where a.org_id = t.org_id and a.ticket_id = t.id
            order by a.id desc limit 1), '') not in ('manual', 'escalation')
     order by id limit " [limit: sql::BigInt]
}

/// Unanswered tickets in a person's basket that routing may take back. What a person put there by hand stays: who did
/// it knew whether they are here. So does what was escalated: in the queue it would be nobody's again.
pub async fn unanswered_of(tx: &Tx, user: UserId, limit: i64) -> Result<Vec<TicketId>> {
    let rows: Vec<(TicketId,)> = tx.rows(UnansweredOf { user, limit }).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How a queue stands.
#[derive(Debug, Clone, Queryable)]
pub struct Depth {
    /// Which.
    pub team: TeamId,
    /// Tickets waiting.
    pub waiting: i64,
    /// Since when the oldest waits.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub oldest: Option<Timestamp>,
}

statement! {
    /// How the queues of some teams stand.
    Depths { teams: Vec<TeamId> } -> (sql::Uuid, sql::BigInt, sql::Nullable<sql::Timestamptz>)
    "select q.team_id, count(t.id), min(t.eligible_at)
     from queues q left join tickets t on t.org_id = q.org_id and t.team_id = q.team_id and t.queue_state = 'waiting'
     where q.team_id = any(" [teams: sql::Array<sql::Uuid>] ") group by q.team_id"
}

/// How the queues of `teams` stand.
pub async fn depths(tx: &Tx, teams: Vec<TeamId>) -> Result<Vec<Depth>> {
    tx.rows(Depths { teams }).await
}
