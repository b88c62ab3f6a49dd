//! Messages and read marks.

use actix_web::{HttpResponse, get, post};
use baton_app::Error;
use baton_app::conversations::{self, Page, PostMessage};
use baton_domain::access::rights;
use baton_domain::conversation::MessageKind;
use baton_domain::id::ConversationId;
use baton_wire::conversations::{Message, Messages, MessagesQuery, NewMessage, Pending, ReadBy, ReadMark, ReadUpTo};

use crate::document::{ListingOf, Marking, Posting};
use crate::problem::Failure;
use crate::request::{Allowed, Json, Path, Poster, Query};
use crate::state::Api;

/// Messages of a conversation, the oldest first: the last ones, or those after or before one.
#[utoipa::path(
    tag = "conversations",
    extensions(("x-permission" = json!("tickets.view"))),
    params(("id" = uuid::Uuid, Path, description = "The conversation"), MessagesQuery),
    responses((status = 200, description = "A page", body = Messages), ListingOf),
)]
#[get("/conversations/{id}/messages")]
pub(crate) async fn messages(
    can: Allowed<rights::TicketsView>,
    api: Api,
    id: Path<ConversationId>,
    query: Query<MessagesQuery>,
) -> Result<HttpResponse, Failure> {
    let page = match (query.0.after_seq, query.0.before_seq) {
        (Some(_), Some(_)) => return Err(Failure::invalid("/before_seq", "cannot be used together with after_seq")),
        (Some(seq), None) => Page::After(seq),
        (None, Some(seq)) => Page::Before(seq),
        (None, None) => Page::Latest,
    };
    let history = conversations::history(&can, &api.db, id.0, page, query.0.limit.rows()).await?;
    api.intake.note(can.actor().user, id.0).await;
    let audience = can.audience();
    Ok(HttpResponse::Ok().json(Messages {
        items: history.messages.into_iter().filter_map(|message| Message::of(message, audience)).collect(),
        next_cursor: None,
        more: history.more,
        last_seq: history.counters.of(audience),
        read_marks: history.read_marks.iter().filter_map(|mark| ReadBy::of(mark, can.actor().user, audience)).collect(),
    }))
}

/// Post a message.
///
/// With a `client_id`, sending it again stores nothing and gives the same message. `then` moves the ticket in the
/// same step. While the database is away, a message with a `client_id` and no more may be kept: it is not acknowledged,
/// and must be sent again until it is stored or refused.
#[utoipa::path(
    tag = "conversations",
    extensions(("x-permission" = json!("messages.reply"))),
    params(("id" = uuid::Uuid, Path, description = "The conversation")),
    request_body = NewMessage,
    responses(
        (status = 201, description = "Stored", body = Message),
        (status = 200, description = "Had been stored before", body = Message),
        (status = 202, description = "Kept while the database is away, not stored yet", body = Pending),
        Posting,
    ),
)]
#[post("/conversations/{id}/messages")]
pub(crate) async fn post(
    poster: Poster,
    api: Api,
    id: Path<ConversationId>,
    body: Json<NewMessage>,
) -> Result<HttpResponse, Failure> {
    let NewMessage { body, kind, client_id, then } = body.0;
    let post = PostMessage {
        conversation: id.0,
        kind: kind.unwrap_or(MessageKind::Reply),
        body,
        client_id,
        then: then.map(|then| then.status),
    };
    let can = match poster {
        Poster::May(can) => can,
        Poster::Might(can, away) => return api.intake.keep(&can, post, away).await,
    };
    let posted = match conversations::post_message(&can, &api.db, post.clone()).await {
        Err(away @ Error::Unavailable(_)) => return api.intake.keep(&can, post, away.into()).await,
        posted => posted?,
    };
    api.intake.note(can.actor().user, id.0).await;
    let mut answer = if posted.created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(Message::of(posted.message, can.audience())))
}

/// Mark a conversation as read up to a message. A mark never goes back.
#[utoipa::path(
    tag = "conversations",
    extensions(("x-permission" = json!("tickets.view"))),
    params(("id" = uuid::Uuid, Path, description = "The conversation")),
    request_body = ReadUpTo,
    responses((status = 200, description = "Where the mark is", body = ReadMark), Marking),
)]
#[post("/conversations/{id}/read")]
pub(crate) async fn mark_read(
    can: Allowed<rights::TicketsView>,
    api: Api,
    id: Path<ConversationId>,
    body: Json<ReadUpTo>,
) -> Result<HttpResponse, Failure> {
    let mark = conversations::mark_read(&can, &api.db, id.0, body.0.seq).await?;
    Ok(HttpResponse::Ok().json(ReadMark { conversation_id: id.0, read_seq: mark.of(can.audience()) }))
}
