//! Saving what became of tickets: state, clocks, units, events, notifications, in a few flights for any number.

use std::collections::HashMap;

use baton_domain::event::{Event, Fact, staff_rooms};
use baton_domain::id::{TicketId, UserId};
use baton_domain::notification::NotificationKind;
use baton_domain::sla::{Clock, next_due};
use baton_domain::ticket::{Field, QueueState, TicketSnapshot, TicketState, changed, unit_moves};
use baton_domain::wake::Wake;
use baton_store::tickets::{self, Loaded, NextState};
use baton_store::{Tx, events as event_rows, sla as clock_rows, staff};

use crate::error::{Error, Result};
use crate::events::{Source, event, of_ticket};
use crate::notifications::{Notice, notify};
use crate::routing::wake_queues_of;
use crate::sla;

/// A ticket before a change and after it.
pub(crate) struct Change<'a> {
    pub(crate) before: &'a Loaded,
    pub(crate) after: &'a TicketState,
}

/// Saves a change of a ticket whose lock is held, its clocks following. Nothing changed: nothing is saved.
pub(crate) async fn save_change(tx: &Tx, source: &Source, change: &Change<'_>) -> Result<()> {
    let clocks = sla::follow(tx, change.before, change.after, false).await?;
    save_all(tx, source, &[Next::of(change.before, change.after, clocks)], Vec::new()).await
}

/// What a ticket becomes.
pub(crate) struct Next<'a> {
    pub(crate) before: &'a Loaded,
    pub(crate) after: &'a TicketState,
    /// The clocks of `before` as they are now, in their order, and new ones behind them.
    pub(crate) clocks: Vec<Clock>,
    /// What staff are told before the change itself.
    pub(crate) told: Vec<Fact>,
    /// What somebody is told who is given the ticket by it.
    pub(crate) given: NotificationKind,
}

impl<'a> Next<'a> {
    /// A change that is told by itself alone.
    pub(crate) fn of(before: &'a Loaded, after: &'a TicketState, clocks: Vec<Clock>) -> Self {
        Self { before, after, clocks, told: Vec::new(), given: NotificationKind::Assigned }
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = changed(&self.before.state, self.after);
        if self.clocks != self.before.clocks {
            fields.push(Field::Sla);
        }
        fields
    }

    /// The clocks that are new or changed.
    fn touched(&self) -> impl Iterator<Item = (TicketId, Clock)> {
        let new = self.clocks.iter().filter(|clock| !self.before.clocks.contains(clock));
        new.map(|clock| (self.before.id, clock.clone()))
    }

    fn moves(&self) -> Vec<(UserId, i32)> {
        unit_moves(Some(&self.before.state), self.after)
    }

    /// What to tell whoever was given the ticket; nothing to somebody who took it themselves.
    fn notice(&self, source: &Source) -> Option<Notice> {
        let to = self.after.assignee.filter(|to| Some(*to) != self.before.state.assignee && !source.is(*to))?;
        Some(Notice::about(self.before, to, self.given))
    }
}

/// Saves what tickets become whose locks are held. One of which nothing changed is left alone. `notices` are sent
/// beside those to people who are given a ticket.
pub(crate) async fn save_all(tx: &Tx, source: &Source, all: &[Next<'_>], mut notices: Vec<Notice>) -> Result<()> {
    let moved: Vec<(&Next<'_>, Vec<Field>)> =
        all.iter().map(|next| (next, next.fields())).filter(|(_, fields)| !fields.is_empty()).collect();
    if moved.is_empty() {
        return Ok(());
    }
    let moves: Vec<_> = moved.iter().flat_map(|(next, _)| next.moves()).collect();
    if !moves.is_empty() {
        staff::lock(tx, moves.iter().map(|(user, _)| *user).collect()).await?;
    }
    for (next, _) in moved.iter().filter(|(_, fields)| fields.contains(&Field::Tags)) {
        tickets::replace_tags(tx, next.before.id, &next.after.tags).await?;
    }
    notices.extend(moved.iter().filter_map(|(next, _)| next.notice(source)));
    let clocks: Vec<_> = moved.iter().flat_map(|(next, _)| next.touched()).collect();
    let states: Vec<_> = moved.iter().map(|(next, fields)| state(next, fields)).collect();
    let ids = states.iter().map(|state| state.id).collect();
    let ((), (), (), notified, seen) = futures::try_join!(
        clock_rows::save(tx, &clocks),
        tickets::update(tx, &states),
        staff::move_units(tx, &moves),
        notify(tx, source, notices),
        tickets::snapshots(tx, ids, UserId(uuid::Uuid::nil())),
    )?;
    let mut snapshots: HashMap<_, _> = seen.into_iter().map(|seen| (seen.ticket.id, seen.ticket)).collect();
    let mut events = Vec::with_capacity(moved.len());
    for (next, fields) in moved {
        let after = snapshots.remove(&next.before.id).ok_or(Error::NotFound("ticket"))?;
        events.extend(told(tx, source, next, after, fields));
    }
    events.extend(notified);
    event_rows::record(tx, &events).await?;
    wake(tx, all, &moves).await
}

fn state<'a>(next: &Next<'a>, fields: &[Field]) -> NextState<'a> {
    NextState {
        id: next.before.id,
        state: next.after,
        sla_due_at: next_due(&next.clocks),
        public: fields.iter().any(|field| field.is_public()),
    }
}

fn told(tx: &Tx, source: &Source, next: &Next<'_>, after: TicketSnapshot, fields: Vec<Field>) -> Vec<Event> {
    let (id, place) = (next.before.id, next.before.state.place());
    let heard = |fact: &Fact| event(tx, source, Some(id), (staff_rooms(tx.org(), id, &place), fact.clone()));
    let mut events: Vec<_> = next.told.iter().map(heard).collect();
    events.extend(of_ticket(tx, source, Some(&place), after, fields));
    events
}

async fn wake(tx: &Tx, all: &[Next<'_>], moves: &[(UserId, i32)]) -> Result<()> {
    for next in all.iter().filter(|next| next.after.queue == QueueState::Waiting) {
        tx.wake(Wake::Queue(tx.org(), next.after.team));
    }
    for (user, _) in moves.iter().filter(|(_, units)| *units < 0) {
        wake_queues_of(tx, *user).await?;
    }
    Ok(())
}
