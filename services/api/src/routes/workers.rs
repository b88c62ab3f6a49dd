//! Worker processes.

use actix_web::{HttpResponse, get};
use baton_app::workers;
use baton_domain::access::rights;
use baton_wire::list::Page;
use baton_wire::workers::Worker;

use crate::document::Reading;
use crate::problem::Failure;
use crate::request::Allowed;
use crate::state::Api;

/// The worker processes as they report themselves: figures of processes, of no organisation.
#[utoipa::path(
    tag = "operations",
    extensions(("x-permission" = json!("workers.view"))),
    responses((status = 200, description = "All of them", body = Page<Worker>), Reading),
)]
#[get("/workers")]
pub(crate) async fn list(can: Allowed<rights::WorkersView>, api: Api) -> Result<HttpResponse, Failure> {
    let all = workers::list(&can, &api.db).await?;
    Ok(HttpResponse::Ok().json(Page::whole(all.into_iter().map(worker).collect())))
}

fn worker(row: workers::Worker) -> Worker {
    Worker {
        id: row.id,
        name: row.name,
        kind: row.kind,
        started_at: row.started_at,
        processed: row.processed,
        errors: row.errors,
        interval_ms: row.interval_ms,
        last_tick_at: row.last_tick_at,
        seen_at: row.seen_at,
        figures: serde_json::from_value(row.figures).unwrap_or_default(),
    }
}
