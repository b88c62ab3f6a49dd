//! Wakes coming in.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use baton_domain::id::{OrgId, TeamId};
use baton_domain::wake::Wake;
use baton_live::Redis;
use baton_live::wake::{Listener, Woken};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::tasks::spawn;

/// How many queues a watch remembers; beyond, it looks at all.
const REMEMBERED: usize = 1024;

/// Where the loops of a process hear wakes. Clones are the same board.
#[derive(Clone, Default)]
pub struct WakeBoard(Arc<Mutex<Watches>>);

#[derive(Default)]
struct Watches {
    outbox: Vec<Arc<Notify>>,
    jobs: Vec<Arc<Notify>>,
    queues: Vec<QueueWatch>,
}

impl WakeBoard {
    /// Listens for wakes until `shutdown`. Whenever Redis is found (again), all loops are woken to look at
    /// everything.
    pub fn start(redis: &Redis, shutdown: CancellationToken) -> Self {
        let board = Self::default();
        let mut listener = Listener::new(redis);
        let hearing = board.clone();
        spawn("wake board", async move {
            while let Some(woken) = shutdown.run_until_cancelled(listener.next()).await {
                hearing.hear(&woken);
            }
        });
        board
    }

    /// The notify of a loop that looks at the outbox.
    pub fn outbox(&self) -> Arc<Notify> {
        let notify = Arc::new(Notify::new());
        self.change(|watches| watches.outbox.push(Arc::clone(&notify)));
        notify
    }

    /// The notify of a worker that looks for due jobs.
    pub fn jobs(&self) -> Arc<Notify> {
        let notify = Arc::new(Notify::new());
        self.change(|watches| watches.jobs.push(Arc::clone(&notify)));
        notify
    }

    /// The watch of a loop that looks at queues. Starts with everything to look at.
    pub fn queues(&self) -> QueueWatch {
        let watch = QueueWatch::default();
        self.change(|watches| watches.queues.push(watch.clone()));
        watch
    }

    fn hear(&self, woken: &Woken) {
        self.change(|watches| match woken {
            Woken::Reconnected => watches.look_at_everything(),
            Woken::Wakes(wakes) => wakes.iter().for_each(|wake| watches.look(*wake)),
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Watches) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watches {
    fn look(&self, wake: Wake) {
        match wake {
            Wake::Outbox => self.outbox.iter().for_each(|notify| notify.notify_one()),
            Wake::Jobs => self.jobs.iter().for_each(|notify| notify.notify_one()),
            Wake::Queue(org, team) => self.queues.iter().for_each(|watch| watch.add((org, team))),
            // Gateways hear these by themselves: they tell screens, no loop works on them.
            Wake::Presence(_) => {}
        }
    }

    fn look_at_everything(&self) {
        self.outbox.iter().chain(&self.jobs).for_each(|notify| notify.notify_one());
        self.queues.iter().for_each(QueueWatch::look_at_everything);
    }
}

/// What a loop should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// All queues: some wakes may have been missed.
    Everything,
    /// These, each once; may be none.
    At(HashSet<(OrgId, TeamId)>),
}

/// The queues that were woken since a loop last looked. Clones are the same watch.
#[derive(Clone, Default)]
pub struct QueueWatch(Arc<Watched>);

struct Watched {
    notify: Arc<Notify>,
    look: Mutex<Look>,
}

impl Default for Watched {
    fn default() -> Self {
        Self { notify: Arc::default(), look: Mutex::new(Look::Everything) }
    }
}

impl QueueWatch {
    /// Notified when there is something to take: the `wake` of the loop.
    pub fn notify(&self) -> Arc<Notify> {
        Arc::clone(&self.0.notify)
    }

    /// What to look at since the last time; a tick takes it and looks. One that fails says
    /// [`QueueWatch::look_at_everything`], or what it took is only found by a sweep.
    pub fn take(&self) -> Look {
        self.change(|look| std::mem::replace(look, Look::At(HashSet::new())))
    }

    /// There may be something in any queue.
    pub fn look_at_everything(&self) {
        self.change(|look| *look = Look::Everything);
        self.0.notify.notify_one();
    }

    fn add(&self, queue: (OrgId, TeamId)) {
        self.change(|look| {
            if let Look::At(queues) = look {
                queues.insert(queue);
                if queues.len() > REMEMBERED {
                    *look = Look::Everything;
                }
            }
        });
        self.0.notify.notify_one();
    }

    fn change<T>(&self, change: impl FnOnce(&mut Look) -> T) -> T {
        change(&mut self.0.look.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn queue(n: u128) -> Wake {
        Wake::Queue(OrgId(uuid_of(1)), TeamId(uuid_of(n)))
    }

    fn uuid_of<T: std::str::FromStr<Err: std::fmt::Debug>>(n: u128) -> T {
        format!("00000000-0000-0000-0000-{n:012x}").parse().unwrap()
    }

    fn look_of(wakes: &[Wake]) -> Look {
        let queues = wakes.iter().filter_map(|wake| match wake {
            Wake::Queue(org, team) => Some((*org, *team)),
            Wake::Outbox | Wake::Jobs | Wake::Presence(_) => None,
        });
        Look::At(queues.collect())
    }

    #[test]
    fn each_watch_hears_each_queue_once() {
        let board = WakeBoard::default();
        let (one, other, outbox, jobs) = (board.queues(), board.queues(), board.outbox(), board.jobs());
        assert_eq!((one.take(), one.take()), (Look::Everything, look_of(&[])));
        board.hear(&Woken::Wakes(vec![queue(1), queue(2), queue(1)]));
        assert!(outbox.notified().now_or_never().is_none());
        assert_eq!(one.take(), look_of(&[queue(1), queue(2)]));
        // It never took its first look.
        assert_eq!(other.take(), Look::Everything);
        board.hear(&Woken::Wakes(vec![Wake::Outbox]));
        assert!(outbox.notified().now_or_never().is_some() && jobs.notified().now_or_never().is_none());
        assert_eq!(one.take(), look_of(&[]));
        board.hear(&Woken::Wakes(vec![Wake::Jobs]));
        assert!(outbox.notified().now_or_never().is_none() && jobs.notified().now_or_never().is_some());
    }

    #[test]
    fn too_many_queues_or_a_gap_mean_everything() {
        let board = WakeBoard::default();
        let (watch, outbox) = (board.queues(), board.outbox());
        watch.take();
        let many: Vec<Wake> = (0..=1024).map(queue).collect();
        board.hear(&Woken::Wakes(many));
        assert_eq!(watch.take(), Look::Everything);
        board.hear(&Woken::Reconnected);
        assert_eq!(watch.take(), Look::Everything);
        assert!(outbox.notified().now_or_never().is_some() && watch.notify().notified().now_or_never().is_some());
    }
}
