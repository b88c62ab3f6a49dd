//! Tickets.

mod filter;

use std::collections::HashMap;

use actix_web::http::header::{ETAG, LOCATION};
use actix_web::{HttpResponse, HttpResponseBuilder, delete, get, patch, post, put};
use baton_app::Can;
use baton_app::routing::{self, Decisions};
use baton_app::tickets::{self, OpenTicket, TicketChange, TicketView};
use baton_domain::access::rights;
use baton_domain::conversation::Audience;
use baton_domain::id::{EventId, TicketId, UserId};
use baton_domain::ticket::Priority;
use baton_wire::cursor::{FeedCursor, ListOf};
use baton_wire::event::{self, Payload};
use baton_wire::list::Page;
use baton_wire::routing::{Decision, Verdict};
use baton_wire::tickets::{Assign, Counts, NewTicket, Standing, Ticket, TicketPatch, TicketsQuery, TimelineQuery};
use baton_wire::users::Person;
use serde_json::Value;

use super::place;
use crate::document::{
    Assigning, ChangingTicket, Claiming, DeletingTicket, Listing, ListingOf, Opening, Reading, ReadingOne,
};
use crate::problem::Failure;
use crate::request::{Allowed, IfMatch, Json, Path, Query};
use crate::state::Api;

/// List tickets that one may know of.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.view"))),
    params(TicketsQuery),
    responses((status = 200, description = "A page; queue positions are not worked out", body = Page<Ticket>), Listing),
)]
#[get("/tickets")]
pub(crate) async fn list(
    can: Allowed<rights::TicketsView>,
    api: Api,
    query: Query<TicketsQuery>,
) -> Result<HttpResponse, Failure> {
    let (asked, pages) = filter::filter(query.0, can.actor())?;
    let page = tickets::list(&can, &api.db, asked).await?;
    let audience = can.audience();
    Ok(HttpResponse::Ok().json(Page {
        items: page.tickets.into_iter().map(|view| seen(view, audience)).collect(),
        next_cursor: page.next.map(|key| pages.cursor(&(key.value, key.id))),
    }))
}

/// How many active tickets each tab holds.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.view"))),
    responses((status = 200, description = "Counts", body = Counts), Reading),
)]
#[get("/tickets/counts")]
pub(crate) async fn counts(can: Allowed<rights::TicketsView>, api: Api) -> Result<HttpResponse, Failure> {
    let tickets::CountsView { counts, as_of } = tickets::counts(&can, &api.db).await?;
    Ok(HttpResponse::Ok().json(Counts {
        mine: counts.mine,
        team_queue: counts.team_queue,
        unassigned: counts.unassigned,
        waiting: counts.waiting,
        all: counts.all,
        as_of: FeedCursor(as_of).to_string(),
    }))
}

/// Open a ticket.
///
/// It waits in its team's queue at once. Staff say for whom; customers open for themselves.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.create"))),
    request_body = NewTicket,
    responses((status = 201, description = "Opened", body = Ticket), Opening),
)]
#[post("/tickets")]
pub(crate) async fn open(
    can: Allowed<rights::TicketsCreate>,
    api: Api,
    body: Json<NewTicket>,
) -> Result<HttpResponse, Failure> {
    let new = body.0;
    let open = OpenTicket {
        subject: new.subject,
        body: new.body,
        priority: new.priority.unwrap_or(Priority::Normal),
        channel: new.channel,
        team: new.team,
        requester: new.requester.map(|r| tickets::Requester { email: r.email, name: r.name, tier: r.tier }),
        tags: new.tags,
        custom_fields: Value::Object(new.custom_fields.unwrap_or_default()),
        follow_up_of: new.follow_up_of,
    };
    let view = tickets::open(&can, &api.db, open).await?;
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, format!("/v1/tickets/{}", view.ticket.id)));
    Ok(one(answer, view, can.audience()))
}

/// One ticket.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.view"))),
    params(("id" = uuid::Uuid, Path, description = "The ticket")),
    responses(
        (status = 200, description = "The ticket", body = Ticket, headers(("ETag" = String, description = "Its version"))),
        ReadingOne,
    ),
)]
#[get("/tickets/{id}")]
pub(crate) async fn get(
    can: Allowed<rights::TicketsView>,
    api: Api,
    id: Path<TicketId>,
) -> Result<HttpResponse, Failure> {
    Ok(one(HttpResponse::Ok(), tickets::get(&can, &api.db, id.0).await?, can.audience()))
}

/// Change a ticket.
///
/// With `If-Match`, only if nobody changed it since.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.update"))),
    params(
        ("id" = uuid::Uuid, Path, description = "The ticket"),
        ("If-Match" = Option<String>, Header, description = "The ETag that one saw"),
    ),
    request_body = TicketPatch,
    responses((status = 200, description = "The ticket as it is now", body = Ticket), ChangingTicket),
)]
#[patch("/tickets/{id}")]
pub(crate) async fn change(
    can: Allowed<rights::TicketsUpdate>,
    api: Api,
    id: Path<TicketId>,
    if_match: IfMatch,
    body: Json<TicketPatch>,
) -> Result<HttpResponse, Failure> {
    let TicketPatch { subject, status, priority, team, tags, custom_fields } = body.0;
    let custom_fields = custom_fields.map(Value::Object);
    let change = TicketChange { subject, status, priority, team, tags, custom_fields };
    let view = tickets::change(&can, &api.db, id.0, if_match.0, change).await?;
    Ok(one(HttpResponse::Ok(), view, can.audience()))
}

