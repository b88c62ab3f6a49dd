//! What people are told, and what of it they have read.

use std::sync::Arc;

use baton_app::notifications::{self, NotificationPage, Which};
use baton_app::routing::assign_waiting;
use baton_app::tickets;
use baton_domain::access::Actor;
use baton_domain::event::By;
use baton_domain::notification::NotificationKind;
use baton_domain::user::Role;
use baton_testkit::{Organization, StateCheck, World, can};

async fn acme() -> (World, Organization, Arc<Actor>) {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let leader = org.leader("Ana").await.actor;
    (world, org, leader)
}

async fn page(world: &World, who: &Arc<Actor>) -> NotificationPage {
    notifications::list(&can(who), &world.db, None, 100).await.unwrap()
}

#[tokio::test]
async fn who_is_given_a_ticket_is_told_once_and_nobody_of_their_own_doing() {
    let (world, org, leader) = acme().await;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    let customer = org.customer("Cleo").await;
    org.online(&leader).await;
    let mut opened = Vec::new();
    for n in 0..3 {
        opened.push(customer.opens(&org, &n.to_string()).await.ticket);
    }
    let check = StateCheck::begin(&world, &[&leader, &supervisor]).await;
    assign_waiting(&world.system, org.id, org.support).await.unwrap();
    let events = check.end().await.types;
    assert_eq!(events.iter().filter(|kind| **kind == "notification:created").count(), 3);
    let told = page(&world, &leader).await;
    assert_eq!(told.unread, 3);
    assert!(told.notifications.iter().all(|n| n.kind == NotificationKind::Assigned && n.by == By::system("routing")));
    let first = told.notifications.iter().find(|n| n.ticket.id == opened[0].id).unwrap();
    assert_eq!((first.ticket.number, first.ticket.subject.as_str()), (opened[0].number, "0"));

    tickets::assign(&can(&supervisor), &world.db, opened[0].id, None, Some(supervisor.user)).await.unwrap();
    assert!(page(&world, &supervisor).await.notifications.is_empty(), "she did it herself");
    let check = StateCheck::begin(&world, &[&leader, &supervisor]).await;
    tickets::assign(&can(&supervisor), &world.db, opened[0].id, None, Some(leader.user)).await.unwrap();
    assert_eq!(check.end().await.types, ["ticket:removed", "ticket:assigned", "notification:created"]);
    let told = page(&world, &leader).await;
    assert_eq!((told.unread, &told.notifications[0].by), (4, &By::actor(&supervisor)));
}

#[tokio::test]
async fn reading_some_and_all_up_to_one() {
    let (world, org, leader) = acme().await;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    let customer = org.customer("Cleo").await;
    for n in 0..5 {
        let ticket = customer.opens(&org, &n.to_string()).await.ticket.id;
        tickets::assign(&can(&supervisor), &world.db, ticket, None, Some(leader.user)).await.unwrap();
    }
    let all = page(&world, &leader).await.notifications;
    let mark = |who: &Arc<Actor>, which| {
        let (can, db) = (can(who), world.db.clone());
        async move { notifications::mark_read(&can, &db, which).await.unwrap().unread }
    };
    let check = StateCheck::begin(&world, &[&leader]).await;
    assert_eq!(mark(&leader, Which::Ids(vec![all[0].id])).await, 4);
    assert_eq!(check.end().await.types, ["notification:read"]);
    let check = StateCheck::begin(&world, &[&leader]).await;
    assert_eq!(mark(&leader, Which::UpTo(all[2].id)).await, 1);
    assert_eq!(check.end().await.types, ["notification:read"]);
    let check = StateCheck::begin(&world, &[&leader]).await;
    assert_eq!(mark(&leader, Which::UpTo(all[2].id)).await, 1);
    assert!(check.end().await.types.is_empty(), "read already");
    assert_eq!(mark(&supervisor, Which::Ids(vec![all[1].id])).await, 0);
    let left: Vec<_> = page(&world, &leader).await.notifications.iter().map(|n| n.read_at.is_none()).collect();
    assert_eq!(left, [false, true, false, false, false], "only one's own are marked");
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended() {
    let (world, org, leader) = acme().await;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    let customer = org.customer("Cleo").await;
    for n in 0..5 {
        let ticket = customer.opens(&org, &n.to_string()).await.ticket.id;
        tickets::assign(&can(&supervisor), &world.db, ticket, None, Some(leader.user)).await.unwrap();
    }
    let first = notifications::list(&can(&leader), &world.db, None, 3).await.unwrap();
    assert!(first.more && first.unread == 5);
    let last = first.notifications.last().unwrap().id;
    let rest = notifications::list(&can(&leader), &world.db, Some(last), 3).await.unwrap();
    assert!(!rest.more);
    let subjects: Vec<_> =
        first.notifications.iter().chain(&rest.notifications).map(|n| n.ticket.subject.as_str()).collect();
    assert_eq!(subjects, ["4", "3", "2", "1", "0"]);
}
