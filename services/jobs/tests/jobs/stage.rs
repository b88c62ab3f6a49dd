//! An organisation whose assignments ask for mail, and workers that run.

use std::time::Duration;

use baton_app::routing;
use baton_boot::tasks::spawn;
use baton_domain::access::Actor;
use baton_jobs::worker::{Handler, RENEW_EVERY, Wakes, Worker};
use baton_testkit::{Customer, Organization, World, wait_for};
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long anything may take that is awaited.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) org: Organization,
    pub(crate) leader: Arc<Actor>,
    customer: Customer,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let org = world.organization("acme").await;
        let leader = org.leader("Ana").await.actor;
        let limit = format!("update staff set units_limit = 1000 where user_id = '{}'", leader.user);
        world.database.run_as_owner(&limit).await;
        org.online(&leader).await;
        let customer = org.customer("Cleo").await;
        Self { world, org, leader, customer }
    }

    /// So many assignments, and as many jobs.
    pub(crate) async fn assigns(&self, count: usize) {
        for n in 0..count {
            self.customer.opens(&self.org, &format!("ticket {n}")).await;
        }
        let mut handed_out = 0;
        while handed_out < count {
            let batch = routing::assign_waiting(&self.world.system, self.org.id, self.org.support).await.unwrap();
            assert!(batch.tickets > 0);
            handed_out += batch.tickets;
        }
    }

    /// A worker that runs, in the time of the stage's clock.
    pub(crate) fn works(&self, handler: Handler, limit: Duration) -> Running {
        let worker = Worker::with_limit(self.world.system.clone(), handler, limit);
        let (wakes, shutdown) = (Wakes::default(), CancellationToken::new());
        let task = {
            let (worker, wakes, shutdown) = (worker.clone(), wakes.clone(), shutdown.clone());
            spawn("worker", async move { worker.run(wakes, shutdown).await.unwrap() })
        };
        let renewing = {
            let worker = worker.clone();
            spawn("renewing", async move {
                let mut beat = tokio::time::interval(RENEW_EVERY / 10);
                loop {
                    beat.tick().await;
                    let _postgres_is_here = worker.renew().await;
                }
            })
        };
        Running { worker, wakes, shutdown, task: Some(task), renewing }
    }

    /// Jobs by state: `done 3`.
    pub(crate) async fn states(&self) -> Vec<String> {
        let counts = "select state || ' ' || count(*) as line from jobs group by state order by state";
        self.world.database.lines(counts).await
    }

    pub(crate) async fn until_states(&self, expected: &[&str]) {
        wait_for(&format!("{expected:?}"), PATIENCE, async || (self.states().await == expected).then_some(())).await;
    }
}

pub(crate) struct Running {
    pub(crate) worker: Worker,
    pub(crate) wakes: Wakes,
    pub(crate) shutdown: CancellationToken,
    task: Option<JoinHandle<()>>,
    renewing: JoinHandle<()>,
}

impl Running {
    /// There may be something due.
    pub(crate) fn wake(&self) {
        self.wakes.ordinary.notify_one();
        self.wakes.suspect.notify_one();
    }

    /// Ends it as a signal would, and waits for its end.
    pub(crate) async fn drains(mut self) {
        self.shutdown.cancel();
        if let Some(task) = self.task.take() {
            tokio::time::timeout(PATIENCE, task).await.unwrap().unwrap();
        }
    }

    /// Ends it as a kill would: nothing that it holds is given back.
    pub(crate) async fn dies(mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            assert!(task.await.is_err());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.renewing.abort();
        self.shutdown.cancel();
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}
