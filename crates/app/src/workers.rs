//! Worker processes as they report themselves.

use baton_domain::access::rights;
use baton_domain::id::WorkerId;
use baton_domain::worker::LoopFigures;
use baton_store::{Db, SystemDb, workers};
use jiff::{SignedDuration, Timestamp};

use crate::ctx::Can;
use crate::error::Result;
use crate::ids::new_id;

pub use baton_store::workers::Worker;

/// How long a worker may be silent before it is forgotten.
const SILENCE: SignedDuration = SignedDuration::from_mins(5);

/// How far a backlog is counted.
pub(crate) const COUNTED: i64 = 10_000;

/// How much waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backlog {
    /// How much, counted up to 10,000.
    pub waiting: i64,
    /// For how long the oldest of what was counted does, in seconds; 0 when nothing waits.
    pub oldest_seconds: f64,
}

impl Backlog {
    pub(crate) fn of((waiting, oldest): (i64, Option<Timestamp>), now: Timestamp) -> Self {
        let oldest_seconds = oldest.map_or(0.0, |since| now.duration_since(since).as_secs_f64().max(0.0));
        Self { waiting, oldest_seconds }
    }

    /// As figures of a worker, called `waiting` and `oldest`.
    pub fn figures(&self, waiting: &'static str, oldest: &'static str) -> Vec<Figure> {
        vec![(waiting, self.waiting as f64), (oldest, self.oldest_seconds)]
    }
}

/// A number that a worker reports, under its name: one of a few in the code.
pub type Figure = (&'static str, f64);

/// Stores the reports of a process' loops and forgets workers that fell silent.
pub async fn report(db: &SystemDb, reports: &[Worker]) -> Result<()> {
    let tx = db.begin("report_workers").await?;
    for report in reports {
        workers::report(&tx, report).await?;
    }
    workers::forget(&tx, SILENCE).await?;
    Ok(tx.commit().await?)
}

/// All workers, by name.
pub async fn list(can: &Can<rights::WorkersView>, db: &Db) -> Result<Vec<Worker>> {
    let tx = db.begin("list_workers", can.actor().org).await?;
    let all = workers::all(&tx).await?;
    tx.commit().await?;
    Ok(all)
}

/// A process' loops under the identities they report by; fixed at its start.
#[derive(Debug)]
pub struct Reporter {
    name: &'static str,
    ids: Vec<WorkerId>,
}

/// The identities of a process with so many loops.
pub fn reporter(name: &'static str, loops: usize) -> Reporter {
    Reporter { name, ids: (0..loops).map(|_| new_id()).collect() }
}

impl Reporter {
    /// The reports of this process' loops, in the order they are always given in; the first says `figures`.
    pub fn fill(&self, figures: &[Figure], loops: impl Iterator<Item = LoopFigures>) -> Vec<Worker> {
        let mut told = Some(figures.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect());
        let fixed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.ids
            .iter()
            .zip(loops)
            .map(|(id, figures)| Worker {
                id: *id,
                name: self.name.to_owned(),
                kind: figures.name.to_owned(),
                started_at: started_at(*id),
                processed: fixed(figures.processed),
                errors: fixed(figures.errors),
                interval_ms: fixed(figures.interval_ms),
                last_tick_at: figures.last_tick_at,
                seen_at: started_at(*id),
                figures: serde_json::Value::Object(told.take().unwrap_or_default()),
            })
            .collect()
    }
}

/// A UUIDv7 carries the moment it was made, in milliseconds (RFC 9562, 5.7).
fn started_at(id: WorkerId) -> Timestamp {
    let millis = i64::try_from(id.0.as_u128() >> 80).unwrap_or_default();
    Timestamp::from_millisecond(millis).unwrap_or_default()
}
