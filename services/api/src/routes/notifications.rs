//! Notifications.

use actix_web::{HttpResponse, get, post};
use baton_app::notifications::{self, Which};
use baton_domain::access::rights;
use baton_domain::id::NotificationId;
use baton_wire::cursor::ListOf;
use baton_wire::notifications::{MarkNotifications, NotificationPage, NotificationsQuery, Unread};

use super::place;
use crate::document::{Listing, MarkingOwn};
use crate::problem::Failure;
use crate::request::{Allowed, Json, Query};
use crate::state::Api;

/// One's notifications, the newest first, and how many are unread.
#[utoipa::path(
    tag = "notifications",
    extensions(("x-permission" = json!("self.manage"))),
    params(NotificationsQuery),
    responses((status = 200, description = "A page", body = NotificationPage), Listing),
)]
#[get("/notifications")]
pub(crate) async fn list(
    can: Allowed<rights::SelfManage>,
    api: Api,
    query: Query<NotificationsQuery>,
) -> Result<HttpResponse, Failure> {
    let pages = ListOf::new("notifications", &());
    let before: Option<NotificationId> = place(&pages, query.0.cursor.as_deref())?;
    let page = notifications::list(&can, &api.db, before, query.0.limit.rows()).await?;
    let next_cursor = page.notifications.last().filter(|_| page.more).map(|last| pages.cursor(&last.id));
    let items = page.notifications.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(NotificationPage { items, next_cursor, unread: page.unread }))
}

/// Mark notifications as read: some, or all up to one.
///
/// Give exactly one of `up_to` and `ids`. What is read already stays as it is; one's other screens hear
/// `notification:read`.
#[utoipa::path(
    tag = "notifications",
    extensions(("x-permission" = json!("self.manage"))),
    request_body = MarkNotifications,
    responses((status = 200, description = "What is left", body = Unread), MarkingOwn),
)]
#[post("/notifications/read")]
pub(crate) async fn mark_read(
    can: Allowed<rights::SelfManage>,
    api: Api,
    body: Json<MarkNotifications>,
) -> Result<HttpResponse, Failure> {
    let which = match body.0 {
        MarkNotifications { up_to: Some(id), ids: None } => Which::UpTo(id),
        MarkNotifications { up_to: None, ids: Some(ids) } => Which::Ids(ids),
        _ => return Err(Failure::invalid("", "give exactly one of up_to and ids")),
    };
    let left = notifications::mark_read(&can, &api.db, which).await?;
    Ok(HttpResponse::Ok().json(Unread { unread: left.unread }))
}
