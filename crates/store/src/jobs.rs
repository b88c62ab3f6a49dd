//! Jobs: rows that are claimed under a lease, done once under a fence, and kept for a while.

use baton_domain::id::{JobId, OrgId, UserId, WorkerId};
use baton_domain::jobs::{JobKind, JobState};
use diesel::Queryable;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::{NullableTimestamp, ToDiesel};
use serde_json::Value;

use crate::error::Result;
use crate::statement::{sql, statement};
use crate::{SystemTx, Tx};

/// A job to store.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// Whom it serves.
    pub serves: UserId,
    /// Its idempotency key, unique in the organisation.
    pub key: String,
    /// What its kind needs to know.
    pub payload: Value,
    /// The trace it is asked for under (W3C `traceparent`).
    pub trace: Option<String>,
}

statement! {
    /// New jobs for those whom there is reason to serve.
    Insert {
        kind: JobKind, max_attempts: i32, ids: Vec<JobId>, serves: Vec<UserId>, keys: Vec<String>, payloads: Vec<Value>,
        traces: Vec<Option<String>>, at: jiff_diesel::Timestamp,
    } -> ()
    "insert into jobs (org_id, id, kind, key, payload, trace, run_at, max_attempts, created_at)
     select baton_org(), n.id, " [kind: sql::Text] ", n.key, n.payload, n.trace, "
    [at: sql::Timestamptz] ", " [max_attempts: sql::Integer] ", " [at: sql::Timestamptz]
    " from unnest(" [ids: sql::Array<sql::Uuid>] ", " [serves: sql::Array<sql::Uuid>] ", "
    [keys: sql::Array<sql::Text>] ", " [payloads: sql::Array<sql::Jsonb>] ", "
    [traces: sql::Array<sql::Nullable<sql::Text>>] ") as n (id, serves, key, payload, trace)
        join users u on u.id = n.serves and u.disabled_at is null and u.role <> 'customer'
     on conflict (org_id, key) do nothing"
}

/// Stores jobs of a kind that serve members of staff, due at once: none for who is disabled or a customer, none whose
/// key is there already. Gives how many are new.
pub async fn insert_for_staff(tx: &Tx, kind: JobKind, jobs: Vec<NewJob>) -> Result<usize> {
    let mut insert = Insert {
        kind,
        max_attempts: kind.max_attempts(),
        ids: Vec::with_capacity(jobs.len()),
        serves: Vec::with_capacity(jobs.len()),
        keys: Vec::with_capacity(jobs.len()),
        payloads: Vec::with_capacity(jobs.len()),
        traces: Vec::with_capacity(jobs.len()),
        at: tx.now().to_diesel(),
    };
    for job in jobs {
        insert.ids.push(job.id);
        insert.serves.push(job.serves);
        insert.keys.push(job.key);
        insert.payloads.push(job.payload);
        insert.traces.push(job.trace);
    }
    tx.execute(insert).await
}

/// A job in a worker's hands: under its lease, and behind this fence.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Claimed {
    /// Whose.
    pub org: OrgId,
    /// Which.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Which attempt this is, the first being 1.
    pub attempts: i32,
    /// How many there may be.
    pub max_attempts: i32,
    /// The number of this claim: what was done under an older one does not count.
    pub fence: i64,
    /// The trace it was asked for under (W3C `traceparent`).
    pub trace: Option<String>,
}

statement! {
    /// Due jobs, now a worker's.
    Claim {
        suspect: bool, worker: WorkerId, limit: i64, now: jiff_diesel::Timestamp, until: jiff_diesel::Timestamp,
    } -> (sql::Uuid, sql::Uuid, sql::Text, sql::Integer, sql::Integer, sql::BigInt, sql::Nullable<sql::Text>)
    "with due as materialized (
        select org_id, id from jobs
        where state = 'ready' and suspect = " [suspect: sql::Bool] " and run_at <= " [now: sql::Timestamptz]
    " order by run_at, id limit " [limit: sql::BigInt] " for update skip locked)
     update jobs j set state = 'running', attempts = j.attempts + 1, fence = j.fence + 1, worker_id = "
    [worker: sql::Uuid] ", lease_until = " [until: sql::Timestamptz] "
     from due where j.org_id = due.org_id and j.id = due.id
     returning j.org_id, j.id, j.kind, j.attempts, j.max_attempts, j.fence, j.trace"
}

