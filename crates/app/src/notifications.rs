//! What is told to one person: the one place that makes notifications, and what people do with theirs.

use baton_domain::access::rights;
use baton_domain::event::{Event, Fact, Room};
use baton_domain::id::{NotificationId, TicketId, UserId};
use baton_domain::notification::{ClockName, Notification, NotificationKind, TicketName};
use baton_domain::sla::Clock;
use baton_store::tickets::Loaded;
use baton_store::{Db, Tx, events as event_rows, notifications as rows};
use serde::{Deserialize, Serialize};

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::events::{Source, event};
use crate::idempotency;
use crate::ids::new_id;
use crate::mail;

/// Most notifications that are named at once.
const NAMED: usize = 100;

/// Something to tell somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    to: UserId,
    kind: NotificationKind,
    ticket: TicketName,
    clock: Option<ClockName>,
}

impl Notice {
    /// About a ticket.
    pub(crate) fn about(ticket: &Loaded, to: UserId, kind: NotificationKind) -> Self {
        let ticket = TicketName { id: ticket.id, number: ticket.number, subject: ticket.state.subject.clone() };
        Self { to, kind, ticket, clock: None }
    }

    /// About one of its clocks.
    pub(crate) fn of_clock(self, clock: &Clock) -> Self {
        Self { clock: Some(clock.into()), ..self }
    }
}

/// Tells people, in the transaction that gives the reason; the caller records the events it returns behind its own.
///
/// The only place that makes notifications: whatever else is to follow from one is asked for here, as a mail is, by a
/// job's row in the same transaction.
pub(crate) async fn notify(tx: &Tx, source: &Source, notices: Vec<Notice>) -> baton_store::Result<Vec<Event>> {
    notify_each(tx, notices.into_iter().map(|notice| (source, notice)).collect()).await
}

/// Tells people as [`notify`] does, of each thing by who did it.
pub(crate) async fn notify_each(tx: &Tx, notices: Vec<(&Source, Notice)>) -> baton_store::Result<Vec<Event>> {
    let (sources, notices): (Vec<&Source>, Vec<Notice>) = notices.into_iter().unzip();
    let made = notices.into_iter().zip(&sources).map(|(notice, source)| made(tx, source, notice));
    let told: Vec<(UserId, Notification)> = made.collect();
    let traces = sources.iter().map(|source| source.trace.clone()).collect();
    futures::try_join!(rows::insert(tx, &told), mail::enqueue(tx, traces, &told))?;
    let told = told.into_iter().zip(sources);
    Ok(told.map(|((user, notification), source)| heard(tx, source, user, notification)).collect())
}

fn made(tx: &Tx, source: &Source, notice: Notice) -> (UserId, Notification) {
    let Notice { to, kind, ticket, clock } = notice;
    let by = source.by.clone();
    (to, Notification { id: new_id(), kind, ticket, clock, by, created_at: tx.now(), read_at: None })
}

fn heard(tx: &Tx, source: &Source, user: UserId, notification: Notification) -> Event {
    let about: TicketId = notification.ticket.id;
    event(tx, source, Some(about), (vec![Room::User(user)], Fact::NotificationCreated { notification }))
}

/// A page of somebody's notifications.
#[derive(Debug, Clone)]
pub struct NotificationPage {
    /// The newest first.
    pub notifications: Vec<Notification>,
    /// Whether there are older ones.
    pub more: bool,
    /// How many they have not read, of all.
    pub unread: i64,
}

/// The caller's notifications before one of them, the newest first.
pub async fn list(
    can: &Can<rights::SelfManage>,
    db: &Db,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<NotificationPage> {
    let (actor, limit) = (can.actor(), limit.clamp(1, 100));
    let tx = db.checkout("list_notifications", actor.org).await?;
    let ((), mut notifications, unread) = futures::try_join!(
        tx.start(),
        rows::of_user(&tx, actor.user, before, limit + 1),
        rows::unread(&tx, actor.user)
    )?;
    tx.commit().await?;
    let more = notifications.len() as i64 > limit;
    notifications.truncate(limit as usize);
    Ok(NotificationPage { notifications, more, unread })
}

/// Which of one's notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These; what is not one's own is passed over.
    Ids(Vec<NotificationId>),
    /// This one and all before it.
    UpTo(NotificationId),
}

/// What is left unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// How many.
    pub unread: i64,
}

/// Marks the caller's notifications as read. Marking again changes nothing and is told to nobody.
pub async fn mark_read(can: &Can<rights::SelfManage>, db: &Db, which: Which) -> Result<Unread> {
    let (ids, up_to) = match which {
        Which::Ids(ids) if ids.len() > NAMED => {
            return Err(Error::invalid("/ids", format!("at most {NAMED} are allowed")));
        }
        Which::Ids(ids) => (ids, None),
        Which::UpTo(id) => (Vec::new(), Some(id)),
    };
    let user = can.actor().user;
    let tx = db.begin("mark_notifications", can.actor().org).await?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    let ids = rows::mark_read(&tx, user, ids, up_to).await?;
    let left = Unread { unread: rows::unread(&tx, user).await? };
    if !ids.is_empty() {
        let fact = Fact::NotificationRead { ids, read_at: tx.now() };
        event_rows::record(&tx, &[event(&tx, &Source::from(can), None, (vec![Room::User(user)], fact))]).await?;
    }
    idempotency::remember(&tx, can.ctx(), &left).await?;
    tx.commit().await?;
    Ok(left)
}
