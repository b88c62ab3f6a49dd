//! Queues.

use actix_web::{HttpResponse, get, post};
use baton_app::routing;
use baton_domain::access::rights;
use baton_domain::routing::{Candidate, MemberRole, Receives};
use baton_wire::list::Page;
use baton_wire::routing::{Queue, QueuePerson};
use baton_wire::teams::TeamRef;
use baton_wire::tickets::Ticket;
use jiff::Timestamp;

use super::{teams, tickets};
use crate::document::{Claiming, Reading};
use crate::problem::Failure;
use crate::request::{Allowed, Path};
use crate::state::Api;

/// How the queues stand that one may know of.
#[utoipa::path(
    tag = "queues",
    extensions(("x-permission" = json!("queues.view"))),
    responses((status = 200, description = "All of them", body = Page<Queue>), Reading),
)]
#[get("/queues")]
pub(crate) async fn queues(can: Allowed<rights::QueuesView>, api: Api) -> Result<HttpResponse, Failure> {
    let all = routing::queues(&can, &api.db).await?;
    Ok(HttpResponse::Ok().json(Page::whole(all.into_iter().map(queue).collect())))
}

/// Take the next ticket of a queue.
#[utoipa::path(
    tag = "queues",
    extensions(("x-permission" = json!("tickets.claim"))),
    params(("team" = String, Path, description = "The team's id or slug")),
    responses(
        (status = 200, description = "It is yours", body = Ticket),
        (status = 204, description = "Nothing waits"),
        Claiming,
    ),
)]
#[post("/queues/{team}/next")]
pub(crate) async fn take_next(
    can: Allowed<rights::TicketsClaim>,
    api: Api,
    team: Path<String>,
) -> Result<HttpResponse, Failure> {
    Ok(match routing::take_next(&can, &api.db, &team.0).await? {
        Some(view) => tickets::one(HttpResponse::Ok(), view, can.audience()),
        None => HttpResponse::NoContent().finish(),
    })
}

fn queue(view: routing::QueueView) -> Queue {
    let (now, receives) = (view.now, view.team.receives);
    let receives = |role: MemberRole| receives == Receives::All || role == MemberRole::Leader;
    let serving: Vec<_> = view.people.into_iter().filter(|(_, person)| receives(person.member_role)).collect();
    let available = || serving.iter().filter(|(_, person)| is_available(person, now));
    Queue {
        waiting: view.waiting,
        oldest_waiting_seconds: view.oldest.map(|since| now.duration_since(since).as_secs().max(0)),
        online: i64::try_from(available().count()).unwrap_or(i64::MAX),
        units_free: available().map(|(_, person)| i64::from(person.units_free())).sum(),
        team: TeamRef::from(view.team.reference()),
        people: serving
            .into_iter()
            .map(|(member, person)| QueuePerson {
                user: teams::person(member),
                availability: person.presence.chosen,
                available: is_available(&person, now),
                units_used: person.units_used,
                units_limit: person.units_limit,
            })
            .collect(),
    }
}

fn is_available(person: &Candidate, now: Timestamp) -> bool {
    !person.disabled && person.presence.is_available(now)
}
