use baton_domain::conversation::{Counters, Message as StoredMessage};
use baton_domain::event::Room;
use baton_domain::id::{MessageId, OrgId, SessionId, TeamId};
use baton_domain::ticket::{Channel, Priority, QueueState, Status, TeamRef, TicketSnapshot};
use baton_domain::user::{Person, Tier};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

/// Stands in everything that customers must never see.
const SECRET: &str = "s3cret";

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_700_000_000 + second)
}

fn person(n: u128, role: Role) -> Person {
    Person {
        id: UserId(Uuid::from_u128(n)),
        name: format!("P{n}"),
        email: Some(format!("{SECRET}{n}@example.org")),
        role,
    }
}

fn clock() -> baton_domain::sla::Clock {
    use baton_domain::sla::{Clock, Metric, Timing};
    let timing = Timing {
        policy_id: Uuid::from_u128(10).into(),
        policy_version: 2,
        policy_name: SECRET.into(),
        target_ms: 60_000,
        warn_lead_ms: None,
    };
    Clock::start(Uuid::from_u128(11).into(), Metric::Resolution, timing, at(0))
}

fn snapshot(n: i64, assigned: bool) -> TicketSnapshot {
    TicketSnapshot {
        id: ConversationId(Uuid::from_u128(5)),
        number: n,
        subject: "Printer".into(),
        preview: "It smokes".into(),
        status: Status::Open,
        priority: Priority::High,
        channel: Channel::Portal,
        tier: Tier::Vip,
        escalation_level: 2,
        team: TeamRef { id: TeamId(Uuid::from_u128(1)), slug: "support".into(), name: "Support".into() },
        requester: person(6, Role::Customer),
        assignee: assigned.then(|| person(7, Role::Agent)),
        queue: if assigned { QueueState::Assigned } else { QueueState::Waiting },
        eligible_at: Some(at(1)),
        waiting_since: Some(at(2)),
        clocks: vec![clock()],
        tags: vec![SECRET.into()],
        custom_fields: json!({ "x": SECRET }),
        version: n,
        counters: Counters { seq: n + 3, public_seq: n },
        last_message_at: at(20),
        last_reply_at: at(10),
        follow_up_of: None,
        created_at: at(0),
        updated_at: at(20),
        public_updated_at: at(10),
        resolved_at: None,
        deleted_at: None,
    }
}

fn message(kind: MessageKind) -> StoredMessage {
    StoredMessage {
        id: MessageId(Uuid::from_u128(8)),
        conversation_id: ConversationId(Uuid::from_u128(5)),
        counters: Counters { seq: 4, public_seq: 2 },
        kind,
        body: if kind == MessageKind::Note { SECRET.into() } else { "Hello".into() },
        author: person(7, Role::Agent),
        client_id: Some("c1".into()),
        created_at: at(30),
    }
}

fn event(fact: Fact) -> Event {
    let id = ConversationId(Uuid::from_u128(5));
    Event {
        id: EventId(Uuid::from_u128(9)),
        org: OrgId(Uuid::from_u128(4)),
        at: at(30),
        by: By::User { id: UserId(Uuid::from_u128(7)), name: "P7".into(), role: Role::Agent },
        conversation_id: Some(id),
        rooms: vec![Room::ConversationStaff(id), Room::ConversationPublic(id)],
        trace: None,
        fact,
    }
}

fn created(kind: MessageKind) -> Event {
    let effect = MessageEffect { preview: "Hello".into(), waiting_since: None };
    event(Fact::MessageCreated { message: Box::new(message(kind)), effect })
}

fn json_of(event: &Event, audience: Audience) -> Option<Value> {
    project(event, Some(FeedCursor(3)), audience).map(|payload| serde_json::to_value(payload).unwrap())
}

#[test]
fn a_message_tells_its_ticket_too() {
    let staff = json_of(&created(MessageKind::Reply), Audience::Staff).unwrap();
    assert_eq!(staff["type"], "message:created");
    assert_eq!((&staff["data"]["seq"], &staff["data"]["ticket"]["last_seq"]), (&json!(4), &json!(4)));
    assert_eq!(staff["data"]["ticket"]["waiting_since"], Value::Null);
    assert!(staff["data"]["ticket"].as_object().unwrap().contains_key("waiting_since"), "null says: nobody waits");
    assert_eq!(staff["ticket_id"], staff["conversation_id"]);
    let public = json_of(&created(MessageKind::Reply), Audience::Public).unwrap();
    assert_eq!(public["data"]["seq"], 2);
    assert!(!public["data"]["ticket"].as_object().unwrap().contains_key("waiting_since"));
}

