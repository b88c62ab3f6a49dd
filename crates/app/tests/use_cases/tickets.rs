//! Opening, finding, changing.

use std::sync::Arc;

use baton_app::conversations::{PostMessage, post_message};
use baton_app::tickets::{self, Filter, OpenTicket, Requester, Sort, TicketChange};
use baton_app::{Error, users};
use baton_domain::access::Actor;
use baton_domain::conversation::MessageKind;
use baton_domain::id::TicketId;
use baton_domain::routing::MemberRole;
use baton_domain::ticket::{Channel, Priority, QueueState, Status};
use baton_domain::user::{Role, Tier};
use baton_testkit::{Organization, World, can, wish};
use jiff::SignedDuration;

pub(crate) fn all() -> Filter {
    Filter {
        statuses: vec![],
        priorities: vec![],
        teams: vec![],
        assignees: vec![],
        unassigned: false,
        requesters: vec![],
        tags: vec![],
        queues: vec![],
        unanswered: None,
        escalated: None,
        from: None,
        to: None,
        text: None,
        sort: Sort::UpdatedAt,
        descending: true,
        after: None,
        limit: 20,
    }
}

async fn ids(world: &World, who: &Arc<Actor>, filter: Filter) -> Vec<TicketId> {
    let page = tickets::list(&can(who), &world.db, filter).await.unwrap();
    page.tickets.into_iter().map(|view| view.ticket.id).collect()
}

async fn acme() -> (World, Organization) {
    let world = World::new().await;
    let org = world.organization("acme").await;
    (world, org)
}

#[tokio::test]
async fn a_customers_ticket_waits_in_the_default_team() {
    let (world, org) = acme().await;
    let customer = org.customer("Cleo").await;
    let first = customer.opens(&org, "Printer").await;
    assert_eq!(first.ticket.team.slug, "support");
    assert_eq!((first.ticket.queue, first.waiting_before), (QueueState::Waiting, Some(0)));
    assert_eq!((first.ticket.number, first.ticket.version), (1, 1));
    assert_eq!(first.ticket.channel, Channel::Portal);
    assert_eq!(first.ticket.preview, "Printer, please help");
    world.clock.advance(SignedDuration::from_secs(1));
    let second = customer.opens(&org, "Scanner").await;
    assert_eq!((second.ticket.number, second.waiting_before), (2, Some(1)));
    let urgent = customer.opens_at(&org, "Fire", Priority::Urgent).await;
    assert_eq!(urgent.waiting_before, Some(0));
}

#[tokio::test]
async fn staff_open_for_a_customer_known_or_new() {
    let (world, org) = acme().await;
    let leader = org.leader("Ana").await.actor;
    let ask = |email: &str| OpenTicket {
        requester: Some(Requester { email: email.into(), name: Some("Nia".into()), tier: Some(Tier::Vip) }),
        ..wish("By phone", Priority::High)
    };
    let view = tickets::open(&can(&leader), &world.db, ask("Nia@New.example")).await.unwrap();
    assert_eq!(view.ticket.requester.email.as_deref(), Some("nia@new.example"));
    assert_eq!((view.ticket.tier, view.ticket.channel), (Tier::Vip, Channel::Manual));
    let again = tickets::open(&can(&leader), &world.db, ask("nia@new.example")).await.unwrap();
    assert_eq!(view.ticket.requester.id, again.ticket.requester.id);

    let for_staff = tickets::open(&can(&leader), &world.db, ask(&leader.email)).await.unwrap_err();
    assert_eq!(for_staff.code(), "invalid");
    let for_nobody = tickets::open(&can(&leader), &world.db, wish("x", Priority::Low)).await.unwrap_err();
    assert_eq!(for_nobody.code(), "invalid");
    let customer = org.customer("Cleo").await.actor;
    let by_customer = tickets::open(&can(&customer), &world.db, ask("x@y.example")).await.unwrap_err();
    assert_eq!(by_customer.code(), "forbidden");
}

#[tokio::test]
async fn everything_wrong_is_named_at_once_and_nothing_is_stored() {
    let (world, org) = acme().await;
    let customer = org.customer("Cleo").await.actor;
    let bad = OpenTicket {
        body: Some("a\0b".into()),
        tags: vec![" ".into()],
        custom_fields: serde_json::json!([]),
        ..wish("  ", Priority::Low)
    };
    let Err(Error::Invalid(violations)) = tickets::open(&can(&customer), &world.db, bad).await else {
        panic!("refused")
    };
    let pointers: Vec<_> = violations.iter().map(|v| v.pointer.as_str()).collect();
    let expected = ["/subject", "/body", "/tags/0", "/custom_fields", "/tags", "/custom_fields"];
    assert_eq!(pointers, expected);
    let unknown = OpenTicket { team: Some("nowhere".into()), ..wish("x", Priority::Low) };
    assert_eq!(tickets::open(&can(&customer), &world.db, unknown).await.unwrap_err().code(), "invalid");
    assert_eq!(world.database.lines("select count(*)::text as line from tickets").await, ["0"]);
    assert_eq!(world.database.lines("select count(*)::text as line from events").await, ["0"]);
}

