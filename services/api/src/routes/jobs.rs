//! Jobs.

use actix_web::{HttpResponse, get, post};
use baton_app::jobs;
use baton_domain::access::rights;
use baton_domain::id::JobId;
use baton_domain::jobs::JobState;
use baton_wire::cursor::ListOf;
use baton_wire::jobs::{DeadJobsQuery, Job, JobStats, JobsQuery};
use baton_wire::list::{Limit, Page};

use super::place;
use crate::document::{Listing, Reading, Retrying};
use crate::problem::Failure;
use crate::request::{Allowed, Path, Query};
use crate::state::Api;

/// List jobs, the newest first.
#[utoipa::path(
    tag = "operations",
    operation_id = "jobs",
    extensions(("x-permission" = json!("jobs.view"))),
    params(JobsQuery),
    responses((status = 200, description = "A page", body = Page<Job>), Listing),
)]
#[get("/jobs")]
pub(crate) async fn list(
    can: Allowed<rights::JobsView>,
    api: Api,
    query: Query<JobsQuery>,
) -> Result<HttpResponse, Failure> {
    let JobsQuery { state, limit, cursor } = query.0;
    page(&can, &api, state.0, limit, cursor).await
}

/// List the jobs that are not tried any more, the newest first.
#[utoipa::path(
    tag = "operations",
    operation_id = "dead_jobs",
    extensions(("x-permission" = json!("jobs.view"))),
    params(DeadJobsQuery),
    responses((status = 200, description = "A page", body = Page<Job>), Listing),
)]
#[get("/jobs/dead")]
pub(crate) async fn dead(
    can: Allowed<rights::JobsView>,
    api: Api,
    query: Query<DeadJobsQuery>,
) -> Result<HttpResponse, Failure> {
    let DeadJobsQuery { limit, cursor } = query.0;
    page(&can, &api, vec![JobState::Dead], limit, cursor).await
}

/// How the jobs stand.
#[utoipa::path(
    tag = "operations",
    operation_id = "job_stats",
    extensions(("x-permission" = json!("jobs.view"))),
    responses((status = 200, description = "How many there are", body = JobStats), Reading),
)]
#[get("/jobs/stats")]
pub(crate) async fn stats(can: Allowed<rights::JobsView>, api: Api) -> Result<HttpResponse, Failure> {
    let stats = jobs::stats(&can, &api.db).await?;
    let of = |state: JobState| stats.counts.iter().find(|(is, _)| *is == state).map_or(0, |(_, count)| *count);
    Ok(HttpResponse::Ok().json(JobStats {
        ready: of(JobState::Ready),
        running: of(JobState::Running),
        done: of(JobState::Done),
        dead: of(JobState::Dead),
        oldest_due_seconds: stats.oldest_due_seconds,
    }))
}

/// Have a job tried again.
///
/// One that is dead gets all its attempts back; one that waits for its next attempt is due now.
#[utoipa::path(
    tag = "operations",
    operation_id = "retry_job",
    extensions(("x-permission" = json!("jobs.manage"))),
    params(("id" = uuid::Uuid, Path, description = "The job")),
    responses((status = 200, description = "It is due now", body = Job), Retrying),
)]
#[post("/jobs/{id}/retry")]
pub(crate) async fn retry(
    can: Allowed<rights::JobsManage>,
    api: Api,
    id: Path<JobId>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(job(jobs::retry(&can, &api.db, id.0).await?)))
}

async fn page(
    can: &Allowed<rights::JobsView>,
    api: &Api,
    states: Vec<JobState>,
    limit: Limit,
    cursor: Option<String>,
) -> Result<HttpResponse, Failure> {
    let pages = ListOf::new("jobs", &states);
    let before: Option<JobId> = place(&pages, cursor.as_deref())?;
    let mut found = jobs::list(can, &api.db, states, before, limit.rows() + 1).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(usize::from(limit));
    let next_cursor = found.last().filter(|_| more).map(|last| pages.cursor(&last.id));
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(job).collect(), next_cursor }))
}

fn job(view: jobs::JobView) -> Job {
    Job {
        id: view.id,
        kind: view.kind,
        state: view.state,
        run_at: view.run_at,
        attempts: view.attempts,
        max_attempts: view.max_attempts,
        last_error: view.last_error,
        created_at: view.created_at,
        finished_at: view.finished_at,
    }
}
