//! Posting, repeating, reading.

use std::sync::Arc;

use baton_app::conversations::{History, Page, PostMessage, history, mark_read, post_message};
use baton_app::{Ctx, Error, IdempotencyKey, tickets};
use baton_domain::access::Actor;
use baton_domain::conversation::{Audience, MessageKind};
use baton_domain::id::ConversationId;
use baton_domain::ticket::{Refused, Status};
use baton_testkit::{Organization, World, can};
use jiff::SignedDuration;

fn reply(conversation: ConversationId, body: &str) -> PostMessage {
    PostMessage { conversation, kind: MessageKind::Reply, body: body.into(), client_id: None, then: None }
}

async fn scene() -> (World, Organization, Arc<Actor>, Arc<Actor>, ConversationId) {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let customer = org.customer("Cleo").await;
    let leader = org.leader("Ana").await.actor;
    let ticket = customer.opens(&org, "Printer").await.ticket.id;
    (world, org, customer.actor, leader, ticket)
}

async fn read(world: &World, who: &Arc<Actor>, id: ConversationId, page: Page, limit: i64) -> History {
    history(&can(who), &world.db, id, page, limit).await.unwrap()
}

#[tokio::test]
async fn each_audience_counts_without_gap_and_notes_stay_with_staff() {
    let (world, _, customer, leader, ticket) = scene().await;
    for (kind, body) in [(MessageKind::Note, "secret"), (MessageKind::Reply, "hello"), (MessageKind::Note, "more")] {
        let post = PostMessage { kind, ..reply(ticket, body) };
        post_message(&can(&leader), &world.db, post).await.unwrap();
    }
    let staff = read(&world, &leader, ticket, Page::After(0), 200).await;
    let public = read(&world, &customer, ticket, Page::After(0), 200).await;
    assert_eq!(staff.messages.iter().map(|m| m.counters.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(public.messages.iter().map(|m| m.counters.public_seq).collect::<Vec<_>>(), [1, 2]);
    assert!(public.messages.iter().all(|m| m.kind == MessageKind::Reply));
}

#[tokio::test]
async fn pages_go_both_ways() {
    let (world, _, customer, leader, ticket) = scene().await;
    for n in 2..=10 {
        post_message(&can(&customer), &world.db, reply(ticket, &n.to_string())).await.unwrap();
    }
    let seqs = |page: &History| page.messages.iter().map(|m| m.counters.seq).collect::<Vec<_>>();
    let latest = read(&world, &leader, ticket, Page::Latest, 3).await;
    assert_eq!((seqs(&latest), latest.more), (vec![8, 9, 10], true));
    let before = read(&world, &leader, ticket, Page::Before(3), 5).await;
    assert_eq!((seqs(&before), before.more), (vec![1, 2], false));
    let after = read(&world, &customer, ticket, Page::After(7), 2).await;
    assert_eq!((seqs(&after), after.more), (vec![8, 9], true));
}

#[tokio::test]
async fn the_same_client_id_is_the_same_message() {
    let (world, _, customer, leader, ticket) = scene().await;
    let post = PostMessage { client_id: Some("c-1".into()), ..reply(ticket, "once") };
    let first = post_message(&can(&customer), &world.db, post.clone()).await.unwrap();
    let again = post_message(&can(&customer), &world.db, post.clone()).await.unwrap();
    assert!(first.created && !again.created);
    assert_eq!(first.message, again.message);

    let other = post_message(&can(&customer), &world.db, PostMessage { body: "twice".into(), ..post.clone() }).await;
    assert_eq!(other.unwrap_err().code(), "client_id_mismatch");
    // A client id is its author's own.
    let theirs = post_message(&can(&leader), &world.db, post).await.unwrap();
    assert!(theirs.created);
    assert_eq!(read(&world, &leader, ticket, Page::After(0), 200).await.messages.len(), 3);
}

#[tokio::test]
async fn twenty_at_once_are_one() {
    let (world, _, customer, leader, ticket) = scene().await;
    let posts = (0..20).map(|_| {
        let (db, customer) = (world.db.clone(), Arc::clone(&customer));
        async move {
            let post = PostMessage { client_id: Some("c-1".into()), ..reply(ticket, "once") };
            post_message(&can(&customer), &db, post).await.unwrap()
        }
    });
    let posted = futures::future::join_all(posts).await;
    assert_eq!(posted.iter().filter(|p| p.created).count(), 1);
    assert!(posted.iter().all(|p| p.message == posted[0].message));
    assert_eq!(read(&world, &leader, ticket, Page::After(0), 200).await.messages.len(), 2);
}

#[tokio::test]
async fn concurrent_posts_are_numbered_without_gap() {
    let (world, _, customer, leader, ticket) = scene().await;
    let posts = (0..40).map(|n| {
        let db = world.db.clone();
        let who = if n % 2 == 0 { Arc::clone(&customer) } else { Arc::clone(&leader) };
        async move { post_message(&can(&who), &db, reply(ticket, &n.to_string())).await.unwrap() }
    });
    let mut seqs: Vec<_> = futures::future::join_all(posts).await.into_iter().map(|p| p.message.counters.seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (2..=41).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_stranger_finds_no_conversation() {
    let (world, org, _, _, ticket) = scene().await;
    let stranger = org.customer("Stan").await.actor;
    let posted = post_message(&can(&stranger), &world.db, reply(ticket, "hi")).await;
    assert!(matches!(posted, Err(Error::NotFound(_))));
    let seen = history(&can(&stranger), &world.db, ticket, Page::Latest, 10).await;
    assert!(matches!(seen, Err(Error::NotFound(_))));
    assert!(matches!(mark_read(&can(&stranger), &world.db, ticket, 1).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_customer_cannot_write_notes_or_move_the_status() {
    let (world, _, customer, _, ticket) = scene().await;
    let note = PostMessage { kind: MessageKind::Note, ..reply(ticket, "x") };
    assert_eq!(post_message(&can(&customer), &world.db, note).await.unwrap_err().code(), "forbidden");
    let then = PostMessage { then: Some(Status::Closed), ..reply(ticket, "x") };
    assert_eq!(post_message(&can(&customer), &world.db, then).await.unwrap_err().code(), "forbidden");
}

#[tokio::test]
async fn a_closed_ticket_takes_no_reply_and_a_follow_up_is_opened() {
    let (world, _, customer, leader, ticket) = scene().await;
    let close = PostMessage { then: Some(Status::Closed), ..reply(ticket, "bye") };
    post_message(&can(&leader), &world.db, close).await.unwrap();
    let refused = post_message(&can(&customer), &world.db, reply(ticket, "wait")).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(Refused::Closed)));
    let wish = tickets::OpenTicket {
        follow_up_of: Some(ticket),
        ..baton_testkit::wish("Printer again", baton_domain::ticket::Priority::Normal)
    };
    let follow_up = tickets::open(&can(&customer), &world.db, wish).await.unwrap();
    assert_eq!(follow_up.ticket.follow_up_of, Some(ticket));
}

#[tokio::test]
async fn a_late_reply_to_a_resolved_ticket_is_a_follow_up() {
    let (world, _, customer, leader, ticket) = scene().await;
    let resolve = PostMessage { then: Some(Status::Resolved), ..reply(ticket, "done") };
    post_message(&can(&leader), &world.db, resolve).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(7 * 24) + SignedDuration::from_secs(1));
    let refused = post_message(&can(&customer), &world.db, reply(ticket, "late")).await.unwrap_err();
    assert_eq!(refused.code(), "closed");
}

#[tokio::test]
async fn marks_are_each_audiences_own_and_never_go_back() {
    let (world, _, customer, leader, ticket) = scene().await;
    post_message(&can(&leader), &world.db, PostMessage { kind: MessageKind::Note, ..reply(ticket, "n") })
        .await
        .unwrap();
    post_message(&can(&leader), &world.db, reply(ticket, "r")).await.unwrap();
    let mark = mark_read(&can(&customer), &world.db, ticket, 2).await.unwrap();
    assert_eq!((mark.seq, mark.public_seq), (3, 2));
    mark_read(&can(&customer), &world.db, ticket, 1).await.unwrap();
    let seen = tickets::get(&can(&customer), &world.db, ticket).await.unwrap();
    assert_eq!(seen.read.public_seq, 2);
    let known = async |who: &Arc<Actor>, audience| {
        let marks = read(&world, who, ticket, Page::Latest, 1).await.read_marks;
        let known = |user: &Arc<Actor>| marks.iter().find(|m| m.user == user.user)?.seen_by(who.user, audience);
        (known(&customer), known(&leader))
    };
    assert_eq!(known(&leader, Audience::Staff).await, (Some(3), Some(3)));
    assert_eq!(known(&customer, Audience::Public).await, (Some(2), Some(2)));
    let beyond = mark_read(&can(&customer), &world.db, ticket, 3).await.unwrap_err();
    assert_eq!(beyond.code(), "invalid");
}

fn with_key(who: &Arc<Actor>, key: &str, body: &[u8]) -> Ctx {
    let key = IdempotencyKey {
        key: key.into(),
        method: "POST".into(),
        path: "/v1/conversations/x/messages".into(),
        body_hash: body.to_vec(),
    };
    Ctx { idempotency: Some(key), ..Ctx::of(Arc::clone(who)) }
}

#[tokio::test]
async fn an_idempotency_key_answers_the_same_for_a_day() {
    let (world, _, customer, leader, ticket) = scene().await;
    let post = |body: &'static str| reply(ticket, body);
    let ctx = with_key(&customer, "k", b"1");
    let first = post_message(&ctx.clone().allow().unwrap(), &world.db, post("a")).await.unwrap();
    let again = post_message(&ctx.clone().allow().unwrap(), &world.db, post("a")).await.unwrap();
    assert_eq!((first.message.id, again.created), (again.message.id, true), "the first answer again");
    let other = with_key(&customer, "k", b"2");
    let mismatch = post_message(&other.allow().unwrap(), &world.db, post("b")).await.unwrap_err();
    assert_eq!(mismatch.code(), "idempotency_mismatch");
    // Somebody else's key is another key; and after a day it is forgotten.
    let theirs = post_message(&with_key(&leader, "k", b"2").allow().unwrap(), &world.db, post("c")).await.unwrap();
    assert!(theirs.created);
    world.clock.advance(SignedDuration::from_hours(25));
    let later = post_message(&ctx.allow().unwrap(), &world.db, post("a")).await.unwrap();
    assert!(later.created);
}

#[tokio::test]
async fn a_twin_under_way_is_told_so() {
    let (world, _, customer, leader, ticket) = scene().await;
    let twins = (0..8).map(|_| {
        let (db, ctx) = (world.db.clone(), with_key(&customer, "k", b"1"));
        async move { post_message(&ctx.allow().unwrap(), &db, reply(ticket, "a")).await }
    });
    let answers = futures::future::join_all(twins).await;
    let mut stored: Vec<_> = answers.iter().filter_map(|a| a.as_ref().ok()).map(|p| p.message.id).collect();
    stored.dedup();
    assert_eq!(stored.len(), 1, "those that were answered were answered the same");
    for answer in answers {
        if let Err(error) = answer {
            assert_eq!(error.code(), "in_progress");
        }
    }
    assert_eq!(read(&world, &leader, ticket, Page::After(0), 200).await.messages.len(), 2);
}