#[tokio::test]
async fn a_stale_version_changes_nothing_and_brings_the_current_ticket() {
    let (world, org) = acme().await;
    let ticket = org.customer("Cleo").await.opens(&org, "Printer").await.ticket.id;
    let leader = org.leader("Ana").await.actor;
    let urgent = || TicketChange { priority: Some(Priority::Urgent), ..Default::default() };
    let view = tickets::change(&can(&leader), &world.db, ticket, Some(1), urgent()).await.unwrap();
    assert_eq!(view.ticket.version, 2);
    let low = TicketChange { priority: Some(Priority::Low), ..Default::default() };
    let Err(Error::Stale(current)) = tickets::change(&can(&leader), &world.db, ticket, Some(1), low).await else {
        panic!("stale")
    };
    assert_eq!((current.ticket.version, current.ticket.priority), (2, Priority::Urgent));
}

#[tokio::test]
async fn an_illegal_move_says_what_is_legal() {
    let (world, org) = acme().await;
    let ticket = org.customer("Cleo").await.opens(&org, "Printer").await.ticket.id;
    let leader = org.leader("Ana").await.actor;
    let to = |status| TicketChange { status: Some(status), ..Default::default() };
    tickets::change(&can(&leader), &world.db, ticket, None, to(Status::Closed)).await.unwrap();
    let refused = tickets::change(&can(&leader), &world.db, ticket, None, to(Status::Open)).await.unwrap_err();
    assert_eq!((refused.code(), refused.allowed()), ("illegal_transition", Some(&[][..])));
}

#[tokio::test]
async fn two_editors_at_once_both_count() {
    let (world, org) = acme().await;
    let ticket = org.customer("Cleo").await.opens(&org, "Printer").await.ticket.id;
    let leader = org.leader("Ana").await.actor;
    let edits = (0..10).map(|n| {
        let (db, leader) = (world.db.clone(), Arc::clone(&leader));
        async move {
            let fields = serde_json::json!({ format!("f{n}"): n });
            let change = TicketChange { custom_fields: Some(fields), ..Default::default() };
            tickets::change(&can(&leader), &db, ticket, None, change).await.unwrap()
        }
    });
    futures::future::join_all(edits).await;
    let view = tickets::get(&can(&leader), &world.db, ticket).await.unwrap();
    assert_eq!(view.ticket.version, 11);
    assert_eq!(view.ticket.custom_fields.as_object().unwrap().len(), 10);
}

#[tokio::test]
async fn custom_fields_merge_and_null_removes() {
    let (world, org) = acme().await;
    let ticket = org.customer("Cleo").await.opens(&org, "Printer").await.ticket.id;
    let leader = org.leader("Ana").await.actor;
    for patch in [serde_json::json!({"a": 1, "b": 2}), serde_json::json!({"a": null, "c": 3})] {
        let change = TicketChange { custom_fields: Some(patch), ..Default::default() };
        tickets::change(&can(&leader), &world.db, ticket, None, change).await.unwrap();
    }
    let view = tickets::get(&can(&leader), &world.db, ticket).await.unwrap();
    assert_eq!(view.ticket.custom_fields, serde_json::json!({"b": 2, "c": 3}));
}

#[tokio::test]
async fn who_sees_what() {
    let (world, org) = acme().await;
    let (cleo, stan) = (org.customer("Cleo").await, org.customer("Stan").await);
    let leader = org.leader("Ana").await.actor;
    let other = org.person(Role::TeamLeader, "Bob", &[(org.billing, MemberRole::Leader)]).await;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    let first = cleo.opens(&org, "Printer").await.ticket.id;
    let second = stan.opens(&org, "Scanner").await.ticket.id;

    let mut expected = vec![first, second];
    expected.sort();
    for (who, sees) in [
        (&cleo.actor, vec![first]),
        (&stan.actor, vec![second]),
        (&leader, expected.clone()),
        (&other, vec![]),
        (&supervisor, expected.clone()),
    ] {
        let mut seen = ids(&world, who, all()).await;
        seen.sort();
        assert_eq!(seen, sees, "{}", who.name);
    }
    // Assigned across teams it is seen by its assignee too, once.
    tickets::assign(&can(&supervisor), &world.db, first, None, Some(other.user)).await.unwrap();
    assert_eq!(ids(&world, &other, all()).await, [first]);
    let counts = tickets::counts(&can(&other), &world.db).await.unwrap().counts;
    assert_eq!((counts.mine, counts.all), (1, 1));
    let counts = tickets::counts(&can(&leader), &world.db).await.unwrap().counts;
    assert_eq!((counts.mine, counts.team_queue, counts.unassigned, counts.all), (0, 1, 1, 2));
}

