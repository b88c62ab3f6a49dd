//! Timers in numbers: real workers over a database that is filled for it. They take minutes, and mean nothing without
//! `--release`: `scripts/sla-timers.sh`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use baton_testkit::{
    Daemon, Leash, Login, Organization, Role, Signal, World, database, redis_prefix, redis_url, wait_for,
};
use tokio::time::interval;

/// A figure for whoever runs it.
macro_rules! say {
    ($($text:tt)+) => {
        std::io::stdout().write_all((format!($($text)+) + "\n").as_bytes()).unwrap()
    };
}

/// Longest that the filling and the telling may take.
const PATIENCE: Duration = Duration::from_secs(600);

struct Desk {
    world: World,
    org: Organization,
    prefix: String,
    leash: Leash,
}

impl Desk {
    /// An organisation with the demo's promises, and so many tickets whose clocks `running` makes: it is given
    /// `n`, from 1, and gives the due time and when the timer fires.
    async fn filled(tickets: usize, due_at: &str, fire_at: &str) -> Self {
        let world = World::running(database().await).await;
        let org = world.organization("acme").await;
        org.promises().await;
        let customer = org.customer("Cleo").await.actor.user;
        org.leader("Ana").await;
        org.person(Role::Supervisor, "Sue", &[]).await;
        let (id, team) = (org.id, org.support);
        let started = Instant::now();
        world
            .database
            .run_as_owner(&format!(
                "insert into conversations (org_id, id, kind, last_message_at, last_reply_at)
                    select '{id}', md5('t' || n)::uuid, 'ticket', now(), now() from generate_series(1, {tickets}) n;
                insert into tickets (org_id, id, number, subject, status, priority, channel, tier, team_id, requester_id,
                    queue_state, sla_due_at, created_at, updated_at, public_updated_at)
                select '{id}', md5('t' || n)::uuid, n, 'Ticket ' || n, 'on_hold', 'normal', 'portal', 'normal', '{team}',
                    '{customer}', 'none', {due_at}, now(), now(), now() from generate_series(1, {tickets}) n;
                insert into sla_clocks (org_id, ticket_id, id, metric, state, started_at, due_at, target_ms, warn_lead_ms,
                    paused_ms, fire_at, policy_id, policy_version, policy_name)
                select '{id}', md5('t' || n)::uuid, md5('c' || n)::uuid, 'resolution', 'running', now(), {due_at}, 86400000,
                    5000, 0, {fire_at}, p.id, p.version, p.name
                from generate_series(1, {tickets}) n, sla_policies p
                where p.org_id = '{id}' and p.is_default = (n % 10 <> 0);
                analyze conversations, tickets, sla_clocks",
            ))
            .await;
        say!("{tickets} tickets made in {:.1} s", started.elapsed().as_secs_f64());
        Self { world, org, prefix: redis_prefix(), leash: Leash::new().unwrap() }
    }

    fn worker(&self, number: usize) -> Daemon {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton-sla"));
        command.env_clear().env("BATON_DATABASE__URL", self.world.database.url(Login::App));
        command.env("BATON_DATABASE__SYSTEM_URL", self.world.database.url(Login::System));
        command.env("BATON_REDIS__URL", redis_url()).env("BATON_REDIS__PREFIX", &self.prefix);
        command.env("BATON_OPERATIONS__LISTEN", "127.0.0.1:0").env("BATON_LOG__FILTER", "error");
        let mut daemon = Daemon::new(format!("sla-{number}"), command).on_leash(&self.leash, Signal::Kill);
        daemon.start().unwrap();
        daemon
    }

    async fn number(&self, query: &str) -> i64 {
        self.world.database.lines(query).await[0].parse().unwrap()
    }

    async fn breached(&self) -> i64 {
        self.number("select count(*)::text as line from sla_clocks where state = 'breached'").await
    }

    /// Waits until so many promises are broken.
    async fn until_breached(&self, wanted: usize) {
        wait_for("every promise to break", PATIENCE, async || (self.breached().await >= wanted as i64).then_some(()))
            .await;
    }

    /// Milliseconds late: p50, p99 and the most.
    async fn late(&self, from: &str, to: &str) -> [f64; 3] {
        let late = format!("extract(epoch from {to} - {from}) * 1000");
        let query = format!(
            "select unnest(percentile_cont(array[0.5, 0.99, 1.0]) within group (order by {late}))::text as line
             from sla_clocks where {to} is not null"
        );
        let found = self.world.database.lines(&query).await;
        [0, 1, 2].map(|at| found[at].parse().unwrap())
    }

    /// How many tickets an event of this type was recorded for, and how many events there are.
    async fn told(&self, kind: &str) -> (i64, i64) {
        let of = |what: &str| format!("select count({what})::text as line from events where type = '{kind}'");
        (self.number(&of("distinct conversation_id")).await, self.number(&of("*")).await)
    }
}

