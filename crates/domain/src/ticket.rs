//! The life of a ticket: which moves are legal, what each does to queue and capacity, and what
//! changed, so that every event says so.

use jiff::{SignedDuration, Timestamp};

use crate::access::TicketPlace;
use crate::conversation::{Audience, Counters, MessageKind};
use crate::id::{TeamId, TicketId, UserId};
use crate::routing;
use crate::sla::Clock;
use crate::text_enum::text_enum;
use crate::user::{Person, Tier};

/// How long after its resolution a customer's reply still reopens a ticket; later they open a
/// follow-up.
pub const REOPEN_WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

text_enum! {
    /// Where a ticket is in its life.
    Status {
        /// Nobody has taken it yet.
        New = "new",
        /// Somebody's to answer.
        Open = "open",
        /// Waiting for the customer.
        Waiting = "waiting",
        /// Waiting for someone else.
        OnHold = "on_hold",
        /// Answered for good, unless the customer replies soon.
        Resolved = "resolved",
        /// Over.
        Closed = "closed",
    }
}

text_enum! {
    /// How urgent a ticket is; ordered from least to most.
    Priority {
        /// Whenever there is time.
        Low = "low",
        /// The usual.
        Normal = "normal",
        /// Before the usual.
        High = "high",
        /// Before everything.
        Urgent = "urgent",
    }
}

impl Priority {
    /// The rank by which queues and lists are ordered: 0 is the most urgent.
    pub const fn rank(self) -> i16 {
        match self {
            Self::Urgent => 0,
            Self::High => 1,
            Self::Normal => 2,
            Self::Low => 3,
        }
    }

    /// The next higher one; the highest stays.
    pub const fn raised(self) -> Self {
        match self {
            Self::Low => Self::Normal,
            Self::Normal => Self::High,
            Self::High | Self::Urgent => Self::Urgent,
        }
    }
}

text_enum! {
    /// How a ticket came in.
    Channel {
        /// The customer portal.
        Portal = "portal",
        /// The chat widget.
        Widget = "widget",
        /// Mail.
        Email = "email",
        /// A program.
        Api = "api",
        /// Opened by staff for a customer.
        Manual = "manual",
    }
}

text_enum! {
    /// Whether a ticket waits for somebody to take it.
    QueueState {
        /// It waits in its team's queue.
        Waiting = "waiting",
        /// It is in somebody's basket.
        Assigned = "assigned",
        /// It needs nobody now.
        None = "none",
    }
}

/// A move that the life cycle does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The status cannot become the one asked for.
    #[error("a {from} ticket cannot become {to}")]
    IllegalTransition {
        /// Where it is.
        from: Status,
        /// Where it was asked to go.
        to: Status,
        /// Where it may go.
        allowed: &'static [Status],
    },
    /// It is over: a reply opens a follow-up instead.
    #[error("the ticket is closed; open a follow-up")]
    Closed,
    /// It is somebody's already.
    #[error("the ticket is already assigned")]
    AlreadyAssigned,
    /// It is not in a state in which somebody could work on it.
    #[error("a {0} ticket cannot be assigned")]
    NotActive(Status),
}

impl Status {
    /// The one table of legal moves.
    pub const fn allowed(self) -> &'static [Status] {
        use Status::{Closed, OnHold, Open, Resolved, Waiting};
        match self {
            Self::New => &[Open, Waiting, OnHold, Resolved, Closed],
            Self::Open => &[Waiting, OnHold, Resolved, Closed],
            Self::Waiting => &[Open, OnHold, Resolved, Closed],
            Self::OnHold => &[Open, Waiting, Resolved, Closed],
            Self::Resolved => &[Open, Closed],
            Self::Closed => &[],
        }
    }

    /// Moves to `to`; staying is always allowed and changes nothing.
    pub fn transition(self, to: Status) -> Result<Status, Refused> {
        if to == self || self.allowed().contains(&to) {
            Ok(to)
        } else {
            Err(Refused::IllegalTransition { from: self, to, allowed: self.allowed() })
        }
    }

    /// Whether somebody may still have to do something.
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }
}

