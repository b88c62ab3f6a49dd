//! The one order of events, while those who make it are killed.

use std::cell::Cell;
use std::time::Duration;

use futures::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::{Fleet, Person, Screen, Service, Stack, Tenant, Transport, text};

const CONVERSATIONS: usize = 8;
const AUTHORS: usize = 4;
const POSTS_OF_AN_AUTHOR: usize = 250;
/// Between two posts of an author: the whole takes long enough for the kills.
const PACE: Duration = Duration::from_millis(28);

#[tokio::test]
async fn killed_under_load_nothing_is_lost_doubled_or_reordered() {
    let stack = Stack::start(Fleet { jobs: 2, assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (sue, sam) = (tenant.supervisor("Sue").await, tenant.supervisor("Sam").await);
    let authors = join_all((0..AUTHORS).map(|n| tenant.customer(["Ann", "Ben", "Cid", "Dot"][n]))).await;
    let conversations = conversations(&authors).await;
    let gateway = [stack.gateway(0)];
    let live = sue.screen_over(Transport::Websocket, &gateway).await;
    let polling = sue.screen_over(Transport::Polling, &gateway).await;
    let away = sam.screen_over(Transport::Websocket, &gateway).await;
    for screen in [&live, &polling, &away] {
        join_all(conversations.iter().map(|id| screen.join(id))).await;
    }
    let of_authors = join_all(authors.iter().map(|author| author.screen(gateway[0]))).await;
    away.closes();
    away.until_cut().await;

    let kills = Cell::new(0);
    let posting = join_all((0..AUTHORS).map(|n| posts(&authors[n], &of_authors[n], &conversations)));
    let acknowledged: Vec<Value> = tokio::select! {
        acknowledged = posting => acknowledged.concat(),
        () = killing(&stack, Service::Jobs, &kills) => unreachable!("kills go on"),
    };
    stack.all(Service::Jobs).iter().for_each(|jobs| jobs.start());
    assert!(kills.get() >= 4, "{} kills: the load was over too soon to show anything", kills.get());
    assert_eq!(acknowledged.len(), AUTHORS * POSTS_OF_AN_AUTHOR);

    away.moves_to(&gateway[0].url());
    let catch_up = away.until_settled(2).await;
    assert!(catch_up.pages > 1 && !catch_up.reloaded, "{catch_up:?}");
    for screen in [&live, &polling, &away] {
        shows_all(screen, &conversations, &acknowledged).await;
    }
    let feed = feed(&tenant).await;
    for screen in [&live, &polling, &away] {
        let heard: Vec<String> = screen.seen().events.iter().map(|applied| text(&applied.event, "id").into()).collect();
        assert!(feed.ends_with(&heard), "{} of {} events, or in another order", heard.len(), feed.len());
        assert!(heard.len() >= acknowledged.len());
    }
}

/// The reference client sees it when the order of events is not kept.
#[rstest]
#[case::lost("if new.ordinal % 7 = 0 then return null; end if;")]
#[case::doubled(
    "if pg_trigger_depth() = 1 and new.ordinal % 7 = 0 then \
     insert into outbox (org_id, event_id) values (new.org_id, new.event_id); end if;"
)]
#[case::reordered("new.ordinal := new.ordinal * 10 + case when new.ordinal % 2 = 0 then 40 else 0 end;")]
#[tokio::test]
async fn an_order_that_does_not_hold_is_seen(#[case] planted: &str) {
    let stack = Stack::start(Fleet { assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (sue, cleo) = (tenant.supervisor("Sue").await, tenant.customer("Cleo").await);
    let ticket = cleo.opens_id("Printer").await;
    let screen = sue.screen(stack.gateway(0)).await;
    screen.join(&ticket).await;
    let plant = format!(
        "create function plant() returns trigger language plpgsql as $$ begin {planted} return new; end $$; \
         create trigger plant before insert on outbox for each row execute function plant()"
    );
    stack.database.run_as_owner(&plant).await;

    let fault = screen.until_fault();
    let posting = async {
        for number in 0.. {
            cleo.posts(&ticket, &format!("{number}")).await;
        }
    };
    tokio::select! {
        _ = fault => {}
        () = posting => unreachable!("posts go on"),
    }
    screen.closes();
    screen.until_cut().await;
    screen.forgives();
}

async fn conversations(authors: &[Person]) -> Vec<String> {
    let wishes = (0..CONVERSATIONS).map(|n| authors[n % AUTHORS].opens_as(json!({"subject": format!("{n}")})));
    join_all(wishes).await.iter().map(|ticket| text(ticket, "id").to_owned()).collect()
}

/// Posts to the author's conversations in turn, by socket and REST in turn; gives the messages as acknowledged.
async fn posts(author: &Person, screen: &Screen, conversations: &[String]) -> Vec<Value> {
    let own: Vec<&String> = {
        let seen = screen.seen();
        conversations.iter().filter(|id| seen.ticket(id).is_some()).collect()
    };
    assert_eq!(own.len(), CONVERSATIONS / AUTHORS);
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut acknowledged = Vec::new();
    for number in 0..POSTS_OF_AN_AUTHOR {
        pace.tick().await;
        let (conversation, body) = (own[number % own.len()], format!("{} {number}", author.name));
        acknowledged.push(if number % 3 == 0 {
            let message = json!({"conversation_id": conversation, "client_id": body, "kind": "reply", "body": body});
            screen.asks("message:send", message).await["message"].take()
        } else {
            author.posts(conversation, &body).await
        });
    }
    acknowledged
}

/// Kills one replica after the other, one a second, and starts it again when the next is killed.
pub(crate) async fn killing(stack: &Stack, service: Service, kills: &Cell<usize>) {
    let replicas = stack.all(service);
    let mut beat = interval(Duration::from_secs(1));
    beat.tick().await;
    let mut dead: Option<usize> = None;
    loop {
        beat.tick().await;
        let victim = kills.get() % replicas.len();
        if let Some(dead) = dead.replace(victim) {
            replicas[dead].start();
        }
        replicas[victim].kill();
        kills.set(kills.get() + 1);
    }
}

/// The threads hold what was acknowledged, each message once and at its place; the reference client has watched the
/// way there for gaps and repeats.
pub(crate) async fn shows_all(screen: &Screen, conversations: &[String], acknowledged: &[Value]) {
    for conversation in conversations {
        let mut expected: Vec<&Value> =
            acknowledged.iter().filter(|m| m["conversation_id"] == **conversation).collect();
        expected.sort_by_key(|message| message["seq"].as_i64());
        screen.until_thread(conversation, expected.len()).await;
        let seen = screen.seen();
        let thread = seen.thread(conversation);
        assert_eq!(thread.len(), expected.len());
        for (shown, expected) in thread.iter().zip(expected) {
            // Staff and customers count alike here: there are no notes.
            assert_eq!(shown, expected);
        }
    }
}

/// Ids of the organisation's events in the order of the feed.
async fn feed(tenant: &Tenant<'_>) -> Vec<String> {
    tenant
        .lines(
            "select event_id::text as line from feed join events on id = event_id and events.org_id = feed.org_id \
             where feed.org_id = $org and type <> 'session:revoked' order by position",
        )
        .await
}
