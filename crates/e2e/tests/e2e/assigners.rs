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

    assert_eq!(most_carried(&tenant).await, UNITS as usize, "full baskets, and none fuller");
    no_ticket_was_handed_out_twice(&tenant).await;
    the_books_agree(&tenant).await;
}

/// The check above sees it when somebody carries too much.
#[tokio::test]
async fn a_limit_that_does_not_hold_is_seen() {
    let stack = Stack::start(Fleet::ONE).await;
    let tenant = stack.tenant().await;
    let (cleo, lena) = (tenant.customer("Cleo").await, tenant.leader_carrying("Lena", 2).await);
    let forgetful = "create function forget() returns trigger language plpgsql as \
                     $$ begin new.units_used := 0; return new; end $$; \
                     create trigger forget before update on staff for each row execute function forget()";
    stack.database.run_as_owner(forgetful).await;
    let leader = lena.screen(stack.gateway(0)).await;
    lena.chooses("online").await;
    for subject in ["one", "two", "three"] {
        let ticket = cleo.opens_id(subject).await;
        leader.until_ticket(&ticket, "assigned", |ticket| ticket["assignee"]["id"] == lena.id).await;
    }
    assert_eq!(most_carried(&tenant).await, 3);
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
/// everybody carries after each event. Gives the most that anybody carried at any time.
async fn most_carried(tenant: &Tenant<'_>) -> usize {
    let history = tenant
        .lines(
            "select (data->'ticket')::text as line from feed join events on id = event_id \
             and events.org_id = feed.org_id where feed.org_id = $org and type like 'ticket:%' order by position",
        )
        .await;
    let (mut holders, mut most) = (HashMap::new(), 0);
    for line in history {
        let ticket: Value = serde_json::from_str(&line).unwrap();
        let holder = (ticket["queue"] == "assigned").then(|| text(&ticket["assignee"], "id").to_owned());
        holders.insert(text(&ticket, "id").to_owned(), holder.clone());
        most = most.max(holders.values().filter(|other| other.is_some() && **other == holder).count());
    }
    most
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
