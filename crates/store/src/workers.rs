//! Worker processes as they report themselves.

use baton_domain::id::WorkerId;
use diesel::Queryable;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::{NullableTimestamp, ToDiesel};
use serde_json::Value;

use crate::error::Result;
use crate::statement::{sql, statement};
use crate::{SystemTx, Tx};

/// What a worker says of itself.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Worker {
    /// One start of one loop of one process.
    pub id: WorkerId,
    /// The process: `baton-assigner`.
    pub name: String,
    /// Its loop: `assign`.
    pub kind: String,
    /// When it started.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub started_at: Timestamp,
    /// Things done since then.
    pub processed: i64,
    /// Failed ticks since then.
    pub errors: i64,
    /// Time between ticks now, in milliseconds.
    pub interval_ms: i64,
    /// When it last ticked.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub last_tick_at: Option<Timestamp>,
    /// When it last reported.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub seen_at: Timestamp,
    /// How much waits for it, and the like: names and numbers.
    pub figures: Value,
}

statement! {
    /// A worker's report.
    Report {
        id: WorkerId, name: String, kind: String, started_at: jiff_diesel::Timestamp, processed: i64, errors: i64,
        interval_ms: i64, last_tick_at: Option<jiff_diesel::Timestamp>, now: jiff_diesel::Timestamp, figures: Value,
    } -> ()
    "insert into workers (id, name, kind, started_at, processed, errors, interval_ms, last_tick_at, seen_at, figures)
     values ("
    [id: sql::Uuid] ", " [name: sql::Text] ", " [kind: sql::Text] ", " [started_at: sql::Timestamptz] ", "
    [processed: sql::BigInt] ", " [errors: sql::BigInt] ", " [interval_ms: sql::BigInt] ", "
    [last_tick_at: sql::Nullable<sql::Timestamptz>] ", " [now: sql::Timestamptz] ", " [figures: sql::Jsonb] ")
     on conflict (id) do update set processed = excluded.processed, errors = excluded.errors,
        interval_ms = excluded.interval_ms, last_tick_at = excluded.last_tick_at, seen_at = excluded.seen_at,
        figures = excluded.figures"
}

/// Stores a worker's report.
pub async fn report(tx: &SystemTx, worker: &Worker) -> Result<()> {
    let worker = worker.clone();
    let report = Report {
        id: worker.id,
        name: worker.name,
        kind: worker.kind,
        started_at: worker.started_at.to_diesel(),
        processed: worker.processed,
        errors: worker.errors,
        interval_ms: worker.interval_ms,
        last_tick_at: worker.last_tick_at.map(ToDiesel::to_diesel),
        now: tx.now().to_diesel(),
        figures: worker.figures,
    };
    tx.raw().execute(report).await.map(drop)
}

statement! {
    /// Forgets workers that have not reported for a while.
    Forget { before: jiff_diesel::Timestamp } -> ()
    "delete from workers where seen_at < " [before: sql::Timestamptz]
}

/// Forgets workers that have not reported for `silence`.
pub async fn forget(tx: &SystemTx, silence: SignedDuration) -> Result<usize> {
    tx.raw().execute(Forget { before: (tx.now() - silence).to_diesel() }).await
}

statement! {
    /// All workers.
    All {} -> (
        sql::Uuid, sql::Text, sql::Text, sql::Timestamptz, sql::BigInt, sql::BigInt, sql::BigInt,
        sql::Nullable<sql::Timestamptz>, sql::Timestamptz, sql::Jsonb
    )
    "select id, name, kind, started_at, processed, errors, interval_ms, last_tick_at, seen_at, figures from workers
     order by name, kind, started_at, id"
}

/// All workers, by name.
pub async fn all(tx: &Tx) -> Result<Vec<Worker>> {
    tx.rows(All {}).await
}