#[tokio::test]
async fn every_sort_pages_through_everything_once() {
    let (world, org) = acme().await;
    let customer = org.customer("Cleo").await;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    let leader = org.leader("Ana").await.actor;
    let mut opened = Vec::new();
    for n in 0..23 {
        let priority = Priority::ALL[n % 4];
        opened.push(customer.opens_at(&org, &format!("t{n}"), priority).await.ticket.id);
        // Some share a moment: ties must not be lost between pages.
        if n % 3 == 0 {
            world.clock.advance(SignedDuration::from_secs(1));
        }
    }
    for (n, id) in opened.iter().enumerate().filter(|(n, _)| n % 5 == 0) {
        let status = if n % 2 == 0 { Status::Resolved } else { Status::Waiting };
        let change = TicketChange { status: Some(status), ..Default::default() };
        tickets::change(&can(&supervisor), &world.db, *id, None, change).await.unwrap();
    }
    opened.sort();
    for who in [&customer.actor, &leader, &supervisor] {
        for sort in [Sort::UpdatedAt, Sort::CreatedAt, Sort::Priority, Sort::SlaDueAt, Sort::WaitingSince] {
            for descending in [false, true] {
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let filter = Filter { sort, descending, after, limit: 4, ..all() };
                    let page = tickets::list(&can(who), &world.db, filter).await.unwrap();
                    seen.extend(page.tickets.into_iter().map(|view| view.ticket.id));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                let count = seen.len();
                seen.sort();
                seen.dedup();
                assert_eq!((count, &seen), (23, &opened), "{sort:?} {descending} {}", who.name);
            }
        }
    }
}

#[tokio::test]
async fn filters() {
    let (world, org) = acme().await;
    let customer = org.customer("Cleo").await;
    let sue = org.person(Role::Supervisor, "Sue", &[]).await;
    let leader = org.leader("Ana").await.actor;
    let a = customer.opens_at(&org, "100% red_paint", Priority::High).await.ticket;
    world.clock.advance(SignedDuration::from_hours(1));
    let noon = world.clock.now();
    let b = customer.opens_at(&org, "Blue paint", Priority::Low).await.ticket;
    tickets::claim(&can(&leader), &world.db, a.id, None).await.unwrap();
    let tags = TicketChange { tags: Some(vec!["VIP".into()]), ..Default::default() };
    tickets::change(&can(&sue), &world.db, b.id, None, tags).await.unwrap();
    let number = |n: i64| Filter { text: Some(format!("#{n}")), ..all() };
    for (what, filter, expected) in [
        ("status", Filter { statuses: vec![Status::Open], ..all() }, vec![a.id]),
        ("priority", Filter { priorities: vec![Priority::Low, Priority::Normal], ..all() }, vec![b.id]),
        ("assignee", Filter { assignees: vec![leader.user], ..all() }, vec![a.id]),
        ("unassigned", Filter { unassigned: true, ..all() }, vec![b.id]),
        ("either", Filter { unassigned: true, assignees: vec![leader.user], ..all() }, vec![b.id, a.id]),
        ("team", Filter { teams: vec!["billing".into()], ..all() }, vec![]),
        ("unknown team", Filter { teams: vec!["nowhere".into()], ..all() }, vec![]),
        ("requester", Filter { requesters: vec![customer.actor.user], ..all() }, vec![b.id, a.id]),
        ("tag", Filter { tags: vec!["vip".into()], ..all() }, vec![b.id]),
        ("escalated", Filter { escalated: Some(true), ..all() }, vec![]),
        ("from", Filter { from: Some(noon), ..all() }, vec![b.id]),
        ("to", Filter { to: Some(noon), ..all() }, vec![a.id]),
        ("text", Filter { text: Some("PAINT".into()), ..all() }, vec![b.id, a.id]),
        ("text is no pattern", Filter { text: Some("d_p".into()), ..all() }, vec![a.id]),
        ("percent", Filter { text: Some("0%".into()), ..all() }, vec![a.id]),
        ("number", number(b.number), vec![b.id]),
    ] {
        let mut seen = ids(&world, &sue, Filter { sort: Sort::CreatedAt, ..filter }).await;
        let mut expected = expected;
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected, "{what}");
    }
}

