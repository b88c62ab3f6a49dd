//! Messages: posting, reading, marking as read.

use baton_domain::access::{Actor, Permission, rights};
use baton_domain::conversation::{self, Audience, Counters, Message, MessageKind, ReadMark};
use baton_domain::event::{self, Fact, MessageEffect};
use baton_domain::id::ConversationId;
use baton_domain::ticket::{Field, Status, changed};
use baton_domain::user::Person;
use baton_domain::wake::Wake;
use baton_store::conversations::{self, Locked, NewMessage};
use baton_store::tickets::{self, Loaded};
use baton_store::{Db, Tx, events as event_rows};

use crate::ctx::Can;
use crate::error::{Error, Repeated, Result};
use crate::events::{Source, event};
use crate::idempotency;
use crate::ids::new_id;
use crate::sla;
use crate::tickets::{Next, save_all};

pub use baton_store::conversations::Page;

/// Most messages of one page.
pub const PAGE: i64 = 200;

/// The audience a person belongs to.
pub fn audience_of(actor: &Actor) -> Audience {
    if actor.role.is_staff() { Audience::Staff } else { Audience::Public }
}

/// A message to post.
#[derive(Debug, Clone)]
pub struct PostMessage {
    /// Where.
    pub conversation: ConversationId,
    /// Who is to see it.
    pub kind: MessageKind,
    /// Its text.
    pub body: String,
    /// The sender's own name for it: sent again, it is the same message.
    pub client_id: Option<String>,
    /// Staff only: a status to move to in the same transaction ("send & resolve").
    pub then: Option<Status>,
}

/// A posted message.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The message as it is stored.
    pub message: Message,
    /// Whether it was stored by this call, or by the one that its `Idempotency-Key` stands for; `false` when it was
    /// known by its `client_id`.
    pub created: bool,
}

/// Posts a message: stored, counted, heard, in one commit.
///
/// Two flights to Postgres: begin, scope, lock and all that the rules need; then everything that
/// changes, and the commit.
pub async fn post_message(can: &Can<rights::MessagesReply>, db: &Db, post: PostMessage) -> Result<Posted> {
    let actor = can.actor();
    check(actor, &post)?;
    let id = post.conversation;
    let tx = db.checkout("post_message", actor.org).await?;
    let ((), locked, loaded, earlier) = futures::try_join!(
        tx.start(),
        conversations::lock(&tx, id),
        tickets::load(&tx, id),
        conversations::by_client_id(&tx, id, actor.user, post.client_id.as_deref()),
    )?;
    let (locked, before) = known(actor, locked, loaded)?;
    if let Some(message) = idempotency::recall::<Message>(&tx, can.ctx()).await? {
        return Ok(Posted { message, created: true });
    }
    if let Some(message) = earlier {
        return same_again(message, &post);
    }
    store(can, tx, locked, before, post).await
}

/// What can be said of a message without looking anything up: that its author may write such ones, and its bounds.
pub fn check(actor: &Actor, post: &PostMessage) -> Result<()> {
    if post.kind == MessageKind::Note && !actor.may(Permission::MessagesNote) {
        return Err(Error::Forbidden(Permission::MessagesNote));
    }
    if post.then.is_some() && !actor.may(Permission::TicketsUpdate) {
        return Err(Error::Forbidden(Permission::TicketsUpdate));
    }
    Ok(conversation::check_message(&post.body, post.client_id.as_deref())?)
}

/// The conversation and its ticket, if the actor may know of it.
fn known(actor: &Actor, locked: Option<Locked>, loaded: Option<Loaded>) -> Result<(Locked, Loaded)> {
    match (locked, loaded) {
        (Some(locked), Some(loaded)) if actor.sees(&loaded.state.place()) => Ok((locked, loaded)),
        _ => Err(Error::NotFound("conversation")),
    }
}

fn same_again(message: Message, post: &PostMessage) -> Result<Posted> {
    if message.body == post.body && message.kind == post.kind {
        Ok(Posted { message, created: false })
    } else {
        Err(Error::Mismatch(Repeated::ClientId))
    }
}

