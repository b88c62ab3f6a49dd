//! Outside work, while those who do it are killed, from without and by the work itself.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use baton_testkit::{Answer, SmtpServer, wait_for};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::{Fleet, PATIENCE, Person, Service, Stack, Tenant, id, text};
use crate::sequencer::killing;

/// Long enough for a lease to run out, and for the mail after it.
const TAKEN_UP: Duration = Duration::from_secs(60);

/// Counts each time that a job is done, in the transaction in which it is.
const COUNT_EFFECTS: &str = "create table effects (job uuid); grant insert on effects to baton_app; \
    create function effect() returns trigger language plpgsql as \
        $$ begin insert into effects values (new.id); return new; end $$; \
    create trigger effect after update on jobs for each row \
        when (new.state = 'done' and old.state <> 'done') execute function effect()";

async fn stats(person: &Person) -> Value {
    person.rest.get("/v1/jobs/stats").await.expect(200)
}

async fn until_done(person: &Person, count: usize) {
    wait_for(&format!("{count} jobs to be done"), TAKEN_UP, async || {
        (stats(person).await["done"] == count).then_some(())
    })
    .await;
}

/// Each job had one effect, and each letter is there once.
async fn each_once(stack: &Stack, tenant: &Tenant<'_>, count: usize) {
    assert_eq!(tenant.lines("select job::text as line from effects").await.len(), count, "one effect of each");
    let ids = tenant.lines("select id::text as line from jobs where org_id = $org and state = 'done'").await;
    assert_eq!(ids.len(), count);
    let letters = stack.letters();
    let named: BTreeSet<String> = letters.iter().filter_map(|letter| message_id(letter)).collect();
    let expected: BTreeSet<String> = ids.iter().map(|id| format!("<{id}@localhost>")).collect();
    assert_eq!((letters.len(), &named), (count, &expected), "one letter of each");
}

fn message_id(letter: &str) -> Option<String> {
    letter.lines().find_map(|line| line.strip_prefix("Message-ID: ")).map(str::to_owned)
}

#[tokio::test]
async fn an_assignment_ends_as_one_letter() {
    let stack = Stack::start(Fleet::ONE).await;
    let tenant = stack.tenant().await;
    let (sue, lena, cleo) =
        (tenant.supervisor("Sue").await, tenant.leader("Lena").await, tenant.customer("Cleo").await);
    lena.chooses("online").await;
    cleo.opens("Printer <smokes>").await;
    let letter = wait_for("a letter", PATIENCE, async || stack.letters().pop()).await;
    until_done(&sue, 1).await;
    assert_eq!(stack.letters().len(), 1);
    assert!(letter.contains(&format!("To: Lena <{}>", text(&lena.login, "email"))), "{letter}");
    assert!(letter.contains("Subject: [#1] Assigned to you: Printer <smokes>"), "{letter}");
    assert!(letter.contains("Printer &lt;smokes&gt;"), "{letter}");

    let page = sue.rest.get("/v1/jobs?state=done").await.expect(200);
    let job = &page["items"][0];
    assert_eq!((text(job, "kind"), text(job, "state"), &job["attempts"]), ("mail", "done", &json!(1)));
    sue.rest.post(&format!("/v1/jobs/{}/retry", id(job)), json!({})).await.problem(409, "conflict");
    lena.rest.get("/v1/jobs").await.problem(403, "forbidden");
    let is_worker = |worker: &Value| worker["kind"] == "run_jobs" && worker["processed"] == 1;
    wait_for("the worker's report", PATIENCE, async || {
        let workers = sue.rest.get("/v1/workers").await.expect(200);
        workers["items"].as_array().unwrap().iter().any(is_worker).then_some(())
    })
    .await;
    let jobs = stack.all(Service::Jobs)[0];
    assert_eq!(jobs.metric("baton_job_seconds_count").await, 1.0);
}

#[tokio::test]
async fn killed_every_second_they_lose_nothing_and_double_no_effect() {
    const TICKETS: usize = 250;
    let stack = Stack::start(Fleet { jobs: 2, ..Fleet::ONE }).await;
    stack.database.run_as_owner(COUNT_EFFECTS).await;
    let tenant = stack.tenant().await;
    let (sue, cleo) = (tenant.supervisor("Sue").await, tenant.customer("Cleo").await);
    let lena = tenant.leader_carrying("Lena", 1000).await;
    lena.chooses("online").await;

    let kills = Cell::new(0);
    let tickets = async {
        let mut pace = interval(Duration::from_millis(25));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for number in 0..TICKETS {
            pace.tick().await;
            cleo.opens_as(json!({"subject": format!("ticket {number}")})).await;
        }
    };
    tokio::select! {
        () = tickets => {}
        () = killing(&stack, Service::Jobs, &kills) => unreachable!("kills go on"),
    }
    assert!(kills.get() >= 4, "{} kills: the load was over too soon to show anything", kills.get());
    stack.all(Service::Jobs).iter().for_each(|jobs| jobs.start());
    until_done(&sue, TICKETS).await;
    each_once(&stack, &tenant, TICKETS).await;
    assert_eq!(stats(&sue).await["dead"], 0);
}

