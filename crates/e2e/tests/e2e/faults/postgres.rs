//! Postgres killed, frozen, out of connections; a commit of which nobody knows what became.

use std::time::{Duration, Instant};

use baton_testkit::{Database, PrivateRedis, wait_for};
use serde_json::{Value, json};

use super::{Stage, until_handed_out};
use crate::harness::{Fleet, Ground, PATIENCE, Postgres, Rest, Service, Stack, id};

/// The longest statement of these stacks.
const STATEMENT: Duration = Duration::from_secs(2);
/// What docs/OPERATIONS.md says that a request takes at most while Postgres is silent: 3 s for a connection, then the
/// longest statement and a second.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3 + 2 + 1);
/// What a loaded machine may add to that.
const SLACK: Duration = Duration::from_secs(2);
/// How long a frozen Postgres is frozen: so long that whoever waited for it would be seen.
const FROZEN: Duration = Duration::from_secs(10);
/// How long there are no connections: longer than one is waited for.
const EXHAUSTED: Duration = Duration::from_secs(4);
/// Messages that everybody stores before each fault.
const BEFORE: usize = 10;
/// How soon everybody is served again.
const BACK_WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Killed,
    Frozen,
    Exhausted,
}

impl Fault {
    const ALL: [Self; 3] = [Self::Killed, Self::Frozen, Self::Exhausted];

    async fn happens(self, postgres: &Postgres, database: &Database) {
        match self {
            Self::Killed => {
                postgres.is_killed().await;
                postgres.starts().await;
            }
            Self::Frozen => {
                postgres.freezes().await;
                tokio::time::sleep(FROZEN).await;
                postgres.thaws().await;
            }
            Self::Exhausted => {
                allow_connections(database, 0).await;
                let end = "select pg_terminate_backend(pid)::text as line from pg_stat_activity";
                database.lines(&format!("{end} where usename in ('baton_app', 'baton_system')")).await;
                tokio::time::sleep(EXHAUSTED).await;
                allow_connections(database, -1).await;
            }
        }
    }
}

/// How many connections the services may have; with none it is as when others have them all.
async fn allow_connections(database: &Database, count: i32) {
    for role in ["baton_app", "baton_system"] {
        database.run_as_owner(&format!("alter role {role} connection limit {count}")).await;
    }
}

/// What a fault did to those who posted.
#[derive(Debug)]
struct Suffered {
    refused: usize,
    longest: Duration,
    back: Duration,
}

async fn suffers(stage: &Stage, postgres: &Postgres, database: &Database, fault: Fault) -> Suffered {
    stage.forget_told();
    let back = stage
        .posts_while(async {
            stage.all_store(BEFORE, PATIENCE).await;
            fault.happens(postgres, database).await;
            stage.all_store(1, PATIENCE).await
        })
        .await;
    let (refused, longest) = stage.told();
    Suffered { refused, longest, back }
}

async fn ground(postgres: &Postgres, redis: &PrivateRedis, statement: Duration) -> Ground {
    let database = Database::on(&postgres.url().await).await;
    let statement_timeout_ms = u64::try_from(statement.as_millis()).unwrap();
    Ground { database, redis_url: redis.url(), statement_timeout_ms }
}

/// Each fault so many times; prints what happened.
async fn faults(times: usize) {
    let (postgres, redis) = (Postgres::start().await, PrivateRedis::start().unwrap());
    let stack = Stack::start_on(Fleet::ONE, ground(&postgres, &redis, STATEMENT).await).await;
    let mut messages = 0;
    for _ in 0..times {
        let tenant = stack.tenant().await;
        let (zoe, lena) = (tenant.customer("Zoe").await, tenant.leader_carrying("Lena", 1000).await);
        lena.chooses("online").await;
        let leader = lena.screen(stack.gateway(0)).await;
        let stage = Stage::of(&tenant, &[stack.gateway(0)], 1).await;
        for fault in Fault::ALL {
            let suffered = suffers(&stage, &postgres, &stack.database, fault).await;
            println!("{fault:?}: {suffered:?}");
            assert!(suffered.longest < ANSWERED_WITHIN + SLACK, "{fault:?}: {suffered:?}");
            assert!(suffered.back < BACK_WITHIN, "{fault:?}: {suffered:?}");
            // A restart may be quick enough for everybody to wait for a connection.
            assert!(fault == Fault::Killed || suffered.refused > 0, "{fault:?}: nobody noticed");
            stack.until_ready().await;
        }
        messages += stage.is_sound(&tenant).await;
        until_handed_out(&zoe, &leader).await;
    }
    println!("{messages} messages acknowledged, each stored once; nothing else is stored");
}

