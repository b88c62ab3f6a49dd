//! The worker: slots, leases, faults, and its end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use baton_app::SystemDb;
use baton_app::jobs::{self, Claimed, Ending};
use baton_domain::id::JobId;
use baton_domain::jobs::Fault;
use baton_jobs::worker::Handler;
use baton_testkit::wait_for;
use futures::FutureExt;
use tokio::sync::Semaphore;

use crate::stage::{PATIENCE, Stage};

const LIMIT: Duration = Duration::from_secs(20);

/// A handler that says how an attempt goes.
fn by<F, Fut>(attempt: F) -> Handler
where
    F: Fn(Claimed) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Ending, Fault>> + Send + 'static,
{
    Arc::new(move |job| attempt(job).boxed())
}

async fn finish(db: &SystemDb, job: &Claimed) -> Result<Ending, Fault> {
    Ok(jobs::finish(db, job).await?)
}

#[tokio::test]
async fn two_workers_do_each_job_once_and_no_more_at_a_time_than_they_have_slots() {
    let stage = Stage::new().await;
    stage.assigns(150).await;
    let (ran, at_once, most) = (Arc::new(Mutex::new(HashMap::<JobId, usize>::new())), Arc::default(), Arc::default());
    let handler = || {
        let (db, ran) = (stage.world.system.clone(), Arc::clone(&ran));
        let (at_once, most): (Arc<AtomicUsize>, Arc<AtomicUsize>) = (Arc::clone(&at_once), Arc::clone(&most));
        by(move |job| {
            let (db, ran, at_once, most) = (db.clone(), Arc::clone(&ran), Arc::clone(&at_once), Arc::clone(&most));
            async move {
                most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                *ran.lock().unwrap().entry(job.id).or_default() += 1;
                let ending = finish(&db, &job).await;
                at_once.fetch_sub(1, Ordering::SeqCst);
                ending
            }
        })
    };
    let workers = [stage.works(handler(), LIMIT), stage.works(handler(), LIMIT)];
    stage.until_states(&["done 150"]).await;
    let ran = ran.lock().unwrap().clone();
    assert_eq!((ran.len(), ran.values().max()), (150, Some(&1)));
    let most = most.load(Ordering::SeqCst);
    assert!((2..=32).contains(&most), "{most} at once");
    for worker in workers {
        worker.drains().await;
    }
}

#[tokio::test]
async fn a_wake_is_faster_than_the_poll() {
    let stage = Stage::new().await;
    let db = stage.world.system.clone();
    let running = stage.works(
        by(move |job| {
            let db = db.clone();
            async move { finish(&db, &job).await }
        }),
        LIMIT,
    );
    let mut fastest = Duration::MAX;
    for round in 1..=5 {
        stage.assigns(1).await;
        let started = Instant::now();
        running.wake();
        stage.until_states(&[&format!("done {round}")]).await;
        fastest = fastest.min(started.elapsed());
    }
    assert!(fastest < Duration::from_millis(400), "{fastest:?}");
}

#[tokio::test]
async fn faults_and_panics_and_slowness_are_an_attempt_each() {
    let stage = Stage::new().await;
    stage.assigns(4).await;
    let db = stage.world.system.clone();
    let count = Arc::new(AtomicUsize::new(0));
    let handler = by(move |job| {
        let (db, nth) = (db.clone(), count.fetch_add(1, Ordering::SeqCst));
        async move {
            match nth {
                0 => Err(Fault::Passing("451".to_owned())),
                1 => Err(Fault::Lasting("550".to_owned())),
                2 => panic!("planted"),
                3 => std::future::pending().await,
                _ => finish(&db, &job).await,
            }
        }
    });
    let running = stage.works(handler, Duration::from_millis(200));
    stage.until_states(&["dead 1", "ready 3"]).await;
    let reasons = "select last_error as line from jobs where attempts = 1 order by 1";
    assert_eq!(
        stage.world.database.lines(reasons).await,
        ["451", "550", "the attempt panicked", "the attempt took longer than 0.2 s"]
    );
    stage.world.clock.advance(jiff::SignedDuration::from_secs(3));
    running.wake();
    stage.until_states(&["dead 1", "done 3"]).await;
    let figures = running.worker.figures();
    assert_eq!((figures.name, figures.processed, figures.errors), ("run_jobs", 3, 4));
}

#[tokio::test]
async fn a_draining_worker_ends_what_it_began_and_takes_no_more() {
    let stage = Stage::new().await;
    stage.assigns(40).await;
    let (begun, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let handler = {
        let (db, begun, gate) = (stage.world.system.clone(), Arc::clone(&begun), Arc::clone(&gate));
        by(move |job| {
            let (db, begun, gate) = (db.clone(), Arc::clone(&begun), Arc::clone(&gate));
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                gate.acquire().await.unwrap().forget();
                finish(&db, &job).await
            }
        })
    };
    let running = stage.works(handler, LIMIT);
    wait_for("full slots", PATIENCE, async || (begun.load(Ordering::SeqCst) == 16).then_some(())).await;
    running.shutdown.cancel();
    gate.add_permits(1000);
    running.drains().await;
    assert_eq!(stage.states().await, ["done 16", "ready 24"]);
    let untouched = "select count(*)::text as line from jobs where state = 'ready' and attempts = 0 and fence = 0";
    assert_eq!(stage.world.database.lines(untouched).await, ["24"]);
}

/// The stage's clock is moved by hand; leases are renewed in its time.
#[tokio::test]
async fn a_job_that_takes_long_keeps_its_lease() {
    let stage = Stage::new().await;
    stage.assigns(1).await;
    let gate = Arc::new(Semaphore::new(0));
    let handler = {
        let (db, gate) = (stage.world.system.clone(), Arc::clone(&gate));
        by(move |job| {
            let (db, gate) = (db.clone(), Arc::clone(&gate));
            async move {
                gate.acquire().await.unwrap().forget();
                finish(&db, &job).await
            }
        })
    };
    let running = stage.works(handler, LIMIT);
    stage.until_states(&["running 1"]).await;
    for _ in 0..5 {
        stage.world.clock.advance(jiff::SignedDuration::from_secs(6));
        let renewed = format!(
            "select '1' as line from jobs where lease_until >= timestamptz '{}' + interval '9 seconds'",
            stage.world.clock.now()
        );
        wait_for("a renewed lease", PATIENCE, async || stage.world.database.lines(&renewed).await.pop()).await;
        assert_eq!(jobs::reap(&stage.world.system).await.unwrap(), jobs::Reaped::default());
    }
    gate.add_permits(1);
    stage.until_states(&["done 1"]).await;
    running.drains().await;
}

#[tokio::test]
async fn what_a_dead_worker_held_another_one_does() {
    let stage = Stage::new().await;
    stage.assigns(20).await;
    let dead = stage.works(by(|_| std::future::pending()), LIMIT);
    stage.until_states(&["ready 4", "running 16"]).await;
    dead.dies().await;
    let db = stage.world.system.clone();
    let running = stage.works(
        by(move |job| {
            let db = db.clone();
            async move { finish(&db, &job).await }
        }),
        LIMIT,
    );
    stage.until_states(&["done 4", "running 16"]).await;
    stage.world.clock.advance(jiff::SignedDuration::from_secs(11));
    assert_eq!(jobs::reap(&stage.world.system).await.unwrap().again, 16);
    running.wake();
    stage.until_states(&["done 20"]).await;
    let attempts = "select attempts || ' ' || count(*) as line from jobs group by attempts order by 1";
    assert_eq!(stage.world.database.lines(attempts).await, ["1 4", "2 16"]);
}
