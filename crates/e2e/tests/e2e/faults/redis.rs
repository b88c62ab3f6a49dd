//! Redis gone, frozen, emptied, full.

use std::time::{Duration, Instant};

use baton_testkit::{PrivateRedis, Signal, wait_for};
use serde_json::json;
use tokio::time::interval;

use super::{Stage, until_handed_out};
use crate::harness::{Fleet, Ground, Stack, Tenant};

/// How soon a message is on the screen without Redis.
const HEARD_WITHIN: Duration = Duration::from_secs(1);
/// How soon all is as before once it is back.
const NORMAL_WITHIN: Duration = Duration::from_secs(2);
/// What a loaded machine may add to that.
const SLACK: Duration = Duration::from_secs(3);
/// Messages that are watched during each fault.
const WATCHED: usize = 5;
/// How long it is away at the longest.
const MINUTES_AWAY: usize = 10;
/// Messages that are watched in each of them, and between two.
const WATCHED_A_MINUTE: usize = 240;
const WATCHED_EVERY: Duration = Duration::from_millis(250);

const STREAMED: &str = "baton_gateway_events_total{source=\"stream\"}";
const FALLBACKS: &str = "baton_limit_fallbacks_total";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// And replaced by an empty one.
    Gone,
    Frozen,
    Emptied,
    Full,
}

impl Fault {
    const ALL: [Self; 4] = [Self::Gone, Self::Frozen, Self::Emptied, Self::Full];

    fn begins(self, redis: &mut PrivateRedis) {
        match self {
            Self::Gone => redis.kill(),
            Self::Frozen => redis.signal(Signal::Freeze),
            Self::Emptied => drop(redis.tell("FLUSHALL").unwrap()),
            Self::Full => drop(redis.tell("CONFIG SET maxmemory 1").unwrap()),
        }
    }

    fn ends(self, redis: &mut PrivateRedis) {
        match self {
            Self::Gone => redis.start_again().unwrap(),
            Self::Frozen => redis.signal(Signal::Thaw),
            Self::Emptied => {}
            Self::Full => drop(redis.tell("CONFIG SET maxmemory 0").unwrap()),
        }
    }
}

/// Has a message posted and waits until a watcher shows it; gives how long that took from the acknowledgement on.
async fn heard(stage: &Stage) -> Duration {
    let author = &stage.authors[0];
    stage.posts_one(author).await;
    let started = Instant::now();
    stage.watchers[0].until_thread(&author.conversation, author.stored()).await;
    started.elapsed()
}

