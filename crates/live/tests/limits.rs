//! Rate limits against a real Redis and without one.

#![cfg(test)]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use baton_live::limits::{Limits, Quota, Verdict};
use futures::future::join_all;
use support::{PATIENCE, Server};

/// None comes back while a test runs.
const HOURLY: Quota = Quota { name: "test", per: Duration::from_secs(3600), burst: 20 };

async fn allowed(limits: &[Arc<Limits>], requests: usize, subject: &str) -> Vec<Verdict> {
    let checks = (0..requests).map(|n| limits[n % limits.len()].check(&HOURLY, subject));
    join_all(checks).await.into_iter().filter(|verdict| verdict.allowed).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exact_under_concurrency_across_processes() {
    let server = Server::start().await;
    let limits: Vec<_> = (0..3).map(|_| Arc::new(Limits::new(&server.redis(), &[]))).collect();
    let verdicts = allowed(&limits, 200, "10.0.0.1").await;
    assert_eq!(verdicts.len(), 20);
    let mut remaining: Vec<u32> = verdicts.iter().map(|verdict| verdict.remaining).collect();
    remaining.sort_unstable();
    assert_eq!(remaining, (0..20).collect::<Vec<_>>());

    let refused = limits[0].check(&HOURLY, "10.0.0.1").await;
    assert!(!refused.allowed);
    assert_eq!((refused.limit, refused.remaining), (20, 0));
    let retry_after = refused.retry_after.unwrap();
    assert!(retry_after > Duration::from_secs(170) && retry_after <= Duration::from_secs(180), "{retry_after:?}");
    assert!(refused.reset_after <= Duration::from_secs(3600));
    // Others are not touched.
    assert!(limits[0].check(&HOURLY, "10.0.0.2").await.allowed);
}

#[tokio::test]
async fn what_is_spent_comes_back() {
    let server = Server::start().await;
    let limits = Limits::new(&server.redis(), &[]);
    let quota = Quota { name: "quick", per: Duration::from_millis(400), burst: 2 };
    while limits.check(&quota, "x").await.allowed {}
    let refused_at = Instant::now();
    while !limits.check(&quota, "x").await.allowed {
        assert!(refused_at.elapsed() < PATIENCE, "nothing comes back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // One comes back in 200 ms, not the whole burst at once.
    assert!(!limits.check(&quota, "x").await.allowed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_decides_while_redis_is_away() {
    let mut server = Server::away();
    let limits = [Arc::new(Limits::new(&server.redis(), &[]))];
    let started = Instant::now();
    assert_eq!(allowed(&limits, 200, "10.0.0.1").await.len(), 20);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    // The circuit is open: nobody waits.
    let started = Instant::now();
    assert!(!limits[0].check(&HOURLY, "10.0.0.1").await.allowed);
    assert!(started.elapsed() < Duration::from_millis(50), "{:?}", started.elapsed());

    // Back: what Redis knows counts again, which is nothing.
    server.run().await;
    let deadline = Instant::now() + PATIENCE;
    while !limits[0].check(&HOURLY, "10.0.0.1").await.allowed {
        assert!(Instant::now() < deadline, "Redis is never asked again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    // Killed under load: each request is still decided.
    server.kill();
    for _ in 0..20 {
        limits[0].check(&HOURLY, "10.0.0.3").await;
    }
    assert!(!limits[0].check(&HOURLY, "10.0.0.3").await.allowed);
}