/// Claims up to `limit` due jobs for a worker, the longest due first: the suspects, or the others.
pub async fn claim(
    tx: &SystemTx,
    worker: WorkerId,
    suspect: bool,
    limit: i64,
    lease: SignedDuration,
) -> Result<Vec<Claimed>> {
    let now = tx.now();
    let claim = Claim { suspect, worker, limit, now: now.to_diesel(), until: (now + lease).to_diesel() };
    tx.raw().rows(claim).await
}

statement! {
    /// Longer leases.
    Renew { worker: WorkerId, jobs: Vec<JobId>, until: jiff_diesel::Timestamp } -> ()
    "update jobs set lease_until = " [until: sql::Timestamptz] " where state = 'running' and worker_id = "
    [worker: sql::Uuid] " and id = any(" [jobs: sql::Array<sql::Uuid>] ")"
}

/// Renews a worker's leases on `jobs` and gives how many it still held.
pub async fn renew(tx: &SystemTx, worker: WorkerId, jobs: Vec<JobId>, lease: SignedDuration) -> Result<usize> {
    tx.raw().execute(Renew { worker, jobs, until: (tx.now() + lease).to_diesel() }).await
}

statement! {
    /// Jobs whose leases ran out: due again as suspects, or dead after their last attempt.
    Reap { now: jiff_diesel::Timestamp, reason: String, limit: i64 } -> (sql::Text)
    "with lost as materialized (
        select org_id, id from jobs where state = 'running' and lease_until < " [now: sql::Timestamptz]
    " order by lease_until limit " [limit: sql::BigInt] " for update skip locked)
     update jobs j set
        state = case when j.attempts >= j.max_attempts then 'dead' else 'ready' end,
        finished_at = case when j.attempts >= j.max_attempts then " [now: sql::Timestamptz] " end,
        run_at = " [now: sql::Timestamptz] ", suspect = true, worker_id = null, lease_until = null, last_error = "
    [reason: sql::Text] "
     from lost where j.org_id = lost.org_id and j.id = lost.id returning j.state"
}

/// Takes up to `limit` jobs from workers whose leases ran out, and gives what they are now.
pub async fn reap(tx: &SystemTx, reason: &str, limit: i64) -> Result<Vec<JobState>> {
    let rows: Vec<(JobState,)> =
        tx.raw().rows(Reap { now: tx.now().to_diesel(), reason: reason.to_owned(), limit }).await?;
    Ok(rows.into_iter().map(|(state,)| state).collect())
}

statement! {
    /// A failed attempt's end.
    EndAttempt {
        org: OrgId, id: JobId, fence: i64, state: JobState, run_at: jiff_diesel::Timestamp, reason: String,
        finished_at: Option<jiff_diesel::Timestamp>,
    } -> ()
    "update jobs set state = " [state: sql::Text] ", run_at = " [run_at: sql::Timestamptz] ", finished_at = "
    [finished_at: sql::Nullable<sql::Timestamptz>] ", suspect = false, worker_id = null, lease_until = null, last_error = "
    [reason: sql::Text] " where org_id = " [org: sql::Uuid] " and id = " [id: sql::Uuid] " and fence = "
    [fence: sql::BigInt] " and state = 'running'"
}

/// Notes that an attempt failed: the job is tried again at `again`, or dead. `false` if the claim is not the latest.
pub async fn end_attempt(tx: &SystemTx, job: &Claimed, again: Option<Timestamp>, reason: String) -> Result<bool> {
    let now = tx.now();
    let end = EndAttempt {
        org: job.org,
        id: job.id,
        fence: job.fence,
        state: if again.is_some() { JobState::Ready } else { JobState::Dead },
        run_at: again.unwrap_or(now).to_diesel(),
        finished_at: again.is_none().then(|| now.to_diesel()),
        reason,
    };
    Ok(tx.raw().execute(end).await? > 0)
}

