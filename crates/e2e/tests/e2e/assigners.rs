//! Handing out, while those who do it are killed.

use std::cell::Cell;
use std::collections::HashMap;
use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::{Fleet, Person, Screen, Service, Stack, Tenant, text};
use crate::sequencer::killing;

const TICKETS: usize = 300;
const LEADERS: usize = 10;
const UNITS: i32 = 5;
/// The last ones stay in the baskets, which are full then.
const RESOLVED: usize = TICKETS - LEADERS * UNITS as usize;
/// Between two tickets: the whole takes long enough for the kills.
const PACE: Duration = Duration::from_millis(22);

#[tokio::test]
async fn three_of_them_and_one_killed_every_second() {
    let stack = Stack::start(Fleet { assigners: 3, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let customers = [tenant.customer("Ann").await, tenant.customer("Ben").await];
    let mut leaders = Vec::new();
    for number in 0..LEADERS {
        let leader = tenant.leader_carrying(&format!("Leader {number}"), UNITS).await;
        leaders.push((leader.screen(stack.gateway(0)).await, leader));
    }
    for (_, leader) in &leaders {
        leader.chooses("online").await;
    }

    let (kills, resolved) = (Cell::new(0), Cell::new(0));
    let coming_in = tickets_come_in(&customers);
    let working = join_all(leaders.iter().map(|(screen, leader)| works(screen, leader, &resolved)));
    tokio::select! {
        _ = async { tokio::join!(coming_in, working) } => {}
        () = killing(&stack, Service::Assigner, &kills) => unreachable!("kills go on"),
    }
    assert!(kills.get() >= 4, "{} kills: the load was over too soon to show anything", kills.get());
    stack.all(Service::Assigner).iter().for_each(|assigner| assigner.start());
    let all = leaders[0].0.until("every ticket assigned", |seen| {
        let assigned = seen.tickets.values().filter(|ticket| !ticket["assignee"].is_null());
        (assigned.count() == TICKETS).then_some(())
    });
    all.await;

    nobody_is_beyond_their_units_at_any_time(&tenant).await;
    no_ticket_was_handed_out_twice(&tenant).await;
    the_books_agree(&tenant).await;
}

async fn tickets_come_in(customers: &[Person]) {
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0..TICKETS {
        pace.tick().await;
        let customer = &customers[number % customers.len()];
        customer.opens_as(json!({"subject": format!("ticket {number}")})).await;
    }
}

/// Resolves what comes into a leader's basket, until all leaders together have resolved enough.
async fn works(screen: &Screen, leader: &Person, resolved: &Cell<usize>) {
    while resolved.get() < RESOLVED {
        let next = screen.until("work", |seen| {
            if resolved.get() >= RESOLVED {
                return Some(None);
            }
            let own = |ticket: &&Value| ticket["assignee"]["id"] == leader.id && ticket["status"] == "open";
            seen.tickets.values().find(own).map(|ticket| Some(text(ticket, "id").to_owned()))
        });
        let Some(ticket) = next.await else { return };
        resolved.set(resolved.get() + 1);
        leader.changes(&ticket, json!({"status": "resolved"})).await;
        screen.until_ticket(&ticket, "resolved", |ticket| ticket["status"] == "resolved").await;
    }
}

/// Replays the history of all tickets in the order of the feed, which is the order of the locks, and counts what
/// everybody carries after each event.
async fn nobody_is_beyond_their_units_at_any_time(tenant: &Tenant<'_>) {
    let history = tenant
        .lines(
            "select (data->'ticket')::text as line from feed join events on id = event_id \
             and events.org_id = feed.org_id where feed.org_id = $org and type like 'ticket:%' order by position",
        )
        .await;
    let (mut holders, mut carried, mut most) = (HashMap::new(), HashMap::<String, i32>::new(), 0);
    for line in history {
        let ticket: Value = serde_json::from_str(&line).unwrap();
        let holds = ticket["queue"] == "assigned";
        let now = holds.then(|| text(&ticket["assignee"], "id").to_owned());
        let before = holders.insert(text(&ticket, "id").to_owned(), now.clone()).flatten();
        if let Some(before) = before {
            *carried.entry(before).or_default() -= 1;
        }
        if let Some(now) = now {
            let carries = carried.entry(now.clone()).or_default();
            *carries += 1;
            most = most.max(*carries);
            assert!(*carries <= UNITS, "{now} carries {carries} units after {ticket}");
        }
    }
    assert_eq!(most, UNITS, "the load never filled anybody's basket: this shows nothing");
}

async fn no_ticket_was_handed_out_twice(tenant: &Tenant<'_>) {
    let decisions = tenant
        .lines("select ticket_id || ' ' || trigger || ' ' || over_limit as line from assignments where org_id = $org")
        .await;
    assert_eq!(decisions.len(), TICKETS, "one decision for each");
    let tickets: std::collections::BTreeSet<&str> = decisions.iter().filter_map(|row| row.split(' ').next()).collect();
    assert_eq!(tickets.len(), TICKETS);
    assert!(decisions.iter().all(|row| row.ends_with(" queue false")), "{decisions:?}");
    let events =
        tenant.lines("select id::text as line from events where org_id = $org and type = 'ticket:assigned'").await;
    assert_eq!(events.len(), TICKETS, "one event for each");
}

/// What people are said to carry is what their tickets weigh.
async fn the_books_agree(tenant: &Tenant<'_>) {
    let books = tenant
        .lines(
            "select units_used || ' ' || (select coalesce(sum(units), 0) from tickets t \
             where t.org_id = s.org_id and t.assignee_id = s.user_id) as line \
             from staff s join users u on u.org_id = s.org_id and u.id = s.user_id \
             where s.org_id = $org and role = 'team_leader'",
        )
        .await;
    assert_eq!(books, vec![format!("{UNITS} {UNITS}"); LEADERS]);
    let open = tenant.lines("select id::text as line from tickets where org_id = $org and status = 'open'").await;
    assert_eq!(open.len(), TICKETS - RESOLVED);
    let left = tenant.lines("select id::text as line from tickets where org_id = $org and assignee_id is null").await;
    assert_eq!(left, [""; 0]);
}
