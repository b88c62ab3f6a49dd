//! From facts to events.

use baton_domain::access::TicketPlace;
use baton_domain::event::{self, By, Event, Fact, Room};
use baton_domain::id::{ConversationId, UserId};
use baton_domain::ticket::{Field, TicketSnapshot};
use baton_store::Tx;

use crate::ids::new_id;

/// Who does something, under which trace.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) by: By,
    pub(crate) trace: Option<String>,
}

impl Source {
    pub(crate) fn system(name: &str) -> Self {
        Self { by: By::system(name), trace: None }
    }

    /// Whether this person does it.
    pub(crate) fn is(&self, user: UserId) -> bool {
        matches!(&self.by, By::User { id, .. } if *id == user)
    }
}

impl<R> From<&crate::Can<R>> for Source {
    fn from(can: &crate::Can<R>) -> Self {
        Self { by: can.by(), trace: can.ctx().trace.clone() }
    }
}

/// An event of now.
pub(crate) fn event(
    tx: &Tx,
    source: &Source,
    conversation_id: Option<ConversationId>,
    (rooms, fact): (Vec<Room>, Fact),
) -> Event {
    Event {
        id: new_id(),
        org: tx.org(),
        at: tx.now(),
        by: source.by.clone(),
        conversation_id,
        rooms,
        trace: source.trace.clone(),
        fact,
    }
}

/// The events of one change of a ticket, in order.
pub(crate) fn of_ticket(
    tx: &Tx,
    source: &Source,
    before: Option<&TicketPlace>,
    after: TicketSnapshot,
    changed: Vec<Field>,
) -> Vec<Event> {
    let id = after.id;
    event::ticket_facts(tx.org(), before, after, changed)
        .into_iter()
        .map(|fact| event(tx, source, Some(id), fact))
        .collect()
}