#[tokio::test]
async fn whatever_becomes_of_postgres_what_was_acknowledged_is_there() {
    faults(1).await;
}

/// `scripts/faults.sh`: the same, fifty faults.
#[tokio::test]
#[ignore = "a quarter of an hour"]
async fn fifty_faults_of_postgres() {
    faults(17).await;
}

/// Changes a setting of the whole server, while it runs.
async fn alters_system(database: &Database, setting: &str) {
    database.run_as_owner(&format!("alter system {setting}")).await;
    database.run_as_owner("select pg_reload_conf()").await;
}

/// Commits wait for a standby that never comes: what they wrote is there, and nobody says so.
async fn commits_hang(database: &Database) {
    alters_system(database, "set synchronous_standby_names = 'nobody'").await;
}

async fn commits_go_on(database: &Database) {
    alters_system(database, "reset synchronous_standby_names").await;
}

/// Posts one after the other until a commit hangs, and cuts the connection of that one; gives its number and status.
async fn cut_in_commit(database: &Database, rest: &Rest, path: &str, body: impl Fn(usize) -> Value) -> (usize, u16) {
    let hanging = "select pid::text as line from pg_stat_activity where wait_event = 'SyncRep'";
    let cut = async {
        let pid = wait_for("a commit that hangs", PATIENCE, async || database.lines(hanging).await.pop()).await;
        database.lines(&format!("select pg_terminate_backend({pid})::text as line")).await;
    };
    let posting = async {
        // The first ones may be quicker than the new settings.
        for number in 0.. {
            let answer = rest.post(path, body(number)).await;
            if answer.status != 201 {
                assert_eq!(answer.header("retry-after"), "1", "{}", answer.text);
                return (number, answer.status);
            }
        }
        unreachable!("numbers do not end")
    };
    tokio::join!(posting, cut).0
}

#[tokio::test]
async fn a_commit_nobody_knows_of_is_resolved_by_sending_again() {
    let (postgres, redis) = (Postgres::start().await, PrivateRedis::start().unwrap());
    let ground = ground(&postgres, &redis, Duration::from_secs(20)).await;
    let fleet = Fleet { gateways: 0, assigners: 0, sla: 0, jobs: 0, ..Fleet::ONE };
    let stack = Stack::start_on(fleet, ground).await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let ticket = id(&cleo.opens_as(json!({"subject": "Printer"})).await);
    let path = format!("/v1/conversations/{ticket}/messages");
    let message = |number| json!({"body": format!("message {number}"), "client_id": format!("{number}")});

    commits_hang(&stack.database).await;
    let (number, status) = cut_in_commit(&stack.database, &cleo.rest, &path, message).await;
    assert_eq!(status, 503);
    commits_go_on(&stack.database).await;

    let started = Instant::now();
    let again = wait_for("an answer to the same again", PATIENCE, async || {
        let answer = cleo.rest.post(&path, message(number)).await;
        (answer.status != 503).then_some(answer)
    })
    .await;
    assert!(started.elapsed() < BACK_WITHIN);
    let stored = again.expect(200);
    assert_eq!(stored["body"], format!("message {number}"), "it had been stored");
    let history = cleo.history(&ticket).await;
    assert_eq!(history.len(), number + 1, "once");
    assert_eq!(history.last(), Some(&stored));
}

