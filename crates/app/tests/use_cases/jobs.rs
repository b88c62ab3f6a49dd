//! Jobs against a real database: claims, leases, fences, and what is left of a job in the end.

use std::collections::HashSet;
use std::sync::Arc;

use baton_app::jobs::{self, Claimed, Ending, Lane, Reaped};
use baton_app::{Ctx, Error, IdempotencyKey, new_id, routing, schedules};
use baton_domain::access::{Actor, Permission};
use baton_domain::id::{JobId, WorkerId};
use baton_domain::jobs::{Fault, JobState, LEASE, Next};
use baton_domain::user::Role;
use baton_testkit::{Organization, World, can};
use futures::future::join_all;
use jiff::SignedDuration;

/// An organisation in which so many assignments have asked for a mail each.
async fn asked_for(count: usize) -> (World, Organization) {
    let world = World::new().await;
    let org = world.organization("acme").await;
    add(&org, count).await;
    (world, org)
}

async fn add(org: &Organization, count: usize) {
    let customer = org.customer(&format!("Cleo {}", new_id::<JobId>())).await;
    for part in (0..count).step_by(5) {
        let leader = org.leader(&format!("Ana {}", new_id::<JobId>())).await.actor;
        org.online(&leader).await;
        for n in part..count.min(part + 5) {
            customer.opens(org, &n.to_string()).await;
        }
    }
    let handed_out = routing::assign_waiting(&org.world.system, org.id, org.support).await.unwrap();
    assert_eq!(handed_out.tickets, count);
}

async fn claim(world: &World, worker: WorkerId, limit: usize) -> Vec<Claimed> {
    jobs::claim(&world.system, worker, Lane::Ordinary, limit).await.unwrap()
}

async fn suspect(world: &World, worker: WorkerId) -> Option<Claimed> {
    jobs::claim(&world.system, worker, Lane::Suspect, 1).await.unwrap().pop()
}

