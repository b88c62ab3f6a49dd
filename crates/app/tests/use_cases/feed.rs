//! The feed as readers see it: pages of what was missed, and when it is too much.

use baton_app::conversations::{PostMessage, post_message};
use baton_app::feed::{self, Sequenced};
use baton_app::{routing, sla};
use baton_domain::conversation::MessageKind;
use baton_domain::event::{Canary, Fact, Passing};
use baton_testkit::{World, can};
use jiff::SignedDuration;

async fn sequence(world: &World) -> usize {
    let mut sum = 0;
    loop {
        match feed::sequence(&world.system).await.unwrap() {
            Sequenced::Placed(placed) if placed.is_empty() => return sum,
            Sequenced::Placed(placed) => sum += placed.len(),
            Sequenced::Standby => {}
        }
    }
}

#[tokio::test]
async fn what_was_missed_comes_in_pages_and_only_to_those_who_may_hear_it() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let customer = org.customer("Cleo").await;
    let leader = org.leader("Ana").await.actor;
    let ticket = customer.opens(&org, "Printer").await.ticket.id;
    for n in 0..600 {
        let kind = if n % 2 == 0 { MessageKind::Reply } else { MessageKind::Note };
        let post = PostMessage { conversation: ticket, kind, body: n.to_string(), client_id: None, then: None };
        post_message(&can(&leader), &world.db, post).await.unwrap();
    }
    assert_eq!(sequence(&world).await, 603);
    let head = feed::head(&world.system).await.unwrap();
    assert_eq!(head, 603);

    let first = feed::missed(&world.db, &leader, 0, head).await.unwrap().unwrap();
    assert_eq!((first.events.len(), first.upto, first.more), (500, 500, true));
    let second = feed::missed(&world.db, &leader, first.upto, head).await.unwrap().unwrap();
    assert_eq!((second.events.len(), second.upto, second.more), (103, 603, false));

    let theirs = feed::missed(&world.db, &customer.actor, 0, head).await.unwrap().unwrap();
    assert_eq!(theirs.events.len(), 303);
    for (_, event) in &theirs.events {
        if let Fact::MessageCreated { message, .. } = &event.fact {
            assert_eq!(message.kind, MessageKind::Reply);
        }
    }
    let stranger = org.customer("Stan").await.actor;
    assert!(feed::missed(&world.db, &stranger, 0, head).await.unwrap().unwrap().events.is_empty());
}

#[tokio::test]
async fn too_much_is_said_plainly() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let leader = org.leader("Ana").await.actor;
    world
        .database
        .run_as_owner(&format!(
            "insert into feed (position, org_id, event_id) select n, '{}', gen_random_uuid() \
             from generate_series(1, 10001) n",
            org.id
        ))
        .await;
    assert!(feed::missed(&world.db, &leader, 0, 10_001).await.unwrap().is_none());
    assert!(feed::missed(&world.db, &leader, 1, 10_001).await.unwrap().is_some());
}

#[tokio::test]
async fn of_many_sequencers_one_works() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    org.customer("Cleo").await.opens(&org, "Printer").await;
    let tx = world.system.begin("holder").await.unwrap();
    baton_store::feed::lock_head(&tx).await.unwrap().unwrap();
    assert!(matches!(feed::sequence(&world.system).await.unwrap(), Sequenced::Standby));
    drop(tx);
    baton_testkit::wait_for("the head to come free", std::time::Duration::from_secs(5), || async {
        match feed::sequence(&world.system).await.unwrap() {
            Sequenced::Placed(placed) => Some(placed),
            Sequenced::Standby => None,
        }
    })
    .await;
}

#[tokio::test]
async fn a_canary_has_a_place_like_an_event_and_no_organisation_hears_of_it() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let leader = org.leader("Ana").await.actor;
    org.customer("Cleo").await.opens(&org, "Printer").await;
    let turn = async || match feed::sequence_with_canary(&world.system).await.unwrap() {
        Sequenced::Placed(placed) => placed,
        Sequenced::Standby => panic!("nobody else is here"),
    };
    let began = world.clock.now();
    let mut placed = turn().await;
    let events = placed.len() - 1;
    assert!(events > 0);
    assert_eq!(placed[events].passing, Passing::Canary(Canary { at: began }));
    world.clock.advance(SignedDuration::from_secs(9));
    assert!(turn().await.is_empty(), "once in ten seconds");
    world.clock.advance(SignedDuration::from_secs(1));
    placed.extend(turn().await);
    assert_eq!(placed.len(), events + 2);

    // Read again, it is all there, and dense.
    assert_eq!(feed::range(&world.system, 0, 100).await.unwrap(), placed);
    assert!((1..).zip(&placed).all(|(position, placed)| placed.position == position));
    let head = feed::head(&world.system).await.unwrap();
    assert_eq!(head, placed.len() as i64);
    let missed = feed::missed(&world.db, &leader, 0, head).await.unwrap().unwrap();
    assert_eq!((missed.events.len(), missed.upto), (events, head));
    let seen = world.db.begin("peek", org.id).await.unwrap();
    assert_eq!(baton_store::feed::count_between(&seen, 0, head, 100).await.unwrap(), events as i64);

    // How far behind is who has not heard of the second.
    world.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(feed::lag_seconds(&world.system, head - 1).await.unwrap(), 5.0);
    assert_eq!(feed::lag_seconds(&world.system, head).await.unwrap(), 0.0);
}

#[tokio::test]
async fn what_waits_is_counted_with_its_age() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let customer = org.customer("Cleo").await;
    org.promises().await;
    let counts = async || {
        let (outbox, queues, clocks) = futures::try_join!(
            feed::outbox(&world.system),
            routing::backlog(&world.system),
            sla::backlog(&world.system)
        )
        .unwrap();
        [outbox, queues, clocks].map(|backlog| (backlog.waiting, backlog.oldest_seconds))
    };
    sequence(&world).await;
    assert_eq!(counts().await, [(0, 0.0); 3]);
    customer.opens(&org, "Printer").await;
    world.clock.advance(SignedDuration::from_secs(30));
    let [outbox, queues, clocks] = counts().await;
    assert!(outbox.0 >= 2 && outbox.1 == 30.0, "{outbox:?}");
    assert_eq!((queues, clocks), ((1, 30.0), (0, 0.0)));
    sequence(&world).await;
    world.clock.advance(SignedDuration::from_hours(24));
    let [outbox, queues, clocks] = counts().await;
    assert_eq!((outbox, queues), ((0, 0.0), (1, 86_430.0)));
    assert!(clocks.0 > 0 && clocks.1 > 0.0, "{clocks:?}");
}