/// Four workers, one killed every second; 10,000 clocks that warn and break within a minute.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes and means nothing without --release: scripts/sla-timers.sh"]
async fn ten_thousand_within_a_minute_while_workers_are_killed() {
    const CLOCKS: usize = 10_000;
    let due_at = "now() + interval '20 s' + n * interval '6 ms'";
    let desk = Desk::filled(CLOCKS, due_at, &format!("{due_at} - interval '5 s'")).await;
    let mut workers: Vec<Daemon> = (0..4).map(|number| desk.worker(number)).collect();
    let mut kills = 0;
    let killing = async {
        let mut beat = interval(Duration::from_secs(1));
        beat.tick().await;
        let mut dead: Option<usize> = None;
        loop {
            beat.tick().await;
            let victim = kills % workers.len();
            if let Some(dead) = dead.replace(victim) {
                workers[dead].start().unwrap();
            }
            workers[victim].kill();
            kills += 1;
        }
    };
    tokio::select! {
        () = desk.until_breached(CLOCKS) => {}
        () = killing => unreachable!("kills go on"),
    }
    say!("{kills} kills");
    let all = CLOCKS as i64;
    for (kind, expected) in [("sla:breached", all), ("ticket:escalated", all / 10), ("ticket:assigned", all / 10)] {
        assert_eq!(desk.told(kind).await, (expected, expected), "{kind}");
    }
    // Of what is broken already nobody is warned: workers that come too late leave that out.
    let (warned, warnings) = desk.told("sla:warning").await;
    let in_time = desk.number("select count(warned_at)::text as line from sla_clocks").await;
    assert_eq!((warned, warnings), (in_time, in_time), "sla:warning");
    say!("{} of {all} broke before anybody came to warn", all - warned);
    let early = "select count(*)::text as line from sla_clocks where detected_at < due_at or breached_at <> due_at
        or warned_at < due_at - interval '5 s'";
    assert_eq!(desk.number(early).await, 0, "early");
    let [p50, p99, most] = desk.late("due_at", "detected_at").await;
    say!("breaches late: p50 {p50:.0} ms, p99 {p99:.0} ms, most {most:.0} ms");
    let [p50, p99, most] = desk.late("due_at - interval '5 s'", "warned_at").await;
    say!("warnings late: p50 {p50:.0} ms, p99 {p99:.0} ms, most {most:.0} ms");
    assert!(most <= 15_000.0, "{most} ms late");
    drop(desk.org);
}

/// Processor seconds that a process has used.
fn cpu(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
    let ticks: Vec<f64> = after.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse().ok()).collect();
    ticks.iter().sum::<f64>() / 100.0
}

/// A million running clocks: what a worker costs that has nothing to do, and how late 1,000 a second are told.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes and means nothing without --release: scripts/sla-timers.sh"]
async fn a_million_running_clocks() {
    const CLOCKS: usize = 1_000_000;
    const DUE: usize = 20_000;
    let desk = Desk::filled(CLOCKS, "now() + interval '9 days'", "now() + interval '8 days'").await;
    let worker = desk.worker(0);
    let pid = worker.pid().unwrap();
    let backends = "select pid::text as line from pg_stat_activity where usename = 'baton_system'
        and datname = current_database()";
    let all = wait_for("the worker's connection", PATIENCE, async || {
        let found = desk.world.database.lines(backends).await;
        (!found.is_empty()).then_some(found)
    });
    let pids: Vec<u32> = all.await.iter().map(|pid| pid.parse().unwrap()).collect();
    let mut idle = interval(Duration::from_secs(20));
    idle.tick().await;
    let used = || (cpu(pid), pids.iter().copied().map(cpu).sum::<f64>());
    let before = used();
    idle.tick().await;
    let after = used();
    say!(
        "idle, of one core: worker {:.2} %, its connections in Postgres {:.2} %",
        (after.0 - before.0) / 0.2,
        (after.1 - before.1) / 0.2
    );

    let due = format!(
        "with due as (select ticket_id, row_number() over () as n from (select ticket_id from sla_clocks where
            policy_name = 'Normal' limit {DUE}) some)
         update sla_clocks c set due_at = clock_timestamp() + interval '10 s' + due.n * interval '1 ms',
            fire_at = clock_timestamp() + interval '10 s' + due.n * interval '1 ms', warned_at = now()
         from due where due.ticket_id = c.ticket_id"
    );
    desk.world.database.run_as_owner(&due).await;
    desk.until_breached(DUE).await;
    assert_eq!(desk.told("sla:breached").await, (DUE as i64, DUE as i64));
    // The statement above reads its clock once per column: the due time is a little before the timer.
    let [p50, p99, most] = desk.late("due_at", "detected_at").await;
    say!("1,000 a second, one worker: late p50 {p50:.0} ms, p99 {p99:.0} ms, most {most:.0} ms");
}