async fn store(
    can: &Can<rights::MessagesReply>,
    tx: Tx,
    locked: Locked,
    before: Loaded,
    post: PostMessage,
) -> Result<Posted> {
    let (actor, now) = (can.actor(), tx.now());
    let source = Source::from(can);
    let mut after = before.state.clone().after_message(!actor.role.is_staff(), post.kind, now)?;
    if let Some(status) = post.then {
        after = after.with_status(status, now)?;
    }
    let message = Message {
        id: new_id(),
        conversation_id: post.conversation,
        counters: locked.counters().next(post.kind),
        kind: post.kind,
        body: post.body,
        author: Person { email: None, ..actor.person() },
        client_id: post.client_id,
        created_at: now,
    };
    let is_reply = message.kind == MessageKind::Reply;
    let preview = if is_reply { conversation::preview(&message.body) } else { locked.preview.clone() };
    let fact = Fact::MessageCreated {
        message: Box::new(message.clone()),
        effect: MessageEffect { preview: preview.clone(), waiting_since: after.waiting_since },
    };
    let rooms = event::message_rooms(tx.org(), before.id, &before.state.place(), message.kind);
    let created = event(&tx, &source, Some(before.id), (rooms, fact));
    let new = NewMessage {
        message: &message,
        preview: &preview,
        last_reply_at: if is_reply { now } else { locked.last_reply_at },
        waiting_since: after.waiting_since,
        event: &created,
    };
    tx.wake(Wake::Outbox);
    // What only the message itself moves is part of its own event; anything more is a change: that the ticket moved,
    // or that a first answer met its clock.
    let answered = is_reply && actor.role.is_staff();
    let clocks = sla::follow(&tx, &before, &after, answered).await?;
    let moved =
        clocks != before.clocks || changed(&before.state, &after).into_iter().any(|field| field != Field::WaitingSince);
    if moved || can.ctx().idempotency.is_some() {
        conversations::save_message(&tx, &new).await?;
        if moved {
            save_all(&tx, &source, &[Next::of(&before, &after, clocks)], Vec::new()).await?;
        }
        idempotency::remember(&tx, can.ctx(), &message).await?;
        tx.commit().await?;
    } else {
        conversations::save_message_and_commit(tx, &new).await?;
    }
    Ok(Posted { message, created: true })
}

/// A page of a conversation as its reader sees it.
#[derive(Debug, Clone)]
pub struct History {
    /// How far the conversation has come, for both audiences.
    pub counters: Counters,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
    /// How far people have read, as far as the reader may know.
    pub read_marks: Vec<ReadMark>,
    /// Whether there is more in the direction of the page.
    pub more: bool,
}

/// Reads a page of a conversation: at most `limit` (≤ [`PAGE`]) messages, in the `seq` of the reader's
/// audience.
pub async fn history(
    can: &Can<rights::TicketsView>,
    db: &Db,
    id: ConversationId,
    page: Page,
    limit: i64,
) -> Result<History> {
    let actor = can.actor();
    let limit = limit.clamp(1, PAGE);
    let tx = db.checkout("read_history", actor.org).await?;
    let audience = audience_of(actor);
    let ((), seen, mut messages, mut read_marks) = futures::try_join!(
        tx.start(),
        tickets::snapshot(&tx, id, actor.user),
        conversations::messages(&tx, id, audience, page, limit + 1),
        conversations::marks(&tx, id),
    )?;
    tx.commit().await?;
    read_marks.retain(|mark| mark.seen_by(actor.user, audience).is_some());
    let seen = seen.filter(|seen| seen.ticket.deleted_at.is_none() && actor.sees(&seen.ticket.place()));
    let counters = seen.ok_or(Error::NotFound("conversation"))?.ticket.counters;
    let more = messages.len() as i64 > limit;
    if more {
        // The page was cut one longer to see whether there is more; the extra one lies at its far end.
        match page {
            Page::After(_) => drop(messages.pop()),
            Page::Before(_) | Page::Latest => drop(messages.remove(0)),
        }
    }
    Ok(History { counters, messages, read_marks, more })
}

/// Marks a conversation as read by the caller up to `seq` of their audience. A mark never goes back.
pub async fn mark_read(can: &Can<rights::TicketsView>, db: &Db, id: ConversationId, seq: i64) -> Result<Counters> {
    let actor = can.actor();
    let audience = audience_of(actor);
    let tx = db.checkout("mark_read", actor.org).await?;
    let ((), locked, loaded, mark) = futures::try_join!(
        tx.start(),
        conversations::lock(&tx, id),
        tickets::load(&tx, id),
        conversations::mark_at(&tx, id, audience, seq),
    )?;
    let (locked, loaded) = known(actor, locked, loaded)?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    let mark = match mark {
        Some(mark) => mark,
        None if seq == 0 => Counters::default(),
        None => {
            let last = locked.counters().of(audience);
            return Err(Error::invalid("/seq", format!("must be from 0 to {last}, the last message")));
        }
    };
    if seq > 0 && conversations::move_mark(&tx, id, actor.user, mark).await? {
        let rooms = event::message_rooms(tx.org(), id, &loaded.state.place(), MessageKind::Reply);
        let fact = Fact::ConversationRead { user_id: actor.user, role: actor.role, counters: mark };
        event_rows::record(&tx, &[event(&tx, &Source::from(can), Some(id), (rooms, fact))]).await?;
    }
    idempotency::remember(&tx, can.ctx(), &mark).await?;
    tx.commit().await?;
    Ok(mark)
}
