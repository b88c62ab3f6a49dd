//! What is over goes, and nothing else.

use std::sync::Arc;

use baton_app::feed::{self, Sequenced};
use baton_app::jobs::{self, Lane};
use baton_app::retention::{Kept, prune};
use baton_app::{new_id, routing};
use baton_domain::jobs::Fault;
use baton_testkit::World;
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn all(world: &World) -> Vec<usize> {
    let mut rows = Vec::new();
    for kept in Kept::ALL {
        let pruned = prune(&world.system, kept).await.unwrap();
        assert!(!pruned.more);
        rows.push(pruned.rows);
    }
    rows
}

async fn count(world: &World, table: &str) -> String {
    world.database.lines(&format!("select count(*)::text as line from {table}")).await.concat()
}

#[tokio::test]
async fn each_in_its_time() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let leader = org.leader("Ana").await.actor;
    org.online(&leader).await;
    let customer = org.customer("Cleo").await;
    for n in 0..2 {
        customer.opens(&org, &n.to_string()).await;
    }
    routing::assign_waiting(&world.system, org.id, org.support).await.unwrap();
    let Sequenced::Placed(placed) = feed::sequence(&world.system).await.unwrap() else { panic!("nobody else is here") };
    let claimed = jobs::claim(&world.system, new_id(), Lane::Ordinary, 2).await.unwrap();
    assert_eq!(jobs::finish(&world.system, &claimed[0]).await.unwrap(), jobs::Ending::Counted);
    jobs::fail(&world.system, &claimed[1], &Fault::Lasting("no".to_owned())).await.unwrap();
    let (at, id, user) = (world.clock.now(), org.id, leader.user);
    let past = format!(
        "update feed set placed_at = '{at}'; \
         insert into idempotency_keys values ('{id}', '{user}', 'POST', '/', 'k', '', '{{}}', '{at}'); \
         insert into sessions values ('{id}', '{id}', '{user}', '', '{at}', timestamptz '{at}' + interval '30 days', '{at}'); \
         insert into refresh_tokens values ('{id}', 'spent', '{id}', '{at}', '{at}'), ('{id}', 'live', '{id}', '{at}', null); \
         insert into sessions values ('{id}', '{user}', '{user}', '', '{at}', timestamptz '{at}' + interval '30 days', '{at}', '{at}'); \
         insert into refresh_tokens values ('{id}', 'ended', '{user}', '{at}', null)"
    );
    world.database.run_as_owner(&past).await;

    assert_eq!(all(&world).await, [0, 0, 0, 0, 0], "all is fresh");
    world.clock.advance(DAY + SignedDuration::from_secs(1));
    assert_eq!(all(&world).await, [0, 1, 0, 0, 0], "a first answer outlives its day by nothing");
    world.clock.advance(DAY * 6);
    assert_eq!(all(&world).await, [placed.len() - 1, 0, 2, 1, 1], "the spent and the ended, and what was done");
    assert_eq!(world.database.lines("select position::text as line from feed").await, [placed.len().to_string()]);
    assert_eq!(world.database.lines("select convert_from(hash, 'utf8') as line from refresh_tokens").await, ["live"]);
    assert_eq!(world.database.lines("select state as line from jobs").await, ["dead"]);
    world.clock.advance(DAY * 24);
    assert_eq!(
        all(&world).await,
        [0, 0, 0, 0, 1],
        "the dead stay longer, and a sign-in until it has been over for a week"
    );
    world.clock.advance(DAY * 7);
    assert_eq!(all(&world).await, [0, 0, 1, 1, 0]);
    assert_ne!(count(&world, "events").await, "0", "events are kept for ever");
}

#[tokio::test]
async fn a_batch_is_bounded_and_says_that_there_is_more() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let user = Arc::clone(&org.leader("Ana").await.actor).user;
    let fill = format!(
        "insert into idempotency_keys select '{}', '{user}', 'POST', '/', n::text, '', '{{}}', '{}' \
         from generate_series(1, 1200) n",
        org.id,
        world.clock.now()
    );
    world.database.run_as_owner(&fill).await;
    world.clock.advance(DAY * 2);
    let first = prune(&world.system, Kept::IdempotencyKeys).await.unwrap();
    let second = prune(&world.system, Kept::IdempotencyKeys).await.unwrap();
    assert_eq!(((first.rows, first.more), (second.rows, second.more)), ((1000, true), (200, false)));
}
