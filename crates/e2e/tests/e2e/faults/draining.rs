//! Every process told to end, one after the other, under load: nothing fails, nothing is missed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use baton_testkit::wait_for;

use super::{AUTHORS, Stage, until_handed_out};
use crate::harness::{Fleet, PATIENCE, Replica, Screen, Service, Stack, Tenant, Transport};

/// How long a process that is told to end may take: what it does is short, and idle connections do not hold it up.
const ENDED_WITHIN: Duration = Duration::from_secs(12);
/// Who looks on; enough to see that they do not all come back at once.
const WATCHERS: usize = 12;
/// Within what time sockets are told to come back, in milliseconds.
const COME_BACK: std::ops::RangeInclusive<u64> = 500..=5_000;
/// How far apart the first and the last of them are at least, in milliseconds: less is as likely as one in a million.
const SPREAD: u64 = 1_000;

const FLEET: Fleet = Fleet { api: 2, gateways: 2, assigners: 2, sla: 2, jobs: 2 };

/// Has a process end and start again; gives how long its end took.
async fn restarts(replica: &Replica) -> Duration {
    let told = Instant::now();
    replica.terminate();
    let ended = replica.until_ended(ENDED_WITHIN).await;
    let took = told.elapsed();
    assert!(ended.success(), "{:?} {ended}\n{}", replica.service, replica.log_tail());
    replica.start();
    replica.until_ready().await;
    took
}

/// The sockets of a gateway were told to come back at different times.
fn are_spread(told: &[u64]) {
    assert!(told.iter().all(|ms| COME_BACK.contains(ms)), "{told:?}");
    let (first, last) = (told.iter().min().unwrap(), told.iter().max().unwrap());
    assert!(last - first >= SPREAD, "{told:?}");
}

fn told_to_come_back(screen: &Screen) -> Vec<u64> {
    let seen = screen.seen();
    seen.all("server:draining").map(|word| word["reconnect_after_ms"].as_u64().unwrap()).collect()
}

/// Waits until all sockets are served again, the so-manieth time.
async fn have_moved(stage: &Stage, times: usize) {
    for watcher in &stage.watchers {
        watcher.until_settled(times + 1).await;
    }
}

/// The gateways that say that somebody of the staff is at them.
async fn hosts(tenant: &Tenant<'_>) -> BTreeSet<String> {
    let query = "select distinct gateway_id::text as line from staff_connections where org_id = $org";
    wait_for("staff who are here", PATIENCE, async || {
        let hosts: BTreeSet<String> = tenant.lines(query).await.into_iter().collect();
        (!hosts.is_empty()).then_some(hosts)
    })
    .await
}

/// Restarts every process, one after the other.
async fn rolls(tenant: &Tenant<'_>, stage: &Stage) {
    let mut moves = 0;
    for service in Service::ALL {
        let mut took = Vec::new();
        for replica in tenant.stack.all(service) {
            let before = hosts(tenant).await;
            took.push(restarts(replica).await);
            if service == Service::Gateway {
                moves += 1;
                have_moved(stage, moves).await;
                let told: Vec<u64> =
                    stage.watchers.iter().filter_map(|watcher| told_to_come_back(watcher).pop()).collect();
                are_spread(&told);
                assert!(before.is_disjoint(&hosts(tenant).await), "a gateway left without saying that its people did");
            }
            stage.all_store(1, PATIENCE).await;
        }
        println!("{service:?}: ended in {took:?}");
    }
}

/// So many times; prints what happened. With `exact` no request may even be told to come again: on a machine that is
/// overloaded a connection to Postgres may not come free in time, which is no matter of restarts.
async fn restarts_of_everything(times: usize, exact: bool) {
    let stack = Stack::start(FLEET).await;
    let mut messages = 0;
    for _ in 0..times {
        let tenant = stack.tenant().await;
        let (zoe, lena) = (tenant.customer("Zoe").await, tenant.leader_carrying("Lena", 1000).await);
        lena.chooses("online").await;
        let gateways = [stack.gateway(0), stack.gateway(1)];
        let leader = lena.screen_over(Transport::Websocket, &gateways).await;
        let stage = Stage::of(&tenant, &gateways, WATCHERS).await.over_rest(&stack.all(Service::Api));
        stage.posts_while(rolls(&tenant, &stage)).await;
        let (away, longest) = stage.told();
        assert!(away == 0 || !exact, "{away} requests were told to come again");
        let sent = stage.is_sound(&tenant).await;
        println!("{sent} requests, 0 failed, {away} told to come again, the longest {longest:?}");
        assert!(sent >= 10 * AUTHORS.len(), "{sent}: too few to show anything");
        messages += sent;
        until_handed_out(&zoe, &leader).await;
    }
    println!("{times} times every process: {messages} requests, 0 failed, nothing missed");
}

#[tokio::test]
async fn every_process_may_be_restarted_under_load_and_nothing_fails() {
    restarts_of_everything(1, false).await;
}

/// `scripts/faults.sh`: the same, twenty times.
#[tokio::test]
#[ignore = "a quarter of an hour"]
async fn twenty_restarts_of_every_process() {
    restarts_of_everything(20, true).await;
}
