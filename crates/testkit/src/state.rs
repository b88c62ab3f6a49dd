//! State before + events = state after.
//!
//! A [`Screen`] is what somebody has loaded. The check reads it before an action, applies the events
//! that the action made and that this person hears, reads it again, and finds no difference: a
//! client that never reloads is never wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_app::conversations::{Page, audience_of, history};
use baton_app::feed::{self, Sequenced};
use baton_app::notifications;
use baton_app::tickets::{self, Filter, Sort, TicketView};
use baton_domain::access::Actor;
use baton_domain::conversation::{Audience, Counters, Message, MessageKind, ReadMark};
use baton_domain::event::{Event, Fact, Room};
use baton_domain::id::{NotificationId, TicketId, UserId};
use baton_domain::notification::Notification;
use baton_domain::ticket::TicketSnapshot;

use crate::world::{World, can};

mod cases;

pub use cases::{Case, check_cases};

/// A ticket on a screen, with its thread.
#[derive(Debug, Clone, PartialEq)]
struct Card {
    ticket: TicketSnapshot,
    read: Counters,
    /// The thread; `None` while it is not loaded, as when a ticket came by event from another team.
    messages: Option<Vec<Message>>,
    /// How far people have read, as the viewer may know and counts.
    marks: BTreeMap<UserId, i64>,
}

/// What one person has loaded.
#[derive(Debug, Clone)]
pub struct Screen {
    viewer: Arc<Actor>,
    cards: BTreeMap<TicketId, Card>,
    notifications: BTreeMap<NotificationId, Notification>,
}

impl Screen {
    /// Loads all that `viewer` may know of.
    pub async fn load(world: &World, viewer: &Arc<Actor>) -> Self {
        let told = notifications::list(&can(viewer), &world.db, None, 100).await.expect("notifications");
        let notifications = told.notifications.into_iter().map(|told| (told.id, told)).collect();
        let mut cards = BTreeMap::new();
        let mut after = None;
        loop {
            let page = tickets::list(&can(viewer), &world.db, everything(after)).await.expect("a list");
            for TicketView { ticket, read, .. } in page.tickets {
                let thread = history(&can(viewer), &world.db, ticket.id, Page::After(0), 200).await.expect("a thread");
                let audience = audience_of(viewer);
                let seen = |mark: &ReadMark| Some((mark.user, mark.seen_by(viewer.user, audience)?));
                let marks = thread.read_marks.iter().filter_map(seen).collect();
                cards.insert(ticket.id, Card { ticket, read, messages: Some(thread.messages), marks });
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Self { viewer: Arc::clone(viewer), cards, notifications },
            }
        }
    }

    fn audience(&self) -> Audience {
        audience_of(&self.viewer)
    }

    /// Whether this person hears an event: by who they are, or by having its conversation open.
    fn hears(&self, event: &Event) -> bool {
        let mut rooms = Room::standing(&self.viewer);
        rooms.extend(self.cards.keys().map(|id| Room::conversation(*id, self.viewer.role)));
        event.rooms.iter().any(|room| rooms.contains(room))
    }

    /// Applies one event, as a client would.
    pub fn apply(&mut self, event: &Event) {
        if !self.hears(event) {
            return;
        }
        match &event.fact {
            Fact::TicketRemoved { ticket } => drop(self.cards.remove(&ticket.id)),
            Fact::MessageCreated { message, effect } => {
                self.add_message(message, &effect.preview, effect.waiting_since, event);
                // Whoever writes has read; of a note customers do not hear even that.
                let Message { author, counters, kind, .. } = &**message;
                let public_seq = if *kind == MessageKind::Note { 0 } else { counters.public_seq };
                let counters = Counters { public_seq, ..*counters };
                self.move_mark(event, ReadMark { user: author.id, role: author.role, counters });
            }
            Fact::ConversationRead { user_id, role, counters } => {
                self.move_mark(event, ReadMark { user: *user_id, role: *role, counters: *counters });
            }
            Fact::NotificationCreated { notification } => {
                self.notifications.insert(notification.id, notification.clone());
            }
            Fact::NotificationRead { ids, read_at } => {
                let told = self.notifications.values_mut().filter(|told| ids.contains(&told.id));
                told.for_each(|told| told.read_at = Some(*read_at));
            }
            other => {
                if let Some(ticket) = other.ticket() {
                    self.replace(ticket, matches!(other, Fact::TicketCreated(_)));
                }
            }
        }
    }

    fn move_mark(&mut self, event: &Event, mark: ReadMark) {
        let (viewer, audience) = (self.viewer.user, self.audience());
        let Some(card) = event.conversation_id.and_then(|id| self.cards.get_mut(&id)) else { return };
        if mark.user == viewer {
            card.read.seq = card.read.seq.max(mark.counters.seq);
            card.read.public_seq = card.read.public_seq.max(mark.counters.public_seq);
        }
        if let Some(seq) = mark.seen_by(viewer, audience) {
            let known = card.marks.entry(mark.user).or_default();
            *known = seq.max(*known);
        }
    }

    fn replace(&mut self, ticket: &TicketSnapshot, created: bool) {
        match self.cards.get_mut(&ticket.id) {
            Some(card) if card.ticket.version >= ticket.version => {}
            Some(card) => card.ticket = ticket.clone(),
            None => {
                let messages = created.then(Vec::new);
                let (read, marks) = (Counters::default(), BTreeMap::new());
                let card = Card { ticket: ticket.clone(), read, messages, marks };
                self.cards.insert(ticket.id, card);
            }
        }
    }

