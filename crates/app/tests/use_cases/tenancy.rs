//! Another tenant's things do not exist.

use baton_app::conversations::{Page, history};
use baton_app::tickets::{self, OpenTicket, TicketChange};
use baton_app::{routing, teams, users};
use baton_domain::ticket::Priority;
use baton_domain::user::Role;
use baton_testkit::{World, can, wish};

#[tokio::test]
async fn ids_of_another_tenant_are_not_found_and_nothing_changes() {
    let world = World::new().await;
    let (acme, rival) = (world.organization("acme").await, world.organization("rival").await);
    let ticket = acme.customer("Cleo").await.opens(&acme, "Printer").await.ticket;
    let victim = acme.leader("Ana").await.actor;
    let spy = rival.person(Role::Admin, "Spy", &[]).await;
    let db = &world.db;
    let before = world.database.lines("select t::text as line from tickets t").await;

    let codes = [
        tickets::get(&can(&spy), db, ticket.id).await.unwrap_err().code(),
        history(&can(&spy), db, ticket.id, Page::Latest, 10).await.unwrap_err().code(),
        tickets::change(&can(&spy), db, ticket.id, None, TicketChange::default()).await.unwrap_err().code(),
        tickets::claim(&can(&spy), db, ticket.id, None).await.unwrap_err().code(),
        tickets::assign(&can(&spy), db, ticket.id, None, Some(spy.user)).await.unwrap_err().code(),
        tickets::delete(&can(&spy), db, ticket.id, None).await.unwrap_err().code(),
        tickets::timeline(&can(&spy), db, ticket.id, None, 10).await.unwrap_err().code(),
        routing::decisions(&can(&spy), db, ticket.id).await.unwrap_err().code(),
        users::get(&can(&spy), db, victim.user).await.unwrap_err().code(),
        users::set_capacity(&can(&spy), db, victim.user, 1).await.unwrap_err().code(),
        teams::get(&can(&spy), db, &acme.support.to_string()).await.unwrap_err().code(),
    ];
    assert_eq!(codes, ["not_found"; 11]);

    // Their ids in our own commands are as unknown as any.
    let own = rival.customer("Rita").await.opens(&rival, "Ours").await.ticket.id;
    let assigned = tickets::assign(&can(&spy), db, own, None, Some(victim.user)).await.unwrap_err();
    assert_eq!(assigned.code(), "invalid");
    let moved = TicketChange { team: Some(acme.billing.to_string()), ..Default::default() };
    assert_eq!(tickets::change(&can(&spy), db, own, None, moved).await.unwrap_err().code(), "invalid");
    let follow = OpenTicket { follow_up_of: Some(ticket.id), ..wish("x", Priority::Low) };
    let rita = rival.customer("Rob").await.actor;
    assert_eq!(tickets::open(&can(&rita), db, follow).await.unwrap_err().code(), "invalid");

    let after = format!("select t::text as line from tickets t where org_id = '{}'", acme.id);
    assert_eq!(before, world.database.lines(&after).await);
}