/// The one job there is.
async fn only(world: &World) -> Claimed {
    let mut claimed = claim(world, new_id(), 10).await;
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

async fn rows(world: &World, columns: &str) -> Vec<String> {
    world.database.lines(&format!("select {columns} as line from jobs order by id")).await
}

fn passing() -> Fault {
    Fault::Passing("451 come back later".to_owned())
}

#[tokio::test]
async fn of_many_workers_each_job_has_one() {
    let (world, _) = asked_for(40).await;
    let claims = join_all((0..8).map(|_| claim(&world, new_id(), 5))).await;
    let claimed: Vec<JobId> = claims.iter().flatten().map(|job| job.id).collect();
    let distinct: HashSet<JobId> = claimed.iter().copied().collect();
    assert_eq!((claimed.len(), distinct.len()), (40, 40));
    assert!(claim(&world, new_id(), 5).await.is_empty());
    assert!(claims.iter().flatten().all(|job| (job.attempts, job.fence) == (1, 1)));
}

#[tokio::test]
async fn what_is_done_is_done() {
    let (world, _) = asked_for(1).await;
    let job = only(&world).await;
    assert_eq!(jobs::finish(&world.system, &job).await.unwrap(), Ending::Counted);
    assert_eq!(jobs::finish(&world.system, &job).await.unwrap(), Ending::Lost, "once");
    assert_eq!(jobs::fail(&world.system, &job, &passing()).await.unwrap(), None);
    world.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(jobs::reap(&world.system).await.unwrap(), Reaped::default());
    assert_eq!(rows(&world, "state || ' ' || attempts || ' ' || coalesce(last_error, '-')").await, ["done 1 -"]);
}

#[tokio::test]
async fn a_silent_worker_loses_its_jobs_and_one_that_renews_does_not() {
    let (world, _) = asked_for(2).await;
    let (alive, dead) = (new_id(), new_id());
    let kept = claim(&world, alive, 1).await.remove(0);
    let lost = claim(&world, dead, 1).await.remove(0);
    for _ in 0..4 {
        world.clock.advance(LEASE / 4);
        assert_eq!(jobs::renew(&world.system, alive, vec![kept.id, lost.id]).await.unwrap(), 1);
        assert_eq!(jobs::reap(&world.system).await.unwrap(), Reaped::default(), "until its end a lease holds");
    }
    world.clock.advance(SignedDuration::from_millis(1));
    assert_eq!(jobs::reap(&world.system).await.unwrap(), Reaped { again: 1, dead: 0, more: false });
    assert!(claim(&world, alive, 10).await.is_empty(), "suspects are apart");
    let again = suspect(&world, alive).await.unwrap();
    assert_eq!((again.id, again.attempts), (lost.id, 2));
    assert_eq!(jobs::finish(&world.system, &lost).await.unwrap(), Ending::Lost);
    assert_eq!(jobs::finish(&world.system, &again).await.unwrap(), Ending::Counted);
    assert_eq!(jobs::finish(&world.system, &kept).await.unwrap(), Ending::Counted);
}

/// How often a job takes effect when a worker finishes after it lost its lease; `planted` takes the fence away.
async fn effects_of_a_late_worker(planted: Option<&str>) -> usize {
    let (world, _) = asked_for(1).await;
    let effects = "create table effects (job uuid); grant insert on effects to baton_app; \
        create function effect() returns trigger language plpgsql as \
            $$ begin insert into effects values (new.id); return new; end $$; \
        create trigger effect after update on jobs for each row when (new.state = 'done') execute function effect()";
    world.database.run_as_owner(effects).await;
    let late = only(&world).await;
    world.clock.advance(LEASE + SignedDuration::from_secs(1));
    jobs::reap(&world.system).await.unwrap();
    let second = suspect(&world, new_id()).await.unwrap();
    if let Some(planted) = planted {
        world.database.run_as_owner(planted).await;
    }
    let (late_ends, second_ends) =
        (jobs::finish(&world.system, &late).await.unwrap(), jobs::finish(&world.system, &second).await.unwrap());
    let counted = [late_ends, second_ends].iter().filter(|ending| **ending == Ending::Counted).count();
    let effects = world.database.lines("select job::text as line from effects").await.len();
    assert_eq!(effects, counted, "an effect is committed with its completion or not at all");
    effects
}

#[tokio::test]
async fn a_worker_that_comes_late_has_no_effect() {
    assert_eq!(effects_of_a_late_worker(None).await, 1);
}

/// The test above sees it when completions are not fenced.
#[tokio::test]
async fn a_completion_without_a_fence_is_seen() {
    // Whatever claim a completion names is taken for the latest one, again and again.
    let planted = "create function unfenced() returns trigger language plpgsql as \
            $$ begin if new.state = 'done' then insert into effects values (new.id); \
               new.state := 'running'; new.fence := 3 - new.fence; new.worker_id := old.worker_id; \
               new.lease_until := old.lease_until; new.finished_at := null; end if; return new; end $$; \
        create trigger unfenced before update on jobs for each row execute function unfenced(); \
        update jobs set fence = 1";
    assert_eq!(effects_of_a_late_worker(Some(planted)).await, 2);
}

#[tokio::test]
async fn failures_wait_longer_and_longer_and_then_it_is_dead() {
    let (world, _) = asked_for(1).await;
    let mut pauses = Vec::new();
    loop {
        let job = only(&world).await;
        match jobs::fail(&world.system, &job, &passing()).await.unwrap().unwrap() {
            Next::Again(at) => {
                pauses.push(at.duration_since(world.clock.now()));
                world.clock.advance(pauses[pauses.len() - 1] - SignedDuration::from_millis(1));
                assert!(claim(&world, new_id(), 1).await.is_empty(), "before its time");
                world.clock.advance(SignedDuration::from_millis(1));
            }
            Next::Dead => break,
        }
    }
    assert_eq!(pauses.len(), 15);
    assert!(pauses.windows(2).all(|pair| pair[1] >= pair[0]), "{pauses:?}");
    world.clock.advance(SignedDuration::from_hours(24));
    assert!(claim(&world, new_id(), 1).await.is_empty());
    assert_eq!(
        rows(&world, "state || ' ' || attempts || ' ' || last_error").await,
        ["dead 16 451 come back later"],
        "with its reason"
    );
}

#[tokio::test]
async fn a_lasting_fault_is_not_tried_again() {
    let (world, _) = asked_for(1).await;
    let job = only(&world).await;
    let fault = Fault::Lasting("550 nobody of that name".to_owned());
    assert_eq!(jobs::fail(&world.system, &job, &fault).await.unwrap(), Some(Next::Dead));
    assert_eq!(rows(&world, "state || ' ' || last_error").await, ["dead 550 nobody of that name"]);
}

/// Each claim is followed by the end of the process that made it, if the poison is among what it runs.
#[tokio::test]
async fn a_job_that_kills_its_process_ends_dead_and_alone() {
    let (world, _) = asked_for(20).await;
    let poison = rows(&world, "id::text").await[7].parse::<JobId>().unwrap();
    let mut deaths = 0;
    for _ in 0..200 {
        jobs::reap(&world.system).await.unwrap();
        let process = new_id();
        let mut running = claim(&world, process, 8).await;
        running.extend(suspect(&world, process).await);
        if running.iter().any(|job| job.id == poison) {
            deaths += 1;
            world.clock.advance(LEASE + SignedDuration::from_secs(1));
            continue;
        }
        for job in running {
            assert_eq!(jobs::finish(&world.system, &job).await.unwrap(), Ending::Counted);
        }
    }
    assert_eq!(deaths, 16, "each attempt of it is counted, though none came to an end");
    let of_poison = format!("select state || ' ' || attempts as line from jobs where id = '{poison}'");
    assert_eq!(world.database.lines(&of_poison).await, ["dead 16"]);
    let others = format!("select state || ' ' || (attempts <= 3) as line from jobs where id <> '{poison}'");
    assert_eq!(world.database.lines(&others).await, vec!["done true"; 19], "the others lost two attempts at most");
}

#[tokio::test]
async fn what_was_claimed_and_not_begun_is_given_back_whole() {
    let (world, _) = asked_for(2).await;
    let worker = new_id();
    let ids: Vec<JobId> = claim(&world, worker, 2).await.iter().map(|job| job.id).collect();
    jobs::release(&world.system, new_id(), ids.clone()).await.unwrap();
    assert!(claim(&world, new_id(), 2).await.is_empty(), "only its own worker gives a job back");
    jobs::release(&world.system, worker, ids).await.unwrap();
    let again = claim(&world, new_id(), 2).await;
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|job| (job.attempts, job.fence) == (1, 2)));
}