/// A ticket of each kind that a tab tells apart: waiting, in somebody's basket, answered, put aside, done.
async fn a_full_inbox(world: &World, org: &Organization, leader: &Arc<Actor>, agent: &Arc<Actor>) {
    let customer = org.customer("Cleo").await;
    let sue = org.person(Role::Supervisor, "Sam", &[]).await;
    let kinds = [
        (None, None),
        (Some(leader), None),
        (Some(agent), Some(Status::Waiting)),
        (Some(&sue), None),
        (None, Some(Status::OnHold)),
        (None, Some(Status::Resolved)),
    ];
    for team in ["support", "billing"] {
        for (to, status) in kinds {
            let open = OpenTicket { team: Some(team.into()), ..wish("Printer", Priority::Normal) };
            let id = tickets::open(&can(&customer.actor), &world.db, open).await.unwrap().ticket.id;
            if let Some(to) = to {
                tickets::assign(&can(&sue), &world.db, id, None, Some(to.user)).await.unwrap();
            }
            let change = TicketChange { status, ..Default::default() };
            tickets::change(&can(&sue), &world.db, id, None, change).await.unwrap();
            if to == Some(leader) {
                let post = PostMessage {
                    conversation: id,
                    kind: MessageKind::Reply,
                    body: "Done".into(),
                    client_id: None,
                    then: None,
                };
                post_message(&can(leader), &world.db, post).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_tab_counts_what_its_list_shows() {
    let (world, org) = acme().await;
    let leader = org.leader("Ana").await.actor;
    let agent = org.person(Role::Agent, "Ben", &[(org.billing, MemberRole::Member)]).await;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    a_full_inbox(&world, &org, &leader, &agent).await;
    let active =
        || Filter { statuses: vec![Status::New, Status::Open, Status::Waiting, Status::OnHold], limit: 100, ..all() };
    let mut told = Vec::new();
    for who in [&leader, &agent, &supervisor] {
        let counts = tickets::counts(&can(who), &world.db).await.unwrap().counts;
        for (tab, count, filter) in [
            ("mine", counts.mine, Filter { assignees: vec![who.user], ..active() }),
            ("team_queue", counts.team_queue, Filter { queues: vec![QueueState::Waiting], limit: 100, ..all() }),
            ("unassigned", counts.unassigned, Filter { unassigned: true, ..active() }),
            ("waiting", counts.waiting, Filter { unanswered: Some(true), ..active() }),
            ("all", counts.all, active()),
        ] {
            let listed = ids(&world, who, filter).await.len() as i64;
            assert_eq!(listed, count, "{tab} of {}", who.name);
        }
        told.push([counts.mine, counts.team_queue, counts.unassigned, counts.waiting, counts.all]);
    }
    // Each tab tells something else, or the agreement shows nothing.
    assert_eq!(told, [[2, 1, 2, 4, 6], [2, 1, 2, 5, 6], [0, 2, 4, 8, 10]]);
}

#[tokio::test]
async fn a_deleted_ticket_is_gone_for_everybody_and_its_slot_free() {
    let (world, org) = acme().await;
    let customer = org.customer("Cleo").await;
    let ticket = customer.opens(&org, "Printer").await.ticket.id;
    let leader = org.leader("Ana").await.actor;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    tickets::claim(&can(&leader), &world.db, ticket, None).await.unwrap();
    tickets::delete(&can(&supervisor), &world.db, ticket, None).await.unwrap();
    for who in [&customer.actor, &leader, &supervisor] {
        assert!(matches!(tickets::get(&can(who), &world.db, ticket).await, Err(Error::NotFound(_))));
        assert!(ids(&world, who, all()).await.is_empty());
    }
    let work = users::me(&can(&leader), &world.db).await.unwrap().work.unwrap();
    assert_eq!(work.units_used, 0);
}

#[tokio::test]
async fn a_timeline_tells_the_ticket_s_life_in_order() {
    let (world, org) = acme().await;
    let ticket = org.customer("Cleo").await.opens(&org, "Printer").await.ticket.id;
    let leader = org.leader("Ana").await.actor;
    tickets::claim(&can(&leader), &world.db, ticket, None).await.unwrap();
    let change = TicketChange { status: Some(Status::Resolved), ..Default::default() };
    tickets::change(&can(&leader), &world.db, ticket, None, change).await.unwrap();
    let (events, more) = tickets::timeline(&can(&leader), &world.db, ticket, None, 2).await.unwrap();
    let names = |events: &[baton_domain::event::Event]| events.iter().map(|e| e.fact.name()).collect::<Vec<_>>();
    assert_eq!((names(&events), more), (vec!["ticket:created", "ticket:assigned"], true));
    let rest = tickets::timeline(&can(&leader), &world.db, ticket, Some(events[1].id), 2).await.unwrap();
    assert_eq!((names(&rest.0), rest.1), (vec!["ticket:updated"], false));
}
