//! Worker processes as they report themselves.

use std::collections::BTreeMap;

use baton_domain::id::WorkerId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A worker: figures of the process only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Worker {
    /// One start of one loop of one process.
    #[schema(value_type = uuid::Uuid)]
    pub id: WorkerId,
    /// The process: `baton-assigner`.
    pub name: String,
    /// Its loop: `assign`.
    pub kind: String,
    /// When it started.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// Things done since then.
    pub processed: i64,
    /// Failed ticks since then.
    pub errors: i64,
    /// Time between ticks now, in milliseconds.
    pub interval_ms: i64,
    /// When it last ticked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_tick_at: Option<Timestamp>,
    /// When it last reported.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
    /// What it knows of its work, at that time: how much waits (`…_waiting`, `…_due`, counted up to 10,000), for how
    /// long the oldest does (`…_seconds`), and the like. Most loops say nothing.
    pub figures: BTreeMap<String, f64>,
}