/// The server of one recipient's mail kills the process that brings it.
#[tokio::test]
async fn a_letter_that_kills_its_process_ends_dead_and_the_others_arrive() {
    let stack = Stack::start(Fleet { jobs: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (sue, cleo) = (tenant.supervisor("Sue").await, tenant.customer("Cleo").await);
    let (poe, lena) = (tenant.leader_carrying("Poe", 1).await, tenant.leader_carrying("Lena", 11).await);
    lena.chooses("online").await;
    poe.chooses("online").await;
    for number in 0..12 {
        cleo.opens(&format!("ticket {number}")).await;
    }
    wait_for("all to be assigned", PATIENCE, async || (stats(&sue).await["ready"] == 12).then_some(())).await;
    stack.database.run_as_owner("update jobs set max_attempts = 4").await;

    let (kill, mut killed) = mpsc::unbounded_channel();
    let poison = text(&poe.login, "email").to_owned();
    let server = SmtpServer::start(move |_, to| {
        if !to.contains(&poison) {
            return Answer::Take;
        }
        kill.send(()).expect("the test listens");
        Answer::Stall
    })
    .await;
    let jobs = stack.another(Service::Jobs, &[]).with_setting("BATON_MAIL__SMTP_URL", &server.url());
    for _ in 0..4 {
        jobs.start();
        tokio::time::timeout(TAKEN_UP, killed.recv()).await.expect("the letter comes again").unwrap();
        jobs.kill();
        // What the dead process held is free at once, for the test's sake.
        let leases = "update jobs set lease_until = now() - interval '1 second' where state = 'running'";
        stack.database.run_as_owner(leases).await;
    }
    jobs.start();
    until_done(&sue, 11).await;
    let dead = wait_for("a dead job", PATIENCE, async || {
        sue.rest.get("/v1/jobs/dead").await.expect(200)["items"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(
        (&dead["attempts"], text(&dead, "last_error")),
        (&json!(4), "the process that ran it ended, or lost its lease")
    );
    let taken: Vec<_> = server.letters().into_iter().filter(|letter| letter.answer == Answer::Take).collect();
    let to_lena: BTreeSet<_> = taken.iter().filter_map(|letter| letter.head("message-id")).collect();
    assert_eq!(to_lena.len(), 11, "each of the others is there");
    let names: BTreeSet<String> = server
        .letters()
        .iter()
        .filter(|letter| letter.answer == Answer::Stall)
        .filter_map(|letter| letter.head("message-id").map(str::to_owned))
        .collect();
    assert_eq!(names.len(), 1, "at every attempt under the same name");
    jobs.kill();
}

#[tokio::test]
async fn told_to_end_it_ends_and_holds_nothing() {
    let stack = Stack::start(Fleet::ONE).await;
    let tenant = stack.tenant().await;
    let (sue, lena, cleo) =
        (tenant.supervisor("Sue").await, tenant.leader("Lena").await, tenant.customer("Cleo").await);
    lena.chooses("online").await;
    cleo.opens("Printer").await;
    until_done(&sue, 1).await;
    let jobs = stack.all(Service::Jobs)[0];
    jobs.terminate();
    assert!(jobs.until_ended(PATIENCE).await.success());
    cleo.opens("Another").await;
    wait_for("a job", PATIENCE, async || (stats(&sue).await["ready"] == 1).then_some(())).await;
    assert_eq!(stats(&sue).await["running"], 0);
}

/// `scripts/jobs.sh`: what 100,000 due jobs take, untroubled and with a process killed every two seconds.
#[tokio::test]
#[ignore = "minutes; its figures want a release build and a quiet machine"]
async fn a_hundred_thousand() {
    const COUNT: usize = 100_000;
    for kill in [false, true] {
        let stack = Stack::start(Fleet { jobs: 2, ..Fleet::ONE }).await;
        stack.database.run_as_owner(COUNT_EFFECTS).await;
        let tenant = stack.tenant().await;
        let (sue, cleo) = (tenant.supervisor("Sue").await, tenant.customer("Cleo").await);
        let (lena, ticket) = (tenant.leader("Lena").await, cleo.opens_id("Printer").await);
        let fill = format!(
            "insert into jobs (org_id, id, kind, key, payload, run_at, max_attempts, created_at) \
             select '{}', gen_random_uuid(), 'mail', n::text, jsonb_build_object('recipient', '{}', 'kind', 'assigned', \
                'ticket', '{ticket}'), now() + interval '1 second' * (n / {COUNT}.0), 16, now() \
             from generate_series(1, {COUNT}) n",
            tenant.organization.id, lena.id
        );
        stack.database.run_as_owner(&fill).await;
        let started = Instant::now();
        let (kills, stalls) = (Cell::new(0_usize), Cell::new(0_usize));
        let draining = async {
            let (mut done, mut since) = (0, Instant::now());
            let mut looks = interval(Duration::from_millis(200));
            while done < COUNT {
                looks.tick().await;
                let now = tenant.lines("select count(*)::text as line from effects").await.concat().parse().unwrap();
                if now > done {
                    (done, since) = (now, Instant::now());
                }
                stalls.set(stalls.get().max(since.elapsed().as_millis() as usize));
            }
        };
        let killing = async {
            let mut beat = interval(Duration::from_secs(2));
            beat.tick().await;
            loop {
                beat.tick().await;
                if kill {
                    let victim = stack.all(Service::Jobs)[kills.get() % 2];
                    victim.kill();
                    victim.start();
                    kills.set(kills.get() + 1);
                }
            }
        };
        tokio::select! { () = draining => {}, () = killing => unreachable!("kills go on") }
        let took = started.elapsed().as_secs_f64();
        println!(
            "{COUNT} jobs due within one second, {} kills: {took:.0} s, {:.0}/s, longest time without progress {} ms",
            kills.get(),
            COUNT as f64 / took,
            stalls.get()
        );
        until_done(&sue, COUNT).await;
        each_once(&stack, &tenant, COUNT).await;
    }
}