/// What of a ticket decides its further life. Every move takes it and returns the next one.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketState {
    /// What it is about.
    pub subject: String,
    /// Where it is in its life.
    pub status: Status,
    /// How urgent.
    pub priority: Priority,
    /// How it came in.
    pub channel: Channel,
    /// The customer's tier, which follows theirs while the ticket is active.
    pub tier: Tier,
    /// How often its promise was broken upwards.
    pub escalation_level: i16,
    /// The team whose queue it is in.
    pub team: TeamId,
    /// The customer.
    pub requester: UserId,
    /// Whose basket it is in.
    pub assignee: Option<UserId>,
    /// Capacity it takes from the assignee's limit; 0 while it takes none.
    pub units: i32,
    /// Whether it waits for somebody.
    pub queue: QueueState,
    /// When it first became eligible for assignment in this wait; a returned ticket keeps it.
    pub eligible_at: Option<Timestamp>,
    /// The oldest customer message nobody has answered.
    pub waiting_since: Option<Timestamp>,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Labels, sorted, without repeats.
    pub tags: Vec<String>,
    /// The organisation's own fields: a JSON object.
    pub custom_fields: serde_json::Value,
}

/// A new ticket's fixed facts.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// What it is about.
    pub subject: String,
    /// How urgent.
    pub priority: Priority,
    /// How it comes in.
    pub channel: Channel,
    /// The customer's tier.
    pub tier: Tier,
    /// The team it goes to.
    pub team: TeamId,
    /// The customer.
    pub requester: UserId,
    /// Labels.
    pub tags: Vec<String>,
    /// The organisation's own fields.
    pub custom_fields: serde_json::Value,
}

impl TicketState {
    /// A ticket as it begins: new, waiting in its team's queue, its customer waiting.
    pub fn open(new: NewTicket, now: Timestamp) -> Self {
        Self {
            subject: new.subject,
            status: Status::New,
            priority: new.priority,
            channel: new.channel,
            tier: new.tier,
            escalation_level: 0,
            team: new.team,
            requester: new.requester,
            assignee: None,
            units: 0,
            queue: QueueState::Waiting,
            eligible_at: Some(now),
            waiting_since: Some(now),
            resolved_at: None,
            deleted_at: None,
            tags: normal_tags(new.tags),
            custom_fields: new.custom_fields,
        }
        .settle(now)
    }

    /// What decides who may know of it.
    pub fn place(&self) -> TicketPlace {
        TicketPlace { team: self.team, assignee: self.assignee, requester: self.requester }
    }

    /// Moves to another status. Resolving answers the customer; reopening starts a new wait.
    pub fn with_status(mut self, to: Status, now: Timestamp) -> Result<Self, Refused> {
        let from = self.status;
        self.status = from.transition(to)?;
        if from == to {
            return Ok(self);
        }
        if to == Status::Resolved {
            self.resolved_at = Some(now);
        }
        if from == Status::Resolved && to.is_active() {
            self.resolved_at = None;
            self.eligible_at = None;
        }
        if !to.is_active() {
            self.waiting_since = None;
        }
        Ok(self.settle(now))
    }

    /// Gives it to `to`. A new ticket becomes open by that.
    pub fn assigned_to(mut self, to: UserId, now: Timestamp) -> Result<Self, Refused> {
        if !self.status.is_active() || self.deleted_at.is_some() {
            return Err(Refused::NotActive(self.status));
        }
        self.assignee = Some(to);
        if self.status == Status::New {
            self.status = Status::Open;
        }
        Ok(self.settle(now))
    }

    /// Takes it for oneself; a ticket that is somebody else's is refused.
    pub fn claimed_by(self, by: UserId, now: Timestamp) -> Result<Self, Refused> {
        match self.assignee {
            Some(other) if other != by => Err(Refused::AlreadyAssigned),
            _ => self.assigned_to(by, now),
        }
    }

    /// Takes it out of the basket. It waits again from the time it first became eligible; if it was
    /// answered since, from the oldest message that was not.
    pub fn unassigned(mut self, now: Timestamp) -> Self {
        self.assignee = None;
        if let (Some(eligible), Some(waiting)) = (self.eligible_at, self.waiting_since) {
            self.eligible_at = Some(eligible.max(waiting));
        }
        self.settle(now)
    }

