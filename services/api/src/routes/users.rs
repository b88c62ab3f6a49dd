//! People.

use actix_web::{HttpResponse, get, patch, post, put};
use baton_app::{presence, users};
use baton_domain::access::rights;
use baton_domain::id::UserId;
use baton_wire::cursor::ListOf;
use baton_wire::list::Page;
use baton_wire::users::{Capacity, ChosenAvailability, Me, NewUser, User, UserPatch, UsersQuery};

use super::place;
use crate::document::{Adding, Changing, Listing, Reading, ReadingOne};
use crate::problem::Failure;
use crate::request::{Allowed, Json, Path, Query};
use crate::state::Api;

/// Who am I, and what may I do?
#[utoipa::path(
    tag = "me",
    extensions(("x-permission" = json!("self.manage"))),
    responses((status = 200, description = "The signed-in person", body = Me), Reading),
)]
#[get("/me")]
pub(crate) async fn me(can: Allowed<rights::SelfManage>, api: Api) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(of_me(users::me(&can, &api.db).await?)))
}

/// Choose one's availability.
///
/// It persists. One is given work while one chose `online` and is connected.
#[utoipa::path(
    tag = "me",
    extensions(("x-permission" = json!("availability.set"))),
    request_body = ChosenAvailability,
    responses((status = 200, description = "The signed-in person", body = Me), Changing),
)]
#[put("/me/availability")]
pub(crate) async fn set_availability(
    can: Allowed<rights::AvailabilitySet>,
    api: Api,
    body: Json<ChosenAvailability>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(of_me(presence::set_availability(&can, &api.db, body.0.status).await?)))
}

/// List people, in the order of their making.
#[utoipa::path(
    tag = "users",
    extensions(("x-permission" = json!("users.view"))),
    params(UsersQuery),
    responses((status = 200, description = "A page", body = Page<User>), Listing),
)]
#[get("/users")]
pub(crate) async fn list(
    can: Allowed<rights::UsersView>,
    api: Api,
    query: Query<UsersQuery>,
) -> Result<HttpResponse, Failure> {
    let UsersQuery { role, limit, cursor } = query.0;
    let pages = ListOf::new("users", &role);
    let after: Option<UserId> = place(&pages, cursor.as_deref())?;
    let mut found = users::list(&can, &api.db, role.0, after, limit.rows() + 1).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(usize::from(limit));
    let next_cursor = found.last().filter(|_| more).map(|last| pages.cursor(&last.id));
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(user).collect(), next_cursor }))
}

/// Add a person.
#[utoipa::path(
    tag = "users",
    extensions(("x-permission" = json!("users.manage"))),
    request_body = NewUser,
    responses((status = 201, description = "Added", body = User), Adding),
)]
#[post("/users")]
pub(crate) async fn create(
    can: Allowed<rights::UsersManage>,
    api: Api,
    body: Json<NewUser>,
) -> Result<HttpResponse, Failure> {
    let NewUser { email, name, role, tier, password, units_limit } = body.0;
    let new = users::NewUser {
        email,
        name,
        role,
        tier: tier.unwrap_or(baton_domain::user::Tier::Normal),
        password: password.map(Into::into),
        units_limit,
    };
    let added = users::create(&can, &api.db, api.identity.passwords(), new).await?;
    Ok(HttpResponse::Created().json(user(added)))
}

/// One person.
#[utoipa::path(
    tag = "users",
    extensions(("x-permission" = json!("users.view"))),
    params(("id" = uuid::Uuid, Path, description = "The person")),
    responses((status = 200, description = "The person", body = User), ReadingOne),
)]
#[get("/users/{id}")]
pub(crate) async fn get(can: Allowed<rights::UsersView>, api: Api, id: Path<UserId>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(user(users::get(&can, &api.db, id.0).await?)))
}

/// Change a person.
///
/// A new role counts within seconds, for sockets too. Disabling ends all their sessions.
#[utoipa::path(
    tag = "users",
    extensions(("x-permission" = json!("users.manage"))),
    params(("id" = uuid::Uuid, Path, description = "The person")),
    request_body = UserPatch,
    responses((status = 200, description = "The person as they are now", body = User), Changing),
)]
#[patch("/users/{id}")]
pub(crate) async fn change(
    can: Allowed<rights::UsersManage>,
    api: Api,
    id: Path<UserId>,
    body: Json<UserPatch>,
) -> Result<HttpResponse, Failure> {
    let UserPatch { name, role, tier, disabled } = body.0;
    let change = users::UserChange { name, role, tier, disabled };
    Ok(HttpResponse::Ok().json(user(users::change(&can, &api.db, id.0, change).await?)))
}

/// Say how much a person may carry.
///
/// What they carry beyond a lower limit they keep.
#[utoipa::path(
    tag = "users",
    extensions(("x-permission" = json!("users.manage"))),
    params(("id" = uuid::Uuid, Path, description = "A member of staff")),
    request_body = Capacity,
    responses((status = 200, description = "The person as they are now", body = User), Changing),
)]
#[put("/users/{id}/capacity")]
pub(crate) async fn set_capacity(
    can: Allowed<rights::UsersManage>,
    api: Api,
    id: Path<UserId>,
    body: Json<Capacity>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(user(users::set_capacity(&can, &api.db, id.0, body.0.units).await?)))
}

fn user(view: users::UserView) -> User {
    User {
        id: view.id,
        email: view.email,
        name: view.name,
        role: view.role,
        tier: view.tier,
        units_limit: view.units_limit,
        disabled: view.disabled,
        created_at: view.created_at,
    }
}

fn of_me(own: users::Me) -> Me {
    Me {
        id: own.user.id,
        email: own.user.email,
        name: own.user.name,
        role: own.user.role,
        permissions: own.permissions.to_vec(),
        teams: own.teams,
        availability: own.work.map(|work| work.presence.chosen),
        available: own.work.map(|work| work.available),
        units_used: own.work.map(|work| work.units_used),
        units_limit: own.work.map(|work| work.units_limit),
    }
}