#[tokio::test]
async fn asked_for_twice_it_is_one() {
    let (world, org) = asked_for(1).await;
    let copy = "insert into jobs (org_id, id, kind, key, payload, run_at, max_attempts, created_at) \
                select org_id, gen_random_uuid(), kind, key, payload, run_at, max_attempts, created_at from jobs";
    let refused = refusal(&world, copy).await;
    assert!(refused.contains("jobs_org_id_key_key"), "{refused}");
    // Another organisation's keys are its own.
    let other = world.organization("other").await;
    let as_other = copy.replace("select org_id", &format!("select '{}'::uuid", other.id));
    world.database.run_as_owner(&as_other).await;
    assert_eq!(rows(&world, "state").await.len(), 2);
    add(&org, 1).await;
    assert_eq!(rows(&world, "state").await.len(), 3, "another assignment is another job");
}

/// How Postgres refuses a statement because something is there already.
async fn refusal(world: &World, sql: &str) -> String {
    let function = format!(
        "create function refusal() returns text language plpgsql as $q$ begin {sql}; return 'not refused'; \
         exception when unique_violation then return sqlerrm; end $q$"
    );
    world.database.run_as_owner(&function).await;
    world.database.lines("select refusal() as line").await.concat()
}

#[tokio::test]
async fn a_tick_is_taken_once_by_all_processes_together() {
    let world = World::new().await;
    let processes = [world.system.clone(), world.database.system().await.with_clock(world.clock.as_clock())];
    let hour = SignedDuration::from_hours(1);
    for round in 0..5 {
        let asked = (0..8).map(|n| schedules::tick(&processes[n % 2], "retention", hour));
        let taken = join_all(asked).await.into_iter().filter(|taken| *taken.as_ref().unwrap()).count();
        assert_eq!(taken, 1, "tick {round}");
        world.clock.advance(SignedDuration::from_mins(30));
        let early = schedules::tick(&processes[0], "retention", hour).await.unwrap();
        assert!(!early, "half an hour later it is the same tick");
        world.clock.advance(SignedDuration::from_mins(30));
    }
    assert!(schedules::tick(&processes[0], "another", hour).await.unwrap(), "schedules are apart");
}