    /// Moves it to another team. The old assignee's basket is left: another team decides anew.
    pub fn moved_to(mut self, team: TeamId, now: Timestamp) -> Self {
        if team == self.team {
            return self;
        }
        self.team = team;
        self.unassigned(now)
    }

    /// Deletes it, softly.
    pub fn deleted(mut self, now: Timestamp) -> Self {
        self.deleted_at = Some(now);
        self.settle(now)
    }

    /// Escalates it by one level, and makes it one step more urgent.
    pub fn raised(mut self) -> Self {
        self.escalation_level = self.escalation_level.saturating_add(1);
        self.priority = self.priority.raised();
        self
    }

    /// Replaces its tags.
    pub fn with_tags(mut self, tags: Vec<String>) -> Self {
        self.tags = normal_tags(tags);
        self
    }

    /// What a message of `kind` by the customer or by staff does to it.
    ///
    /// A customer's reply to `waiting` and `on_hold` reopens, to `resolved` inside
    /// [`REOPEN_WINDOW`] too; later, or when closed, it is refused. A staff reply answers the
    /// customer and opens a new ticket. A note does nothing.
    pub fn after_message(mut self, by_customer: bool, kind: MessageKind, now: Timestamp) -> Result<Self, Refused> {
        if kind == MessageKind::Note {
            return Ok(self);
        }
        if self.status == Status::Closed {
            return Err(Refused::Closed);
        }
        if !by_customer {
            self.waiting_since = None;
            return if self.status == Status::New { self.with_status(Status::Open, now) } else { Ok(self) };
        }
        let late = self.resolved_at.is_some_and(|at| now > at + REOPEN_WINDOW);
        if self.status == Status::Resolved && late {
            return Err(Refused::Closed);
        }
        self.waiting_since = Some(self.waiting_since.unwrap_or(now));
        match self.status {
            Status::Waiting | Status::OnHold | Status::Resolved => self.with_status(Status::Open, now),
            _ => Ok(self),
        }
    }

    /// Brings queue and units in line with status and assignee: the only place that decides them.
    fn settle(mut self, now: Timestamp) -> Self {
        let active = self.status.is_active() && self.deleted_at.is_none();
        self.queue = match (active, self.assignee, self.status) {
            (false, _, _) => QueueState::None,
            (true, Some(_), _) => QueueState::Assigned,
            (true, None, Status::New | Status::Open) => QueueState::Waiting,
            (true, None, _) => QueueState::None,
        };
        self.units = if self.queue == QueueState::Assigned { routing::units_of(self.channel) } else { 0 };
        if self.queue != QueueState::None && self.eligible_at.is_none() {
            self.eligible_at = Some(now);
        }
        self
    }
}

/// Labels as they are kept: trimmed, lower case, sorted, once each.
fn normal_tags(tags: Vec<String>) -> Vec<String> {
    let mut tags: Vec<_> = tags.iter().map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty()).collect();
    tags.sort();
    tags.dedup();
    tags
}

/// A named part of a ticket, as `changed` lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the ticket's field of that name")]
pub enum Field {
    Subject,
    Status,
    Priority,
    Tier,
    EscalationLevel,
    Team,
    Assignee,
    Queue,
    Tags,
    CustomFields,
    ResolvedAt,
    WaitingSince,
    Deleted,
    Sla,
}

impl Field {
    /// Whether customers see this part of their ticket.
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Tags | Self::CustomFields | Self::WaitingSince | Self::EscalationLevel | Self::Sla)
    }
}

/// What differs between two states of one ticket, in the order of [`Field`]; its clocks are no part of its state.
pub fn changed(before: &TicketState, after: &TicketState) -> Vec<Field> {
    let differs = [
        (before.subject != after.subject, Field::Subject),
        (before.status != after.status, Field::Status),
        (before.priority != after.priority, Field::Priority),
        (before.tier != after.tier, Field::Tier),
        (before.escalation_level != after.escalation_level, Field::EscalationLevel),
        (before.team != after.team, Field::Team),
        (before.assignee != after.assignee, Field::Assignee),
        (before.queue != after.queue || before.eligible_at != after.eligible_at, Field::Queue),
        (before.tags != after.tags, Field::Tags),
        (before.custom_fields != after.custom_fields, Field::CustomFields),
        (before.resolved_at != after.resolved_at, Field::ResolvedAt),
        (before.waiting_since != after.waiting_since, Field::WaitingSince),
        (before.deleted_at != after.deleted_at, Field::Deleted),
    ];
    differs.into_iter().filter_map(|(differs, field)| differs.then_some(field)).collect()
}

