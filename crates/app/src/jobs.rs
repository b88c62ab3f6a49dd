//! Jobs: outside work that a transaction asked for, done once by whichever worker comes first.
//!
//! A claim is a lease and a fence. The lease says when somebody else may take the job; the fence lets only the latest
//! claim's completion count, and whoever lost it rolls back what they did. An attempt is counted when it is claimed,
//! so a job that kills its process runs out of attempts like any other.

use baton_domain::access::rights;
use baton_domain::id::{JobId, WorkerId};
use baton_domain::jobs::{self as rules, Fault, JobState, LEASE, Next};
use baton_domain::wake::Wake;
use baton_store::{Db, SystemDb, Tx, jobs};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::idempotency;

pub use baton_store::jobs::Claimed;

/// Jobs that one look for dead workers takes from them at most.
const REAPED: usize = 200;
/// Longest reason that is kept of a failure, in characters.
const REASON_CHARS: usize = 500;
/// What is said of an attempt whose process ended under it.
const LOST: &str = "the process that ran it ended, or lost its lease";

/// Which of the due jobs are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Those of good standing.
    Ordinary,
    /// Those whose last attempt's process ended under them. Run one at a time, so that one that kills its process
    /// does not use up the attempts of those beside it.
    Suspect,
}

/// Claims up to `limit` due jobs for a worker, the longest due first, and counts an attempt of each.
pub async fn claim(db: &SystemDb, worker: WorkerId, lane: Lane, limit: usize) -> Result<Vec<Claimed>> {
    let tx = db.begin("claim_jobs").await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let claimed = jobs::claim(&tx, worker, lane == Lane::Suspect, limit, LEASE).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Renews a worker's leases on what it runs, and gives how many it still holds.
pub async fn renew(db: &SystemDb, worker: WorkerId, running: Vec<JobId>) -> Result<usize> {
    let tx = db.begin("renew_jobs").await?;
    let held = jobs::renew(&tx, worker, running, LEASE).await?;
    tx.commit().await?;
    Ok(held)
}

/// What was taken from workers that fell silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Jobs that are due again, as suspects.
    pub again: usize,
    /// Jobs that had no attempt left.
    pub dead: usize,
    /// Whether there may be more.
    pub more: bool,
}

/// Takes jobs from workers whose leases ran out.
pub async fn reap(db: &SystemDb) -> Result<Reaped> {
    let tx = db.begin("reap_jobs").await?;
    let reaped = jobs::reap(&tx, LOST, REAPED as i64).await?;
    let dead = reaped.iter().filter(|state| **state == JobState::Dead).count();
    let again = reaped.len() - dead;
    if again > 0 {
        tx.wake(Wake::Jobs);
    }
    tx.commit().await?;
    Ok(Reaped { again, dead, more: reaped.len() == REAPED })
}

/// Whether an attempt's end counted.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It did.
    Counted,
    /// The claim was not the latest: somebody else has the job, or has done it. Nothing was changed.
    Lost,
}

/// Ends a job in the transaction that holds its effect, and commits both; or, if the claim is not the latest, neither.
pub(crate) async fn complete(tx: Tx, job: &Claimed) -> Result<Ending> {
    if !jobs::complete(&tx, job).await? {
        return Ok(Ending::Lost);
    }
    tx.commit().await?;
    Ok(Ending::Counted)
}

/// Ends a job whose effect is outside of the database.
pub async fn finish(db: &SystemDb, job: &Claimed) -> Result<Ending> {
    complete(db.begin("finish_job").await?.enter(job.org).await?, job).await
}

/// Notes that an attempt failed, and gives what becomes of the job; `None` if the claim was not the latest.
pub async fn fail(db: &SystemDb, job: &Claimed, fault: &Fault) -> Result<Option<Next>> {
    let tx = db.begin("fail_job").await?;
    let next = rules::after(fault, job.id, job.attempts, job.max_attempts, tx.now());
    let again = match next {
        Next::Again(at) => Some(at),
        Next::Dead => None,
    };
    let reason = fault.to_string().chars().filter(|c| *c != '\0').take(REASON_CHARS).collect();
    let counted = jobs::end_attempt(&tx, job, again, reason).await?;
    tx.commit().await?;
    Ok(counted.then_some(next))
}

/// Gives back what a worker claimed and did not begin: no attempt of it is counted.
pub async fn release(db: &SystemDb, worker: WorkerId, unbegun: Vec<JobId>) -> Result<()> {
    let tx = db.begin("release_jobs").await?;
    if jobs::release(&tx, worker, unbegun).await? > 0 {
        tx.wake(Wake::Jobs);
    }
    Ok(tx.commit().await?)
}

/// How many jobs of all organisations wait, run and are dead; a state without any is left out.
pub async fn depths(db: &SystemDb) -> Result<Vec<(JobState, i64)>> {
    let tx = db.begin("job_depths").await?;
    let depths = jobs::depths(&tx).await?;
    tx.commit().await?;
    Ok(depths)
}

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub kind: rules::JobKind,
    /// How it stands.
    pub state: JobState,
    /// When it is or was to be tried.
    pub run_at: Timestamp,
    /// Attempts so far.
    pub attempts: i32,
    /// How many there may be.
    pub max_attempts: i32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was done or dead.
    pub finished_at: Option<Timestamp>,
}

impl From<jobs::Job> for JobView {
    fn from(job: jobs::Job) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            state: job.state,
            run_at: job.run_at,
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            last_error: job.last_error,
            created_at: job.created_at,
            finished_at: job.finished_at,
        }
    }
}

/// The organisation's newest jobs in some states (in any, if none is named) that were asked for before `before`.
pub async fn list(
    can: &Can<rights::JobsView>,
    db: &Db,
    states: Vec<JobState>,
    before: Option<JobId>,
    limit: i64,
) -> Result<Vec<JobView>> {
    let tx = db.begin("list_jobs", can.actor().org).await?;
    let found = jobs::list(&tx, states, before, limit).await?;
    tx.commit().await?;
    Ok(found.into_iter().map(Into::into).collect())
}

/// How the organisation's jobs stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// How many are in each state; states without one are left out.
    pub counts: Vec<(JobState, i64)>,
    /// How long the longest due waits for a worker, in seconds.
    pub oldest_due_seconds: Option<i64>,
}

/// How the organisation's jobs stand.
pub async fn stats(can: &Can<rights::JobsView>, db: &Db) -> Result<Stats> {
    let tx = db.begin("job_stats", can.actor().org).await?;
    let (counts, oldest) = futures::try_join!(jobs::counts(&tx), jobs::oldest_due(&tx))?;
    let oldest_due_seconds = oldest.map(|since| tx.now().duration_since(since).as_secs().max(0));
    tx.commit().await?;
    Ok(Stats { counts, oldest_due_seconds })
}

/// Makes a dead job, or one that waits for its next attempt, due now with all its attempts before it.
pub async fn retry(can: &Can<rights::JobsManage>, db: &Db, id: JobId) -> Result<JobView> {
    let tx = db.begin("retry_job", can.actor().org).await?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    let job = jobs::lock(&tx, id).await?.ok_or(Error::NotFound("job"))?;
    match job.state {
        JobState::Dead | JobState::Ready => {}
        JobState::Running => return Err(Error::Conflict("the job is running")),
        JobState::Done => return Err(Error::Conflict("the job is done; it has its effect once")),
    }
    let view = JobView::from(jobs::retry(&tx, id).await?);
    idempotency::remember(&tx, can.ctx(), &view).await?;
    tx.wake(Wake::Jobs);
    tx.commit().await?;
    Ok(view)
}
