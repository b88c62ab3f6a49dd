//! Where apalis' worker gets its jobs from: claims on our rows.
//!
//! An error of a source would end apalis' worker for good, so it has none: what goes wrong is told, and asked again.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::task::Task;
use apalis_core::worker::context::WorkerContext;
use baton_app::jobs::{self, Lane};
use baton_boot::tasks::chain;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower_layer::Identity;

use super::{Desk, Held};

/// The longest time between two looks while nothing is due: it stands behind the wakes.
pub(super) const POLL: Duration = Duration::from_secs(1);

/// The due jobs of a lane, as many at a time as there are slots free.
pub(super) struct Source {
    claims: Claims,
    claiming: Option<BoxFuture<'static, Vec<Held>>>,
    claimed: VecDeque<Held>,
    releasing: Option<BoxFuture<'static, ()>>,
}

#[derive(Clone)]
struct Claims {
    desk: Arc<Desk>,
    lane: Lane,
    slots: Arc<Semaphore>,
    wake: Arc<Notify>,
    shutdown: CancellationToken,
}

impl Source {
    pub(super) fn new(
        desk: Arc<Desk>,
        lane: Lane,
        slots: usize,
        wake: Arc<Notify>,
        shutdown: CancellationToken,
    ) -> Self {
        let claims = Claims { desk, lane, slots: Arc::new(Semaphore::new(slots)), wake, shutdown };
        Self { claims, claiming: None, claimed: VecDeque::new(), releasing: None }
    }
}

impl Claims {
    /// Waits for due jobs and claims them; none on shutdown. It is never dropped in the middle of a claim: that would
    /// leave jobs in nobody's hands until their leases end.
    async fn next(self) -> Vec<Held> {
        while let Some(Some(free)) = self.shutdown.run_until_cancelled(self.free_slots()).await {
            // What woke until now is seen by this look.
            let _ = self.wake.notified().now_or_never();
            self.desk.figures.looked();
            match jobs::claim(&self.desk.db, self.desk.id, self.lane, free.len()).await {
                Ok(claimed) if !claimed.is_empty() => {
                    self.desk.running().extend(claimed.iter().map(|job| job.id));
                    return claimed.into_iter().zip(free).map(|(job, slot)| Held { job, _slot: slot }).collect();
                }
                Ok(_none) => drop(free),
                Err(error) => {
                    drop(free);
                    tracing::error!(error = chain(&error), "due jobs cannot be claimed");
                    // A wake does not shorten this pause, or each commit would knock on a database that is down.
                    self.shutdown.run_until_cancelled(tokio::time::sleep(POLL)).await;
                    continue;
                }
            }
            let rest = tokio::time::timeout(POLL, self.wake.notified());
            let _woken = self.shutdown.run_until_cancelled(rest).await;
        }
        Vec::new()
    }

    /// Waits for a free slot and takes all that are free then.
    async fn free_slots(&self) -> Option<Vec<OwnedSemaphorePermit>> {
        let mut free = vec![Arc::clone(&self.slots).acquire_owned().await.ok()?];
        free.extend(std::iter::from_fn(|| Arc::clone(&self.slots).try_acquire_owned().ok()));
        Some(free)
    }

    /// Gives back what was claimed and not begun.
    async fn release(self, unbegun: VecDeque<Held>) {
        let ids: Vec<_> = unbegun.iter().map(|held| held.job.id).collect();
        for id in &ids {
            self.desk.running().remove(id);
        }
        if let Err(error) = jobs::release(&self.desk.db, self.desk.id, ids).await {
            tracing::warn!(error = chain(&error), "unbegun jobs could not be given back; their leases run out");
        }
    }
}

impl Backend for Source {
    type Task = Task<Held>;
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Option<Result<Task<Held>, Infallible>>> {
        loop {
            if let Some(held) = self.claimed.pop_front() {
                return Poll::Ready(Some(Ok(Task::new(held))));
            }
            let claims = &self.claims;
            let claiming = self.claiming.get_or_insert_with(|| claims.clone().next().boxed());
            let Poll::Ready(claimed) = claiming.poll_unpin(context) else { return Poll::Pending };
            self.claiming = None;
            if claimed.is_empty() {
                return Poll::Ready(None);
            }
            self.claimed.extend(claimed);
        }
    }

    fn poll_close(&mut self, context: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        if let Some(claiming) = &mut self.claiming {
            let Poll::Ready(claimed) = claiming.poll_unpin(context) else { return Poll::Pending };
            self.claiming = None;
            self.claimed.extend(claimed);
        }
        if self.releasing.is_none() && !self.claimed.is_empty() {
            let unbegun = std::mem::take(&mut self.claimed);
            self.releasing = Some(self.claims.clone().release(unbegun).boxed());
        }
        if let Some(releasing) = &mut self.releasing {
            let Poll::Ready(()) = releasing.poll_unpin(context) else { return Poll::Pending };
            self.releasing = None;
        }
        Poll::Ready(Ok(()))
    }
}

/// Jobs come as they are: there is nothing to decode and nothing to add.
impl BackendConfig for Source {
    type Args = Held;
    type Id = ();
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Identity {
        Identity::new()
    }
}