async fn supervisor(org: &Organization) -> Arc<Actor> {
    org.person(Role::Supervisor, "Sue", &[]).await
}

#[tokio::test]
async fn people_see_their_own_and_may_have_a_dead_one_tried_again() {
    let (world, org) = asked_for(3).await;
    let sue = supervisor(&org).await;
    let stranger = supervisor(&world.organization("other").await).await;
    world.clock.advance(SignedDuration::from_secs(7));
    let stats = jobs::stats(&can(&sue), &world.db).await.unwrap();
    assert_eq!((stats.counts, stats.oldest_due_seconds), (vec![(JobState::Ready, 3)], Some(7)));

    let claimed = claim(&world, new_id(), 2).await;
    jobs::fail(&world.system, &claimed[0], &Fault::Lasting("550 no".to_owned())).await.unwrap();
    assert_eq!(jobs::finish(&world.system, &claimed[1]).await.unwrap(), Ending::Counted);
    let dead = jobs::list(&can(&sue), &world.db, vec![JobState::Dead], None, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("550 no")));
    let all = jobs::list(&can(&sue), &world.db, Vec::new(), None, 2).await.unwrap();
    let rest = jobs::list(&can(&sue), &world.db, Vec::new(), Some(all[1].id), 2).await.unwrap();
    assert_eq!((all.len(), rest.len()), (2, 1));
    assert!(jobs::list(&can(&stranger), &world.db, Vec::new(), None, 10).await.unwrap().is_empty());
    let hidden = jobs::retry(&can(&stranger), &world.db, dead[0].id).await.unwrap_err();
    assert!(matches!(hidden, Error::NotFound("job")), "{hidden}");

    let again = jobs::retry(&can(&sue), &world.db, dead[0].id).await.unwrap();
    assert_eq!((again.state, again.attempts, again.finished_at), (JobState::Ready, 0, None));
    for job in claim(&world, new_id(), 10).await {
        assert_eq!(jobs::finish(&world.system, &job).await.unwrap(), Ending::Counted);
    }
    let done = jobs::retry(&can(&sue), &world.db, dead[0].id).await.unwrap_err();
    assert_eq!(done.code(), "conflict");
}

#[tokio::test]
async fn a_retry_with_a_key_answers_again() {
    let (world, org) = asked_for(1).await;
    let sue = supervisor(&org).await;
    let job = only(&world).await;
    jobs::fail(&world.system, &job, &Fault::Lasting("550 no".to_owned())).await.unwrap();
    let key = IdempotencyKey { key: "k".into(), method: "POST".into(), path: "/".into(), body_hash: vec![1] };
    let ctx = Ctx { idempotency: Some(key), ..Ctx::of(sue) };
    let first = jobs::retry(&ctx.clone().allow().unwrap(), &world.db, job.id).await.unwrap();
    let job = only(&world).await;
    assert_eq!(jobs::finish(&world.system, &job).await.unwrap(), Ending::Counted);
    let second = jobs::retry(&ctx.allow().unwrap(), &world.db, job.id).await.unwrap();
    assert_eq!(first, second);
}

#[tokio::test]
async fn leaders_and_agents_have_no_say() {
    let (_, org) = asked_for(1).await;
    for role in [Role::TeamLeader, Role::Agent, Role::Customer] {
        let person = org.person(role, role.as_str(), &[]).await;
        for permission in [Permission::JobsView, Permission::JobsManage] {
            assert!(!person.may(permission), "{role} {permission}");
        }
    }
}