/// Delete a ticket, softly: nobody finds it any more, its history stays.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.delete"))),
    params(
        ("id" = uuid::Uuid, Path, description = "The ticket"),
        ("If-Match" = Option<String>, Header, description = "The ETag that one saw"),
    ),
    responses((status = 204, description = "Deleted"), DeletingTicket),
)]
#[delete("/tickets/{id}")]
pub(crate) async fn delete(
    can: Allowed<rights::TicketsDelete>,
    api: Api,
    id: Path<TicketId>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    tickets::delete(&can, &api.db, id.0, if_match.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Give a ticket to somebody, or back to its queue.
///
/// Their limit may be exceeded by hand; the decision says so.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.assign"))),
    params(
        ("id" = uuid::Uuid, Path, description = "The ticket"),
        ("If-Match" = Option<String>, Header, description = "The ETag that one saw"),
    ),
    request_body = Assign,
    responses((status = 200, description = "The ticket as it is now", body = Ticket), Assigning),
)]
#[put("/tickets/{id}/assignee")]
pub(crate) async fn assign(
    can: Allowed<rights::TicketsAssign>,
    api: Api,
    id: Path<TicketId>,
    if_match: IfMatch,
    body: Json<Assign>,
) -> Result<HttpResponse, Failure> {
    let view = tickets::assign(&can, &api.db, id.0, if_match.0, body.0.user_id).await?;
    Ok(one(HttpResponse::Ok(), view, can.audience()))
}

/// Take a ticket for oneself.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.claim"))),
    params(
        ("id" = uuid::Uuid, Path, description = "The ticket"),
        ("If-Match" = Option<String>, Header, description = "The ETag that one saw"),
    ),
    responses((status = 200, description = "It is yours", body = Ticket), Claiming),
)]
#[post("/tickets/{id}/claim")]
pub(crate) async fn claim(
    can: Allowed<rights::TicketsClaim>,
    api: Api,
    id: Path<TicketId>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    let view = tickets::claim(&can, &api.db, id.0, if_match.0).await?;
    Ok(one(HttpResponse::Ok(), view, can.audience()))
}

/// What happened to a ticket, the oldest first, as far as one may know.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("tickets.view"))),
    params(("id" = uuid::Uuid, Path, description = "The ticket"), TimelineQuery),
    responses((status = 200, description = "A page; it may hold fewer rows than asked for", body = Page<Payload>), ListingOf),
)]
#[get("/tickets/{id}/timeline")]
pub(crate) async fn timeline(
    can: Allowed<rights::TicketsView>,
    api: Api,
    id: Path<TicketId>,
    query: Query<TimelineQuery>,
) -> Result<HttpResponse, Failure> {
    let pages = ListOf::new("timeline", &id.0);
    let after: Option<EventId> = place(&pages, query.0.cursor.as_deref())?;
    let (events, more) = tickets::timeline(&can, &api.db, id.0, after, query.0.limit.rows()).await?;
    let next_cursor = events.last().filter(|_| more).map(|last| pages.cursor(&last.id));
    let items = events.iter().filter_map(|happened| event::project(happened, None, can.audience())).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Why a ticket was given to whom: its decisions, the newest first.
#[utoipa::path(
    tag = "tickets",
    extensions(("x-permission" = json!("assignments.view"))),
    params(("id" = uuid::Uuid, Path, description = "The ticket")),
    responses((status = 200, description = "Its decisions", body = Page<Decision>), ReadingOne),
)]
#[get("/tickets/{id}/assignments")]
pub(crate) async fn assignments(
    can: Allowed<rights::AssignmentsView>,
    api: Api,
    id: Path<TicketId>,
) -> Result<HttpResponse, Failure> {
    let can: &Can<rights::AssignmentsView> = &can;
    let Decisions { decisions, people } = routing::decisions(can, &api.db, id.0).await?;
    Ok(HttpResponse::Ok().json(Page::whole(decisions.into_iter().map(|made| decision(made, &people)).collect())))
}

fn decision(made: routing::AssignmentDecision, people: &HashMap<UserId, baton_domain::user::Person>) -> Decision {
    // An address is nobody's business here.
    let named = |id: UserId| people.get(&id).map(|person| Person::of(person.clone(), Audience::Public));
    let verdict = |verdict: baton_domain::routing::Verdict| {
        let user = named(verdict.user_id);
        Verdict::of(verdict, user)
    };
    Decision {
        id: made.id,
        ticket_id: made.ticket,
        at: made.at,
        trigger: made.trigger,
        policy: made.policy,
        policy_version: made.policy_version,
        chosen: made.chosen,
        chosen_user: made.chosen.and_then(named),
        waited_ms: made.waited_ms,
        over_limit: made.over_limit,
        candidates: made.candidates.into_iter().map(verdict).collect(),
    }
}

/// The ticket as a reader of `audience` sees it.
pub(crate) fn seen(view: TicketView, audience: Audience) -> Ticket {
    let standing = Standing {
        position: view.waiting_before.map(|before| before + 1),
        expected_wait_seconds: view.expected_wait_seconds,
    };
    Ticket::for_reader(view.ticket, audience, view.read, standing)
}

/// An answer that is one ticket, with its version for `If-Match`.
pub(super) fn one(mut answer: HttpResponseBuilder, view: TicketView, audience: Audience) -> HttpResponse {
    answer.insert_header((ETAG, format!("\"{}\"", view.ticket.version))).json(seen(view, audience))
}