/// Units that move between people when a ticket goes from one state to the next:
/// `(person, units)`, in id order, negative where they are given back.
pub fn unit_moves(before: Option<&TicketState>, after: &TicketState) -> Vec<(UserId, i32)> {
    let held = |state: &TicketState| state.assignee.filter(|_| state.units > 0).map(|who| (who, state.units));
    let given_back = before.and_then(held);
    let taken = held(after);
    let mut moves = match (given_back, taken) {
        (Some((from, units)), Some((to, now))) if from == to => vec![(from, now - units)],
        (given_back, taken) => {
            given_back.map(|(who, units)| (who, -units)).into_iter().chain(taken).collect::<Vec<_>>()
        }
    };
    moves.retain(|(_, units)| *units != 0);
    moves.sort();
    moves
}

/// A team as it stands beside a ticket.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TeamRef {
    /// Which.
    pub id: TeamId,
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// The whole of a ticket at one moment, as an event carries it. What an audience may see of it is
/// decided where it leaves the house.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TicketSnapshot {
    /// Its id, which is its conversation's.
    pub id: TicketId,
    /// Its number in the organisation.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// Start of the last reply.
    pub preview: String,
    /// Where it is in its life.
    pub status: Status,
    /// How urgent.
    pub priority: Priority,
    /// How it came in.
    pub channel: Channel,
    /// The customer's tier; of a ticket that is over, as it was then.
    pub tier: Tier,
    /// How often its promise was broken upwards.
    pub escalation_level: i16,
    /// Whose queue.
    pub team: TeamRef,
    /// The customer.
    pub requester: Person,
    /// Whose basket.
    pub assignee: Option<Person>,
    /// Whether it waits for somebody.
    pub queue: QueueState,
    /// Since when it waits, or waited.
    pub eligible_at: Option<Timestamp>,
    /// The oldest customer message nobody has answered.
    pub waiting_since: Option<Timestamp>,
    /// Its service-level clocks, the oldest first; also those that are over.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// Labels.
    pub tags: Vec<String>,
    /// The organisation's own fields.
    pub custom_fields: serde_json::Value,
    /// Moves with fields, status, assignee, team and clocks.
    pub version: i64,
    /// How far the conversation has come.
    pub counters: Counters,
    /// When the last message came.
    pub last_message_at: Timestamp,
    /// When the last reply came.
    pub last_reply_at: Timestamp,
    /// The ticket this one follows.
    pub follow_up_of: Option<TicketId>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything last changed.
    pub updated_at: Timestamp,
    /// When anything a customer sees last changed.
    pub public_updated_at: Timestamp,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

impl TicketSnapshot {
    /// What decides who may know of it.
    pub fn place(&self) -> TicketPlace {
        TicketPlace { team: self.team.id, assignee: self.assignee.as_ref().map(|p| p.id), requester: self.requester.id }
    }