statement! {
    /// Jobs given back that were not begun.
    Release { worker: WorkerId, jobs: Vec<JobId> } -> ()
    "update jobs set state = 'ready', attempts = attempts - 1, worker_id = null, lease_until = null
     where state = 'running' and worker_id = " [worker: sql::Uuid] " and id = any(" [jobs: sql::Array<sql::Uuid>] ")"
}

/// Gives back jobs that a worker claimed and did not begin, as if it had not.
pub async fn release(tx: &SystemTx, worker: WorkerId, jobs: Vec<JobId>) -> Result<usize> {
    tx.raw().execute(Release { worker, jobs }).await
}

statement! {
    /// Jobs of all organisations by state, but for the done.
    Depths {} -> (sql::Text, sql::BigInt)
    "select state, count(*) from jobs where state = 'ready' group by 1
     union all select state, count(*) from jobs where state = 'running' group by 1
     union all select state, count(*) from jobs where state = 'dead' and finished_at is not null group by 1"
}

/// How many jobs of all organisations wait, run and are dead.
pub async fn depths(tx: &SystemTx) -> Result<Vec<(JobState, i64)>> {
    tx.raw().rows(Depths {}).await
}

statement! {
    /// What a claimed job is about.
    Payload { id: JobId, fence: i64 } -> (sql::Jsonb)
    "select payload from jobs where id = " [id: sql::Uuid] " and fence = " [fence: sql::BigInt] " and state = 'running'"
}

/// What a claimed job is about; `None` if the claim is not the latest.
pub async fn payload(tx: &Tx, job: &Claimed) -> Result<Option<Value>> {
    let row: Option<(Value,)> = tx.row(Payload { id: job.id, fence: job.fence }).await?;
    Ok(row.map(|(payload,)| payload))
}

statement! {
    /// What a claimed job has learned about itself.
    SetPayload { id: JobId, fence: i64, payload: Value } -> ()
    "update jobs set payload = " [payload: sql::Jsonb] " where id = " [id: sql::Uuid] " and fence = "
    [fence: sql::BigInt] " and state = 'running'"
}

/// Stores what a claimed job must know at its next attempt too; `false` if the claim is not the latest.
pub async fn set_payload(tx: &Tx, job: &Claimed, payload: Value) -> Result<bool> {
    Ok(tx.execute(SetPayload { id: job.id, fence: job.fence, payload }).await? > 0)
}

statement! {
    /// A job's end, if this claim is the latest.
    Complete { id: JobId, fence: i64, now: jiff_diesel::Timestamp } -> ()
    "update jobs set state = 'done', finished_at = " [now: sql::Timestamptz] ", worker_id = null, lease_until = null,
        suspect = false, last_error = null
     where id = " [id: sql::Uuid] " and fence = " [fence: sql::BigInt] " and state = 'running'"
}

#[cfg(feature = "planted")]
statement! {
    /// A bug: a job's end, whoever says so.
    CompleteUnfenced { id: JobId, now: jiff_diesel::Timestamp } -> ()
    "update jobs set state = 'done', finished_at = " [now: sql::Timestamptz] ", worker_id = null, lease_until = null,
        suspect = false, last_error = null where id = " [id: sql::Uuid]
}

/// Notes that a job has had its effect; `false` if the claim is not the latest, and then nothing may be committed.
pub async fn complete(tx: &Tx, job: &Claimed) -> Result<bool> {
    #[cfg(feature = "planted")]
    if baton_domain::planted::is_planted(baton_domain::planted::Bug::NoFence) {
        return Ok(tx.execute(CompleteUnfenced { id: job.id, now: tx.now().to_diesel() }).await? > 0);
    }
    Ok(tx.execute(Complete { id: job.id, fence: job.fence, now: tx.now().to_diesel() }).await? > 0)
}

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// How it stands.
    pub state: JobState,
    /// When it is or was to be tried.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub run_at: Timestamp,
    /// Attempts so far.
    pub attempts: i32,
    /// How many there may be.
    pub max_attempts: i32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was asked for.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub created_at: Timestamp,
    /// When it was done or dead.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub finished_at: Option<Timestamp>,
}