#[test]
fn a_note_is_nothing_to_a_customer() {
    assert_eq!(json_of(&created(MessageKind::Note), Audience::Public), None);
    assert!(json_of(&created(MessageKind::Note), Audience::Staff).is_some());
}

#[test]
fn what_gateways_act_on_is_not_told() {
    let (user_id, session_id) = (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
    for fact in [Fact::SessionRevoked { session_id, user_id }, Fact::AccessChanged { user_id }] {
        assert_eq!(json_of(&event(fact), Audience::Staff), None);
    }
}

#[test]
fn a_ticket_in_an_event_is_nobodys_in_particular() {
    let change = TicketChanged { ticket: snapshot(3, false), changed: vec![Field::Status, Field::Tags] };
    let staff = json_of(&event(Fact::TicketUpdated(Box::new(change.clone()))), Audience::Staff).unwrap();
    let ticket = staff["data"]["ticket"].as_object().unwrap();
    assert!(!ticket.contains_key("unread") && !ticket.contains_key("read_seq"));
    assert_eq!(ticket["queue"], json!({"state": "waiting", "eligible_at": "2023-11-14T22:13:21Z"}));
    assert_eq!(staff["data"]["changed"], json!(["status", "tags"]));
    let public = json_of(&event(Fact::TicketUpdated(Box::new(change))), Audience::Public).unwrap();
    assert_eq!(public["data"]["changed"], json!(["status"]));
    assert_eq!((&public["data"]["ticket"]["last_seq"], &ticket["last_seq"]), (&json!(3), &json!(6)));
}

#[test]
fn each_payload_is_read_back_as_what_it_is() {
    let change = Box::new(TicketChanged { ticket: snapshot(3, true), changed: vec![Field::Assignee] });
    let id = ConversationId(Uuid::from_u128(5));
    let read = Fact::ConversationRead {
        user_id: UserId(Uuid::from_u128(7)),
        role: Role::Agent,
        counters: Counters { seq: 4, public_seq: 2 },
    };
    let removed = Fact::TicketRemoved { ticket: RemovedTicket { id, version: 4 } };
    let events = [event(Fact::TicketAssigned(change)), created(MessageKind::Reply), event(read), event(removed)];
    for event in &events {
        let payload = project(event, None, Audience::Staff).unwrap();
        let json = serde_json::to_string(&payload).unwrap();
        assert_eq!(serde_json::from_str::<Payload>(&json).unwrap().data, payload.data, "{json}");
    }
}

fn facts() -> impl Strategy<Value = Fact> {
    let fields = [Field::Status, Field::Tags, Field::CustomFields, Field::WaitingSince, Field::Queue];
    let change = (0..1_000i64, any::<bool>(), proptest::sample::subsequence(fields.to_vec(), 0..=5))
        .prop_map(|(n, assigned, changed)| Box::new(TicketChanged { ticket: snapshot(n, assigned), changed }));
    let effect = MessageEffect { preview: "Hello".into(), waiting_since: Some(at(2)) };
    prop_oneof![
        change.clone().prop_map(Fact::TicketCreated),
        change.clone().prop_map(Fact::TicketUpdated),
        change.clone().prop_map(Fact::TicketAssigned),
        change.prop_map(Fact::TicketUnassigned),
        prop_oneof![Just(MessageKind::Note), Just(MessageKind::Reply)]
            .prop_map(move |kind| Fact::MessageCreated { message: Box::new(message(kind)), effect: effect.clone() }),
    ]
}

proptest! {
    #[test]
    fn customers_never_see_what_is_not_theirs(fact in facts()) {
        let event = event(fact);
        if let Some(json) = json_of(&event, Audience::Public) {
            let text = json.to_string();
            prop_assert!(!text.contains(SECRET), "{text}");
            prop_assert!(!text.contains('@'), "{text}");
            prop_assert!(!text.contains("waiting_since"), "{text}");
        }
        prop_assert!(json_of(&event, Audience::Staff).is_some());
    }
}
