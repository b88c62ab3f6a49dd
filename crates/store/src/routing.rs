//! Queues: which have something waiting, their lock, and their stored order.

use baton_domain::id::{OrgId, TeamId, TicketId, UserId};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};

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

statement! {
    /// How many tickets wait in all queues, and since when the oldest of those that were counted.
    Waiting { bound: i64 } -> (sql::BigInt, sql::Nullable<sql::Timestamptz>)
    "select count(*), min(eligible_at) from (select eligible_at from tickets where queue_state = 'waiting'
        limit " [bound: sql::BigInt] ") t"
}

/// How many tickets wait in the queues of all organisations, counted up to `bound`, and since when the oldest of those
/// that were counted does.
pub async fn waiting(tx: &SystemTx, bound: i64) -> Result<(i64, Option<Timestamp>)> {
    let (waiting, oldest): (i64, NullableTimestamp) = tx.raw().only(Waiting { bound }).await?;
    Ok((waiting, oldest.to_jiff()))
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

/// A waiting ticket's place in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Place {
    /// Which.
    pub ticket: TicketId,
    /// Its customer.
    pub requester: UserId,
    /// 1 for the next.
    pub position: i64,
}

statement! {
    /// The places of some customers' tickets, by one pass along the queue's stored order.
    Places { team: TeamId, requesters: Vec<UserId> } -> (sql::Uuid, sql::Uuid, sql::BigInt)
    "select id, requester_id, position from (select id, requester_id, row_number() over
            (order by priority_rank, coalesce(sla_due_at, 'infinity'), eligible_at, id) as position
        from tickets where team_id = " [team: sql::Uuid] " and queue_state = 'waiting') q
     where requester_id = any(" [requesters: sql::Array<sql::Uuid>] ") order by position"
}

/// The places of the tickets of some customers in a team's queue, in order.
pub async fn places(tx: &Tx, team: TeamId, requesters: Vec<UserId>) -> Result<Vec<Place>> {
    tx.rows(Places { team, requesters }).await
}

#[derive(Debug, Queryable)]
struct PaceRow {
    assignments: i64,
    #[diesel(deserialize_as = NullableTimestamp)]
    first: Option<Timestamp>,
}

statement! {
    /// How many of a team's last assignments there were since some time, and when the first of them was.
    Pace { team: TeamId, since: jiff_diesel::Timestamp, most: i64 } -> (sql::BigInt, sql::Nullable<sql::Timestamptz>)
    "select count(*), min(at) from (select at from assignments where team_id = " [team: sql::Uuid]
    " and chosen is not null and at > " [since: sql::Timestamptz] " order by at desc limit " [most: sql::BigInt] ") a"
}

/// How many of a team's last `most` assignments there were since `since`, and when the first of them was.
pub async fn pace(tx: &Tx, team: TeamId, since: Timestamp, most: i64) -> Result<(i64, Option<Timestamp>)> {
    let row: PaceRow = tx.only(Pace { team, since: since.to_diesel(), most }).await?;
    Ok((row.assignments, row.first))
}