statement! {
    /// The newest jobs.
    List { states: Vec<JobState>, before: Option<JobId>, limit: i64 } -> (
        sql::Uuid, sql::Text, sql::Text, sql::Timestamptz, sql::Integer, sql::Integer, sql::Nullable<sql::Text>,
        sql::Timestamptz, sql::Nullable<sql::Timestamptz>
    )
    "select id, kind, state, run_at, attempts, max_attempts, last_error, created_at, finished_at from jobs
     where (cardinality(" [states: sql::Array<sql::Text>] ") = 0 or state = any(" [states: sql::Array<sql::Text>]
    ")) and (" [before: sql::Nullable<sql::Uuid>] "::uuid is null or id < " [before: sql::Nullable<sql::Uuid>]
    ") order by id desc limit " [limit: sql::BigInt]
}

/// The newest jobs in some states (in any, if none is named) that were asked for before `before`.
pub async fn list(tx: &Tx, states: Vec<JobState>, before: Option<JobId>, limit: i64) -> Result<Vec<Job>> {
    tx.rows(List { states, before, limit }).await
}

statement! {
    /// A job, locked.
    Lock { id: JobId } -> (
        sql::Uuid, sql::Text, sql::Text, sql::Timestamptz, sql::Integer, sql::Integer, sql::Nullable<sql::Text>,
        sql::Timestamptz, sql::Nullable<sql::Timestamptz>
    )
    "select id, kind, state, run_at, attempts, max_attempts, last_error, created_at, finished_at from jobs
     where id = " [id: sql::Uuid] " for update"
}

/// A job, locked against workers.
pub async fn lock(tx: &Tx, id: JobId) -> Result<Option<Job>> {
    tx.row(Lock { id }).await
}

statement! {
    /// A job that is due now, with all its attempts before it.
    Retry { id: JobId, now: jiff_diesel::Timestamp } -> (
        sql::Uuid, sql::Text, sql::Text, sql::Timestamptz, sql::Integer, sql::Integer, sql::Nullable<sql::Text>,
        sql::Timestamptz, sql::Nullable<sql::Timestamptz>
    )
    "update jobs set state = 'ready', run_at = " [now: sql::Timestamptz] ", attempts = 0, finished_at = null
     where id = " [id: sql::Uuid]
    " returning id, kind, state, run_at, attempts, max_attempts, last_error, created_at, finished_at"
}

/// Makes a locked job due now, with all its attempts before it.
pub async fn retry(tx: &Tx, id: JobId) -> Result<Job> {
    tx.only(Retry { id, now: tx.now().to_diesel() }).await
}

statement! {
    /// The organisation's jobs by state.
    Counts {} -> (sql::Text, sql::BigInt)
    "select state, count(*) from jobs group by state"
}

/// How many jobs of the organisation are in each state; states without one are left out.
pub async fn counts(tx: &Tx) -> Result<Vec<(JobState, i64)>> {
    tx.rows(Counts {}).await
}

statement! {
    /// The longest due.
    OldestDue { now: jiff_diesel::Timestamp } -> (sql::Nullable<sql::Timestamptz>)
    "select min(run_at) from jobs where state = 'ready' and run_at <= " [now: sql::Timestamptz]
}

/// Since when the longest due job waits for a worker.
pub async fn oldest_due(tx: &Tx) -> Result<Option<Timestamp>> {
    let (at,): (NullableTimestamp,) = tx.only(OldestDue { now: tx.now().to_diesel() }).await?;
    Ok(at.to_jiff())
}