    /// When anything that `audience` sees last changed.
    pub fn updated_at_for(&self, audience: Audience) -> Timestamp {
        match audience {
            Audience::Staff => self.updated_at,
            Audience::Public => self.public_updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn user(n: u128) -> UserId {
        UserId(Uuid::from_u128(n))
    }

    fn team(n: u128) -> TeamId {
        TeamId(Uuid::from_u128(n))
    }

    fn ticket() -> TicketState {
        TicketState::open(
            NewTicket {
                subject: "Printer".into(),
                priority: Priority::Normal,
                channel: Channel::Portal,
                tier: Tier::Normal,
                team: team(1),
                requester: user(1),
                tags: vec![" B".into(), "a".into(), "b".into()],
                custom_fields: serde_json::json!({}),
            },
            at(0),
        )
    }

    #[test]
    fn begins_in_the_queue() {
        let ticket = ticket();
        assert_eq!((ticket.status, ticket.queue, ticket.units), (Status::New, QueueState::Waiting, 0));
        assert_eq!((ticket.eligible_at, ticket.waiting_since), (Some(at(0)), Some(at(0))));
        assert_eq!(ticket.tags, ["a", "b"]);
    }

    #[test]
    fn assignment_opens_takes_units_and_resolution_gives_them_back() {
        let before = ticket();
        let assigned = before.clone().assigned_to(user(5), at(1)).unwrap();
        assert_eq!((assigned.status, assigned.queue, assigned.units), (Status::Open, QueueState::Assigned, 1));
        assert_eq!(unit_moves(Some(&before), &assigned), [(user(5), 1)]);
        assert_eq!(changed(&before, &assigned), [Field::Status, Field::Assignee, Field::Queue]);

        let resolved = assigned.clone().with_status(Status::Resolved, at(2)).unwrap();
        assert_eq!((resolved.queue, resolved.units, resolved.assignee), (QueueState::None, 0, Some(user(5))));
        assert_eq!(unit_moves(Some(&assigned), &resolved), [(user(5), -1)]);
    }

    #[test]
    fn a_hand_over_moves_units_in_id_order() {
        let held = ticket().assigned_to(user(9), at(1)).unwrap();
        let next = held.clone().assigned_to(user(3), at(2)).unwrap();
        assert_eq!(unit_moves(Some(&held), &next), [(user(3), 1), (user(9), -1)]);
    }

    #[test]
    fn a_returned_ticket_keeps_its_first_eligible_time() {
        let returned = ticket().assigned_to(user(5), at(10)).unwrap().unassigned(at(99));
        assert_eq!((returned.queue, returned.eligible_at), (QueueState::Waiting, Some(at(0))));
    }

    #[test]
    fn answered_then_written_to_again_waits_from_the_new_message() {
        let returned = ticket()
            .assigned_to(user(5), at(10))
            .and_then(|t| t.after_message(false, MessageKind::Reply, at(20)))
            .and_then(|t| t.after_message(true, MessageKind::Reply, at(50)))
            .unwrap()
            .unassigned(at(99));
        assert_eq!(returned.eligible_at, Some(at(50)));
    }

    #[rstest::rstest]
    #[case(Status::Waiting, Status::Open)]
    #[case(Status::OnHold, Status::Open)]
    #[case(Status::Resolved, Status::Open)]
    #[case(Status::New, Status::New)]
    #[case(Status::Open, Status::Open)]
    fn a_customers_reply(#[case] from: Status, #[case] to: Status) {
        let mut ticket = ticket();
        ticket.status = from;
        ticket.resolved_at = (from == Status::Resolved).then(|| at(0));
        let after = ticket.after_message(true, MessageKind::Reply, at(5)).unwrap();
        assert_eq!(after.status, to);
        assert_eq!(after.queue, QueueState::Waiting);
    }

    #[test]
    fn a_reply_after_the_window_or_to_a_closed_ticket_is_a_follow_up() {
        let resolved = ticket().with_status(Status::Resolved, at(0)).unwrap();
        let end = at(0) + REOPEN_WINDOW;
        assert!(resolved.clone().after_message(true, MessageKind::Reply, end).is_ok());
        let late = end + SignedDuration::from_secs(1);
        assert_eq!(resolved.clone().after_message(true, MessageKind::Reply, late), Err(Refused::Closed));
        let closed = resolved.with_status(Status::Closed, at(1)).unwrap();
        assert_eq!(closed.clone().after_message(false, MessageKind::Reply, at(2)), Err(Refused::Closed));
        assert!(closed.after_message(false, MessageKind::Note, at(2)).is_ok());
    }

    #[test]
    fn reopening_begins_a_new_wait_in_the_same_basket() {
        let reopened = ticket()
            .assigned_to(user(5), at(1))
            .and_then(|t| t.with_status(Status::Resolved, at(2)))
            .and_then(|t| t.after_message(true, MessageKind::Reply, at(90)))
            .unwrap();
        assert_eq!((reopened.assignee, reopened.units), (Some(user(5)), 1));
        assert_eq!((reopened.eligible_at, reopened.waiting_since), (Some(at(90)), Some(at(90))));
        assert_eq!(reopened.resolved_at, None);
    }

    #[test]
    fn another_team_decides_anew() {
        let moved = ticket().assigned_to(user(5), at(1)).unwrap().moved_to(team(2), at(2));
        assert_eq!((moved.assignee, moved.queue, moved.units), (None, QueueState::Waiting, 0));
    }

    #[test]
    fn claims() {
        let held = ticket().assigned_to(user(5), at(1)).unwrap();
        assert_eq!(held.clone().claimed_by(user(6), at(2)), Err(Refused::AlreadyAssigned));
        assert_eq!(held.clone().claimed_by(user(5), at(2)), Ok(held));
        let resolved = ticket().with_status(Status::Resolved, at(1)).unwrap();
        assert_eq!(resolved.claimed_by(user(5), at(2)), Err(Refused::NotActive(Status::Resolved)));
    }

    #[test]
    fn every_refusal_names_what_is_allowed() {
        for from in Status::ALL {
            for to in Status::ALL {
                match from.transition(*to) {
                    Ok(reached) => assert_eq!(reached, *to),
                    Err(Refused::IllegalTransition { allowed, .. }) => assert!(!allowed.contains(to)),
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }

    #[derive(Debug, Clone)]
    enum Move {
        Status(Status),
        Assign(u8),
        Claim(u8),
        Unassign,
        Team(u8),
        Message { by_customer: bool, note: bool },
        Delete,
    }

    fn moves() -> impl Strategy<Value = Vec<Move>> {
        let one = prop_oneof![
            proptest::sample::select(Status::ALL).prop_map(Move::Status),
            (0u8..3).prop_map(Move::Assign),
            (0u8..3).prop_map(Move::Claim),
            Just(Move::Unassign),
            (0u8..2).prop_map(Move::Team),
            any::<(bool, bool)>().prop_map(|(by_customer, note)| Move::Message { by_customer, note }),
            Just(Move::Delete),
        ];
        proptest::collection::vec(one, 0..30)
    }

    fn apply(ticket: TicketState, step: &Move, now: Timestamp) -> Result<TicketState, Refused> {
        match step {
            Move::Status(to) => ticket.with_status(*to, now),
            Move::Assign(who) => ticket.assigned_to(user(u128::from(*who)), now),
            Move::Claim(who) => ticket.claimed_by(user(u128::from(*who)), now),
            Move::Unassign => Ok(ticket.unassigned(now)),
            Move::Team(which) => Ok(ticket.moved_to(team(u128::from(*which)), now)),
            Move::Message { by_customer, note } => {
                let kind = if *note { MessageKind::Note } else { MessageKind::Reply };
                ticket.after_message(*by_customer, kind, now)
            }
            Move::Delete => Ok(ticket.deleted(now)),
        }
    }

    proptest! {
        /// Whatever happens: an active unassigned new/open ticket waits, units are held exactly by
        /// the assignee of an active ticket, and the sum of all moves equals what is held.
        #[test]
        fn queue_and_units_always_agree_with_status(steps in moves()) {
            let mut ticket = ticket();
            let mut held = std::collections::BTreeMap::<UserId, i32>::new();
            for (second, step) in steps.iter().enumerate() {
                let Ok(next) = apply(ticket.clone(), step, at(second as i64)) else { continue };
                for (who, units) in unit_moves(Some(&ticket), &next) {
                    *held.entry(who).or_default() += units;
                }
                ticket = next;
                let active = ticket.status.is_active() && ticket.deleted_at.is_none();
                let queued = active && ticket.assignee.is_none() && matches!(ticket.status, Status::New | Status::Open);
                prop_assert_eq!(ticket.queue == QueueState::Waiting, queued);
                prop_assert_eq!(ticket.units > 0, active && ticket.assignee.is_some());
                prop_assert!(ticket.queue == QueueState::None || ticket.eligible_at.is_some());
                let mine = ticket.assignee.map_or(0, |who| held.get(&who).copied().unwrap_or(0));
                prop_assert_eq!(mine, ticket.units);
                prop_assert_eq!(held.values().sum::<i32>(), ticket.units);
            }
        }
    }
}