    fn add_message(&mut self, message: &Message, preview: &str, waiting_since: Option<jiff::Timestamp>, event: &Event) {
        let audience = self.audience();
        assert!(
            audience == Audience::Staff || message.kind == MessageKind::Reply,
            "a customer heard a note: {event:?}"
        );
        let Some(card) = self.cards.get_mut(&message.conversation_id) else { return };
        let seq = message.counters.of(audience);
        if let Some(messages) = &mut card.messages {
            let last = messages.last().map_or(0, |message| message.counters.of(audience));
            assert_eq!(seq, last + 1, "a gap or a repeat");
            messages.push(message.clone());
        }
        let ticket = &mut card.ticket;
        ticket.counters = message.counters;
        ticket.preview = preview.to_owned();
        ticket.waiting_since = waiting_since;
        ticket.last_message_at = message.created_at;
        ticket.updated_at = message.created_at;
        if message.kind == MessageKind::Reply {
            ticket.last_reply_at = message.created_at;
            ticket.public_updated_at = message.created_at;
        }
    }

    /// The cards with only what this audience sees of them.
    fn visible(&self) -> BTreeMap<TicketId, Card> {
        let public = self.audience() == Audience::Public;
        let mut cards = self.cards.clone();
        for card in cards.values_mut().filter(|_| public) {
            hide(card);
        }
        cards
    }
}

/// Takes away what customers do not see, and so do not hear of.
fn hide(card: &mut Card) {
    let ticket = &mut card.ticket;
    ticket.version = 0;
    ticket.counters.seq = 0;
    card.read.seq = 0;
    ticket.last_message_at = ticket.last_reply_at;
    ticket.updated_at = ticket.public_updated_at;
    ticket.waiting_since = None;
    ticket.tags.clear();
    ticket.custom_fields = serde_json::Value::Null;
    ticket.escalation_level = 0;
    ticket.clocks.clear();
    for message in card.messages.iter_mut().flatten() {
        message.counters.seq = 0;
    }
}

/// Takes away what is only known of a thread that is loaded.
fn forget_thread(card: &mut Card) {
    card.messages = None;
    card.read = Counters::default();
    card.marks.clear();
}

fn everything(after: Option<tickets::Key>) -> Filter {
    Filter {
        statuses: Vec::new(),
        priorities: Vec::new(),
        teams: Vec::new(),
        assignees: Vec::new(),
        unassigned: false,
        requesters: Vec::new(),
        tags: Vec::new(),
        queues: Vec::new(),
        unanswered: None,
        escalated: None,
        from: None,
        to: None,
        text: None,
        sort: Sort::CreatedAt,
        descending: false,
        after,
        limit: 100,
    }
}

/// What a check saw.
#[derive(Debug)]
pub struct Checked {
    /// The types of the events.
    pub types: Vec<&'static str>,
    /// What each viewer saw of it, as the wire shows it.
    pub cases: Vec<Case>,
}

/// A check under way: what everybody had loaded before the action.
#[derive(Debug)]
pub struct StateCheck {
    world: World,
    before: Vec<Screen>,
    head: i64,
}

impl StateCheck {
    /// Loads the screens of `viewers`.
    pub async fn begin(world: &World, viewers: &[&Arc<Actor>]) -> Self {
        place_all(world).await;
        let mut before = Vec::with_capacity(viewers.len());
        for viewer in viewers {
            before.push(Screen::load(world, viewer).await);
        }
        let head = feed::head(&world.system).await.expect("the head");
        Self { world: world.clone(), before, head }
    }

    /// Applies what happened since, and finds every screen as a reload would show it.
    pub async fn end(self) -> Checked {
        place_all(&self.world).await;
        let placed = feed::range(&self.world.system, self.head, 10_000).await.expect("the feed");
        let mut cases = Vec::new();
        for before in self.before {
            let mut screen = before.clone();
            let mut heard = Vec::new();
            for event in placed.iter().filter_map(|placed| placed.passing.event()) {
                heard.extend(screen.hears(event).then_some(event));
                screen.apply(event);
            }
            let after = Screen::load(&self.world, &screen.viewer).await;
            let (mut patched, mut loaded) = (screen.visible(), after.visible());
            for (id, card) in &patched {
                if let Some(loaded) = loaded.get_mut(id).filter(|_| card.messages.is_none()) {
                    forget_thread(loaded);
                }
            }
            patched.values_mut().filter(|card| card.messages.is_none()).for_each(forget_thread);
            assert_eq!(screen.notifications, after.notifications, "{} was told something else", screen.viewer.name);
            assert_eq!(patched, loaded, "{} sees something else than a reload shows", screen.viewer.name);
            // Patched, not loaded: customers do not hear of versions that change nothing for them.
            cases.extend(Case::of(&before, &heard, &screen));
        }
        let events = placed.iter().filter_map(|placed| placed.passing.event());
        Checked { types: events.map(|event| event.fact.name()).collect(), cases }
    }
}

/// Drives the sequencer until the outbox is empty.
async fn place_all(world: &World) {
    loop {
        match feed::sequence(&world.system).await.expect("the sequencer") {
            Sequenced::Placed(placed) if placed.is_empty() => return,
            _ => {}
        }
    }
}
