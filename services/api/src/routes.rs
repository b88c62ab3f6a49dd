//! The routes, noun by noun.

pub(crate) mod auth;
pub(crate) mod conversations;
pub(crate) mod jobs;
pub(crate) mod notifications;
pub(crate) mod routing;
pub(crate) mod sla;
pub(crate) mod teams;
pub(crate) mod tickets;
pub(crate) mod users;
pub(crate) mod workers;

use baton_wire::cursor::ListOf;
use serde::de::DeserializeOwned;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::problem::Failure;

/// Every route that the document describes. Fixed addresses stand before those with parameters.
pub(crate) fn documented(config: &mut ServiceConfig<'_>) {
    config.service(
        scope("/v1")
            .service(auth::login)
            .service(auth::refresh)
            .service(auth::logout)
            .service(users::me)
            .service(users::set_availability)
            .service(users::list)
            .service(users::create)
            .service(users::get)
            .service(users::change)
            .service(users::set_capacity)
            .service(teams::list)
            .service(teams::create)
            .service(teams::get)
            .service(teams::change)
            .service(teams::put_member)
            .service(teams::remove_member)
            .service(tickets::counts)
            .service(tickets::list)
            .service(tickets::open)
            .service(tickets::get)
            .service(tickets::change)
            .service(tickets::delete)
            .service(tickets::assign)
            .service(tickets::claim)
            .service(tickets::timeline)
            .service(tickets::assignments)
            .service(sla::clocks)
            .service(sla::policies)
            .service(sla::create)
            .service(sla::get)
            .service(sla::change)
            .service(sla::retire)
            .service(sla::versions)
            .service(notifications::list)
            .service(notifications::mark_read)
            .service(conversations::messages)
            .service(conversations::post)
            .service(conversations::mark_read)
            .service(routing::queues)
            .service(routing::take_next)
            .service(workers::list)
            .service(jobs::list)
            .service(jobs::stats)
            .service(jobs::dead)
            .service(jobs::retry),
    );
}

/// The place that `cursor` names in `list`, if there is a cursor.
pub(crate) fn place<P: DeserializeOwned>(list: &ListOf, cursor: Option<&str>) -> Result<Option<P>, Failure> {
    cursor.map(|text| list.place(text)).transpose().map_err(|error| Failure::invalid("/cursor", error.to_string()))
}
