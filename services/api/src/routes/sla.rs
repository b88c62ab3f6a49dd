//! Clocks and the policies behind them.

use actix_web::{HttpResponse, delete, get, patch, post};
use baton_app::sla::{self, PolicyChange};
use baton_domain::access::rights;
use baton_domain::id::{PolicyId, TicketId};
use baton_wire::list::Page;
use baton_wire::sla::{Clock, NewPolicy, Policy, PolicyPatch};

use crate::document::{Adding, Changing, Reading, ReadingOne, Removing};
use crate::problem::Failure;
use crate::request::{Allowed, Json, Path};
use crate::state::Api;

/// The clocks of a ticket, the oldest first, with their verdicts.
#[utoipa::path(
    tag = "sla",
    extensions(("x-permission" = json!("sla.view"))),
    params(("id" = uuid::Uuid, Path, description = "The ticket")),
    responses((status = 200, description = "All of them", body = Page<Clock>), ReadingOne),
)]
#[get("/tickets/{id}/sla")]
pub(crate) async fn clocks(
    can: Allowed<rights::SlaView>,
    api: Api,
    id: Path<TicketId>,
) -> Result<HttpResponse, Failure> {
    let clocks = sla::clocks(&can, &api.db, id.0).await?;
    Ok(HttpResponse::Ok().json(Page::<Clock>::whole(clocks.into_iter().map(Into::into).collect())))
}

/// The policies in their order: the first that fits a ticket counts, the default stands last.
#[utoipa::path(
    tag = "sla",
    extensions(("x-permission" = json!("sla.view"))),
    responses((status = 200, description = "All of them", body = Page<Policy>), Reading),
)]
#[get("/sla/policies")]
pub(crate) async fn policies(can: Allowed<rights::SlaView>, api: Api) -> Result<HttpResponse, Failure> {
    Ok(page(sla::policies(&can, &api.db).await?))
}

/// Add a policy.
///
/// By it is judged what is opened or promised anew from now; clocks that run keep theirs.
#[utoipa::path(
    tag = "sla",
    extensions(("x-permission" = json!("sla.manage"))),
    request_body = NewPolicy,
    responses((status = 201, description = "Added", body = Policy), Adding),
)]
#[post("/sla/policies")]
pub(crate) async fn create(
    can: Allowed<rights::SlaManage>,
    api: Api,
    body: Json<NewPolicy>,
) -> Result<HttpResponse, Failure> {
    let (name, position) = (body.0.name.clone(), body.0.position);
    let policy = sla::create_policy(&can, &api.db, name, position, body.0.rule()).await?;
    Ok(HttpResponse::Created().json(Policy::from(policy)))
}

/// One policy as it counts now.
#[utoipa::path(
    tag = "sla",
    extensions(("x-permission" = json!("sla.view"))),
    params(("id" = uuid::Uuid, Path, description = "The policy")),
    responses((status = 200, description = "The policy", body = Policy), ReadingOne),
)]
#[get("/sla/policies/{id}")]
pub(crate) async fn get(can: Allowed<rights::SlaView>, api: Api, id: Path<PolicyId>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(Policy::from(sla::policy(&can, &api.db, id.0).await?)))
}

/// Change a policy: a new version.
///
/// Clocks that run keep the version they began with, until priority or tier of their ticket changes.
#[utoipa::path(
    tag = "sla",
    extensions(("x-permission" = json!("sla.manage"))),
    params(("id" = uuid::Uuid, Path, description = "The policy")),
    request_body = PolicyPatch,
    responses((status = 200, description = "The new version", body = Policy), Changing),
)]
#[patch("/sla/policies/{id}")]
pub(crate) async fn change(
    can: Allowed<rights::SlaManage>,
    api: Api,
    id: Path<PolicyId>,
    body: Json<PolicyPatch>,
) -> Result<HttpResponse, Failure> {
    let PolicyPatch { name, position, tiers, priorities, targets, warn_percent, escalation } = body.0;
    let targets = targets.map(|targets| targets.into_iter().map(Into::into).collect());
    let escalation = escalation.map(|steps| steps.into_iter().map(Into::into).collect());
    let change = PolicyChange { name, position, tiers, priorities, targets, warn_percent, escalation };
    Ok(HttpResponse::Ok().json(Policy::from(sla::change_policy(&can, &api.db, id.0, change).await?)))
}

/// Take a policy out of use.
///
/// It promises nothing new. Its versions stay, and clocks that run keep theirs.
#[utoipa::path(
    tag = "sla",
    extensions(("x-permission" = json!("sla.manage"))),
    params(("id" = uuid::Uuid, Path, description = "The policy")),
    responses((status = 204, description = "Out of use"), Removing),
)]
#[delete("/sla/policies/{id}")]
pub(crate) async fn retire(
    can: Allowed<rights::SlaManage>,
    api: Api,
    id: Path<PolicyId>,
) -> Result<HttpResponse, Failure> {
    sla::retire_policy(&can, &api.db, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Every version of a policy, the newest first; also of one that is out of use.
#[utoipa::path(
    tag = "sla",
    extensions(("x-permission" = json!("sla.view"))),
    params(("id" = uuid::Uuid, Path, description = "The policy")),
    responses((status = 200, description = "All of them", body = Page<Policy>), ReadingOne),
)]
#[get("/sla/policies/{id}/versions")]
pub(crate) async fn versions(
    can: Allowed<rights::SlaView>,
    api: Api,
    id: Path<PolicyId>,
) -> Result<HttpResponse, Failure> {
    Ok(page(sla::policy_versions(&can, &api.db, id.0).await?))
}

fn page(found: Vec<baton_domain::sla::Policy>) -> HttpResponse {
    HttpResponse::Ok().json(Page::<Policy>::whole(found.into_iter().map(Into::into).collect()))
}
