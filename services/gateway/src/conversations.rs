//! Conversations over a socket: opening, leaving, writing, having read.

use std::sync::Arc;

use baton_app::conversations::{self as app, History, Page, PostMessage};
use baton_app::{Ctx, Error};
use baton_domain::access::{Actor, rights};
use baton_domain::id::ConversationId;
use baton_live::intake::{self, Waiting};
use baton_wire::conversations::{Message, ReadMark};
use baton_wire::problem::Code;
use baton_wire::socket::{JOIN_MESSAGES, Join, Joined, Leave, Nothing, Read, Send, Sent};

use crate::hall::OPEN;
use crate::requests::{Asker, Refusal};
use crate::serve::Gateway;

/// Nothing of a conversation, only whether it may be known of and how far it has come.
const AT_ITS_END: Page = Page::After(i64::MAX);

/// A part of a conversation as `actor` may see it.
pub(crate) async fn history(
    gateway: &Gateway,
    actor: Arc<Actor>,
    id: ConversationId,
    page: Page,
    limit: i64,
) -> baton_app::Result<History> {
    let can = Ctx::of(actor).allow::<rights::TicketsView>()?;
    app::history(&can, &gateway.db, id, page, limit).await
}

/// Opens a conversation: its owner may know of it, hears it from here on, and gets what they missed.
pub(crate) async fn join(asker: &Asker<'_>, body: Join) -> Result<Joined, Refusal> {
    let (id, sid) = (body.conversation_id, asker.socket.id);
    if body.after_seq.is_some_and(|seq| seq < 0) {
        return Err(Refusal::new(Code::Invalid, "/after_seq must not be negative"));
    }
    // Nobody hears a room before they were let in, not for a moment.
    history(asker.gateway, asker.conn.actor(), id, AT_ITS_END, 1).await?;
    let (was_open, opened) = {
        let mut floor = asker.gateway.hall.enter().await;
        (floor.has_open(sid, id), floor.open(sid, id))
    };
    if !opened {
        return Err(Refusal::new(Code::Conflict, format!("at most {OPEN} conversations are open; leave one first")));
    }
    // Read, and looked at, once more: what came or changed between the look and the room is heard by neither.
    let page = body.after_seq.map_or(AT_ITS_END, Page::After);
    match history(asker.gateway, asker.conn.actor(), id, page, JOIN_MESSAGES).await {
        Ok(read) => Ok(joined(asker, read)),
        Err(error) => {
            let unknown = matches!(error, Error::NotFound(_));
            if unknown || !was_open {
                asker.gateway.hall.enter().await.close(sid, id);
            }
            Err(error.into())
        }
    }
}

fn joined(asker: &Asker<'_>, read: History) -> Joined {
    let audience = app::audience_of(&asker.conn.actor());
    let messages: Vec<Message> =
        read.messages.into_iter().filter_map(|message| Message::of(message, audience)).collect();
    // The messages were read a moment after the counters.
    let last = messages.last().map_or(0, |message| message.seq);
    Joined { last_seq: read.counters.of(audience).max(last), messages, more: read.more }
}

/// Leaves a conversation.
pub(crate) async fn leave(asker: &Asker<'_>, body: Leave) -> Result<Nothing, Refusal> {
    asker.gateway.hall.enter().await.close(asker.socket.id, body.conversation_id);
    Ok(Nothing {})
}

/// Sends a message. The sender's own sockets hear it the way all others do.
pub(crate) async fn send(asker: &Asker<'_>, body: Send) -> Result<Sent, Refusal> {
    let can = asker.ctx().allow::<rights::MessagesReply>()?;
    let post = PostMessage {
        conversation: body.conversation_id,
        kind: body.kind,
        body: body.body.clone(),
        client_id: Some(body.client_id.clone()),
        then: None,
    };
    let posted = match app::post_message(&can, &asker.gateway.db, post).await {
        Err(away @ Error::Unavailable(_)) => return keep(asker, can.ctx(), body, away).await,
        posted => posted?,
    };
    let message = Message::of(posted.message, app::audience_of(can.actor()));
    let message = message.ok_or_else(|| Error::Internal("a message its own author may not see".to_owned()))?;
    Ok(Sent::Stored { message: Box::new(message) })
}

/// Keeps a message for later while Postgres is away, if its sender was let into the conversation before.
async fn keep(asker: &Asker<'_>, ctx: &Ctx, body: Send, away: Error) -> Result<Sent, Refusal> {
    let is_known = asker.gateway.hall.enter().await.has_open(asker.socket.id, body.conversation_id);
    let client_id = body.client_id.clone();
    let waiting = Waiting {
        org: ctx.actor.org,
        session: ctx.actor.session,
        conversation: body.conversation_id,
        kind: body.kind,
        body: body.body,
        client_id: body.client_id,
        trace: ctx.trace.clone(),
    };
    if is_known && matches!(intake::put(&asker.gateway.redis, &waiting).await, Ok(true)) {
        Ok(Sent::Pending { pending: true, client_id })
    } else {
        Err(away.into())
    }
}

/// Marks a conversation as read.
pub(crate) async fn read(asker: &Asker<'_>, body: Read) -> Result<ReadMark, Refusal> {
    let can = asker.ctx().allow::<rights::TicketsView>()?;
    let mark = app::mark_read(&can, &asker.gateway.db, body.conversation_id, body.seq).await?;
    Ok(ReadMark { conversation_id: body.conversation_id, read_seq: mark.of(app::audience_of(can.actor())) })
}