#[tokio::test]
async fn what_is_sent_meanwhile_is_kept_and_stored_once() {
    let (postgres, redis) = (Postgres::start().await, PrivateRedis::start().unwrap());
    let ground = ground(&postgres, &redis, STATEMENT).await;
    let stack = Stack::start_on(Fleet { assigners: 0, sla: 0, ..Fleet::ONE }, ground).await;
    let tenant = stack.tenant().await;
    let (cleo, sue) = (tenant.customer("Cleo").await, tenant.supervisor("Sue").await);
    let (ticket, other) = (cleo.opens_id("Printer").await, cleo.opens_id("Scanner").await);
    cleo.posts(&other, "zero").await;
    let (customer, staff) = (cleo.screen(stack.gateway(0)).await, sue.screen(stack.gateway(0)).await);
    let stranger = cleo.screen(stack.gateway(0)).await;
    customer.join(&ticket).await;
    staff.join(&ticket).await;
    staff.join(&other).await;
    let message = |name| json!({"conversation_id": ticket, "client_id": name, "kind": "reply", "body": name});

    postgres.is_killed().await;
    let by_socket = async {
        let pending = |name| json!({"ok": true, "pending": true, "client_id": name});
        for name in ["one", "two"] {
            assert_eq!(customer.emit("message:send", message(name)).await, pending(name));
        }
    };
    let path = |conversation| format!("/v1/conversations/{conversation}/messages");
    let by_rest = async {
        // The first while it is still believed who asks, the second when it is only remembered.
        for name in ["one", "two"] {
            let answer = cleo.rest.post(&path(&other), json!({"body": name, "client_id": name})).await;
            assert_eq!(answer.expect(202), json!({"pending": true, "client_id": name}));
        }
        // Not without a name, and not what does more than to be said.
        cleo.rest.post(&path(&other), json!({"body": "x"})).await.problem(503, "unavailable");
    };
    // Of these nobody knows whether they may.
    let by_strangers = async {
        let refused = stranger.is_refused("message:send", message("three"), "unavailable");
        let (path, body) = (path(&ticket), json!({"body": "three", "client_id": "three"}));
        let (answer, ()) = tokio::join!(cleo.rest.post(&path, body), refused);
        answer.problem(503, "unavailable");
    };
    tokio::join!(by_socket, by_rest, by_strangers);
    postgres.starts().await;
    assert_eq!(staff.until_thread(&other, 4).await, ["Scanner, please help", "zero", "one", "two"]);

    let thread = ["Printer, please help", "one", "two"];
    assert_eq!(staff.until_thread(&ticket, 3).await, thread);
    let again = customer.asks("message:send", message("one")).await;
    assert_eq!((&again["message"]["seq"], &again["message"]["body"]), (&json!(2), &json!("one")));
    let bodies: Vec<_> = cleo.history(&ticket).await.iter().map(|message| message["body"].clone()).collect();
    assert_eq!(bodies, thread);
    let jobs = stack.all(Service::Jobs)[0];
    assert_eq!(jobs.metric("baton_intake_total{outcome=\"stored\"}").await, 4.0);
}

/// As a standby before it is promoted: who asks is answered, who writes is not.
async fn only_reads(database: &Database) {
    alters_system(database, "set default_transaction_read_only = on").await;
}

async fn writes_again(database: &Database) {
    alters_system(database, "reset default_transaction_read_only").await;
}

#[tokio::test]
async fn a_postgres_that_only_reads_loses_nothing_that_was_sent_meanwhile() {
    let (postgres, redis) = (Postgres::start().await, PrivateRedis::start().unwrap());
    let ground = ground(&postgres, &redis, STATEMENT).await;
    let stack = Stack::start_on(Fleet { gateways: 0, assigners: 0, sla: 0, ..Fleet::ONE }, ground).await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let ticket = cleo.opens_id("Printer").await;
    cleo.posts(&ticket, "zero").await;
    let path = format!("/v1/conversations/{ticket}/messages");
    let message = |name| json!({"body": name, "client_id": name});

    only_reads(&stack.database).await;
    wait_for("Postgres to write no more", PATIENCE, async || {
        (cleo.rest.post(&path, json!({"body": "x"})).await.status == 503).then_some(())
    })
    .await;
    for name in ["one", "one", "two", "one"] {
        let answer = cleo.rest.post(&path, message(name)).await;
        assert_eq!(answer.expect(202), json!({"pending": true, "client_id": name}));
    }
    let jobs = stack.all(Service::Jobs)[0];
    wait_for("the intake to be tried", PATIENCE, async || {
        (jobs.metric("baton_loop_errors_total{loop=\"intake\"}").await >= 1.0).then_some(())
    })
    .await;
    writes_again(&stack.database).await;

    wait_for("what was sent to be stored", PATIENCE, async || {
        (jobs.metric("baton_intake_total{outcome=\"stored\"}").await >= 2.0).then_some(())
    })
    .await;
    let all = cleo.history(&ticket).await;
    let sent: Vec<_> = all.iter().map(|message| &message["body"]).filter(|body| *body != "x").collect();
    assert_eq!(sent, ["Printer, please help", "zero", "one", "two"]);
    assert_eq!(
        jobs.metric("baton_intake_total{outcome=\"stored\"}").await,
        2.0,
        "each once, however often it was sent"
    );
}
