//! Jobs: outside work, and how it stands.

use baton_domain::id::JobId;
use baton_domain::jobs::{JobKind, JobState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::list::{Limit, Several};
use crate::words;

/// A job of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: JobId,
    /// What it does.
    #[schema(value_type = words::JobKind)]
    pub kind: JobKind,
    /// How it stands.
    #[schema(value_type = words::JobState)]
    pub state: JobState,
    /// When it is or was to be tried.
    #[schema(value_type = String, format = DateTime)]
    pub run_at: Timestamp,
    /// Attempts so far.
    pub attempts: i32,
    /// How many there may be.
    pub max_attempts: i32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was done or dead.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

/// How many jobs there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobStats {
    /// That wait for their time, or for a worker.
    pub ready: i64,
    /// That a worker is at.
    pub running: i64,
    /// That had their effect; kept for seven days.
    pub done: i64,
    /// That are not tried any more; kept for thirty days.
    pub dead: i64,
    /// How long the longest due waits for a worker; `null` when none is due.
    pub oldest_due_seconds: Option<i64>,
}

/// Which jobs are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct JobsQuery {
    /// States, separated by commas.
    #[param(value_type = Option<String>, example = "ready,dead")]
    pub state: Several<JobState>,
    /// Most rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// Which dead jobs are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct DeadJobsQuery {
    /// Most rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}
