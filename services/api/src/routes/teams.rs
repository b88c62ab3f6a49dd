//! Teams and their members.

use actix_web::{HttpResponse, delete, get, patch, post, put};
use baton_app::teams;
use baton_domain::access::rights;
use baton_domain::id::TeamId;
use baton_domain::routing::{Policy, Receives};
use baton_wire::list::Page;
use baton_wire::teams::{Member, MemberPath, MemberPut, NewTeam, Team, TeamPatch};
use baton_wire::users::Person;

use crate::document::{Adding, Changing, Reading, ReadingOne, Removing};
use crate::problem::Failure;
use crate::request::{Allowed, Json, Path};
use crate::state::Api;

/// All teams with their members.
#[utoipa::path(
    tag = "teams",
    extensions(("x-permission" = json!("teams.view"))),
    responses((status = 200, description = "All of them", body = Page<Team>), Reading),
)]
#[get("/teams")]
pub(crate) async fn list(can: Allowed<rights::TeamsView>, api: Api) -> Result<HttpResponse, Failure> {
    let all = teams::list(&can, &api.db).await?;
    Ok(HttpResponse::Ok().json(Page::whole(all.into_iter().map(team).collect())))
}

/// Add a team, with an empty queue.
#[utoipa::path(
    tag = "teams",
    extensions(("x-permission" = json!("teams.manage"))),
    request_body = NewTeam,
    responses((status = 201, description = "Added", body = Team), Adding),
)]
#[post("/teams")]
pub(crate) async fn create(
    can: Allowed<rights::TeamsManage>,
    api: Api,
    body: Json<NewTeam>,
) -> Result<HttpResponse, Failure> {
    let NewTeam { slug, name, policy, receives } = body.0;
    let new = teams::NewTeam {
        slug,
        name,
        policy: policy.unwrap_or(Policy::MostFree),
        receives: receives.unwrap_or(Receives::Leaders),
    };
    Ok(HttpResponse::Created().json(team(teams::create(&can, &api.db, new).await?)))
}

/// One team.
#[utoipa::path(
    tag = "teams",
    extensions(("x-permission" = json!("teams.view"))),
    params(("id" = String, Path, description = "Its id or slug")),
    responses((status = 200, description = "The team", body = Team), ReadingOne),
)]
#[get("/teams/{id}")]
pub(crate) async fn get(
    can: Allowed<rights::TeamsView>,
    api: Api,
    reference: Path<String>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(team(teams::get(&can, &api.db, &reference.0).await?)))
}

/// Change a team.
///
/// A new rule counts from the next decision, which names its version.
#[utoipa::path(
    tag = "teams",
    extensions(("x-permission" = json!("teams.manage"))),
    params(("id" = uuid::Uuid, Path, description = "The team")),
    request_body = TeamPatch,
    responses((status = 200, description = "The team as it is now", body = Team), Changing),
)]
#[patch("/teams/{id}")]
pub(crate) async fn change(
    can: Allowed<rights::TeamsManage>,
    api: Api,
    id: Path<TeamId>,
    body: Json<TeamPatch>,
) -> Result<HttpResponse, Failure> {
    let TeamPatch { name, policy, receives } = body.0;
    let change = teams::TeamChange { name, policy, receives };
    Ok(HttpResponse::Ok().json(team(teams::change(&can, &api.db, id.0, change).await?)))
}

/// Make a member of staff a member of a team, or change their role in it.
#[utoipa::path(
    tag = "teams",
    extensions(("x-permission" = json!("teams.manage"))),
    params(MemberPath),
    request_body = MemberPut,
    responses((status = 200, description = "The team as it is now", body = Team), Changing),
)]
#[put("/teams/{id}/members/{user_id}")]
pub(crate) async fn put_member(
    can: Allowed<rights::TeamsManage>,
    api: Api,
    path: Path<MemberPath>,
    body: Json<MemberPut>,
) -> Result<HttpResponse, Failure> {
    let MemberPath { id, user_id } = path.0;
    Ok(HttpResponse::Ok().json(team(teams::put_member(&can, &api.db, id, user_id, body.0.role).await?)))
}

/// End a membership.
///
/// The person keeps what is assigned to them.
#[utoipa::path(
    tag = "teams",
    extensions(("x-permission" = json!("teams.manage"))),
    params(MemberPath),
    responses((status = 200, description = "The team as it is now", body = Team), Removing),
)]
#[delete("/teams/{id}/members/{user_id}")]
pub(crate) async fn remove_member(
    can: Allowed<rights::TeamsManage>,
    api: Api,
    path: Path<MemberPath>,
) -> Result<HttpResponse, Failure> {
    let MemberPath { id, user_id } = path.0;
    Ok(HttpResponse::Ok().json(team(teams::remove_member(&can, &api.db, id, user_id).await?)))
}

fn team(view: teams::TeamView) -> Team {
    Team {
        id: view.team.id,
        slug: view.team.slug,
        name: view.team.name,
        policy: view.team.policy,
        receives: view.team.receives,
        version: view.team.version,
        members: view
            .members
            .into_iter()
            .map(|member| Member { role: member.member_role, user: person(member) })
            .collect(),
    }
}

/// A member as colleagues know them: teams are shown to staff only.
pub(super) fn person(member: teams::TeamMember) -> Person {
    Person { id: member.user, name: member.name, email: Some(member.email), role: member.role }
}