/// Whatever else the API does, it does.
async fn is_served(tenant: &Tenant<'_>, fault: Fault) {
    let cleo = tenant.customer(&format!("Cleo {fault:?}")).await;
    let sue = tenant.supervisor(&format!("Sue {fault:?}")).await;
    let ticket = cleo.opens_id("Printer").await;
    sue.changes(&ticket, json!({"priority": "high"})).await;
    assert_eq!(sue.ticket(&ticket).await["priority"], "high");
    assert_eq!(cleo.rest.get("/v1/tickets").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

/// Waits until events come over the stream again and limits are shared again; gives how long that took.
async fn until_normal(stage: &Stage, stack: &Stack, within: Duration) -> Duration {
    let (started, gateway) = (Instant::now(), stack.gateway(0));
    wait_for("events over the stream and limits in Redis", within, async || {
        let before = (gateway.metric(STREAMED).await, stack.api().metric(FALLBACKS).await);
        heard(stage).await;
        let after = (gateway.metric(STREAMED).await, stack.api().metric(FALLBACKS).await);
        (after.0 > before.0 && after.1 == before.1).then_some(())
    })
    .await;
    started.elapsed()
}

/// How exact the bounds are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bounds {
    /// Most messages are heard in time, and there is [`SLACK`]: other tests run beside this one.
    Loaded,
    /// All are, and there is none.
    Exact,
}

/// Each fault so many times; prints what happened.
async fn faults(times: usize, bounds: Bounds) {
    let (late, slack) = match bounds {
        Bounds::Loaded => (WATCHED / 2, SLACK),
        Bounds::Exact => (0, Duration::ZERO),
    };
    let mut redis = PrivateRedis::start().unwrap();
    let ground = Ground { redis_url: redis.url(), ..Ground::shared().await };
    let stack = Stack::start_on(Fleet::ONE, ground).await;
    let (mut messages, mut slowest, mut longest) = (0, Duration::ZERO, Duration::ZERO);
    for round in 0..times {
        let tenant = stack.tenant().await;
        let (zoe, lena) = (tenant.customer("Zoe").await, tenant.leader_carrying("Lena", 1000).await);
        lena.chooses("online").await;
        let leader = lena.screen(stack.gateway(0)).await;
        let stage = Stage::of(&tenant, &[stack.gateway(0)], 1).await;
        for fault in Fault::ALL {
            let fallbacks = stack.api().metric(FALLBACKS).await;
            fault.begins(&mut redis);
            let mut took = Vec::with_capacity(WATCHED);
            for _ in 0..WATCHED {
                took.push(heard(&stage).await);
            }
            took.sort();
            slowest = slowest.max(took[WATCHED - 1]);
            assert!(took[WATCHED - 1 - late] < HEARD_WITHIN, "{fault:?}: heard after {took:?}");
            if round == 0 {
                is_served(&tenant, fault).await;
                until_handed_out(&zoe, &leader).await;
            }
            let alone = stack.api().metric(FALLBACKS).await > fallbacks;
            assert!(alone || fault == Fault::Emptied, "{fault:?}: who decided limits?");
            fault.ends(&mut redis);
            let took = until_normal(&stage, &stack, NORMAL_WITHIN + slack).await;
            longest = longest.max(took);
            assert!(took < NORMAL_WITHIN + slack, "{fault:?}: as before after {took:?}");
            println!("{fault:?}: as before {took:?} after its end");
        }
        messages += stage.is_sound(&tenant).await;
    }
    println!(
        "{messages} messages, each there once; heard {slowest:?} after the acknowledgement at most, as before \
         {longest:?} after a fault at most"
    );
}

#[tokio::test]
async fn without_redis_all_goes_on_and_with_it_as_before() {
    faults(1, Bounds::Loaded).await;
}

/// `scripts/faults.sh`: the same, a hundred faults.
#[tokio::test]
#[ignore = "some minutes; its bounds want a release build and a quiet machine"]
async fn a_hundred_faults_of_redis() {
    faults(25, Bounds::Exact).await;
}

/// `scripts/faults.sh`: Redis is away for so long that nothing that waits for it would still be there. Each minute other
/// people sign in and write.
#[tokio::test]
#[ignore = "ten minutes; its bounds want a release build"]
async fn ten_minutes_without_redis() {
    let mut redis = PrivateRedis::start().unwrap();
    let ground = Ground { redis_url: redis.url(), ..Ground::shared().await };
    let stack = Stack::start_on(Fleet::ONE, ground).await;
    redis.kill();
    let (mut messages, mut slowest, mut back) = (0, Duration::ZERO, None);
    let mut pace = interval(WATCHED_EVERY);
    for minute in 1..=MINUTES_AWAY {
        let tenant = stack.tenant().await;
        let (zoe, lena) = (tenant.customer("Zoe").await, tenant.leader_carrying("Lena", 1000).await);
        lena.chooses("online").await;
        let leader = lena.screen(stack.gateway(0)).await;
        let stage = Stage::of(&tenant, &[stack.gateway(0)], 1).await;
        for _ in 0..WATCHED_A_MINUTE {
            pace.tick().await;
            slowest = slowest.max(heard(&stage).await);
        }
        assert!(slowest < HEARD_WITHIN, "heard after {slowest:?}");
        until_handed_out(&zoe, &leader).await;
        if minute == MINUTES_AWAY {
            redis.start_again().unwrap();
            back = Some(until_normal(&stage, &stack, NORMAL_WITHIN).await);
        }
        messages += stage.is_sound(&tenant).await;
    }
    println!(
        "{MINUTES_AWAY} minutes: {messages} messages, each there once; heard {slowest:?} after the acknowledgement at \
         most, as before {:?} after its return",
        back.unwrap()
    );
}
