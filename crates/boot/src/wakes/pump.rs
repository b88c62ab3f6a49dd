//! Wakes going out.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use baton_domain::wake::Wake;
use baton_live::Redis;
use tokio::sync::Notify;

use crate::metrics::{WAKES, show};
use crate::tasks::spawn;

/// How many different wakes wait to be sent at most.
const PENDING: usize = 4096;
/// How many travel in one message at most.
const TOGETHER: usize = 256;

/// Where commits put their wakes. Never waits.
pub type WakeSink = Arc<dyn Fn(&[Wake]) + Send + Sync>;

/// Sends a process's wakes to all processes: one task, which sends at once what has come together while it sent
/// the last.
#[derive(Debug)]
pub struct WakePump;

impl WakePump {
    /// Starts the pump of a process; it ends, having sent what is left, when the last clone of the sink is gone, so
    /// that commits made while the process drains still wake others.
    ///
    /// Equal wakes that wait become one. While Redis is away they are dropped and counted
    /// (`baton_wakes_total{outcome="away"}`).
    pub fn start(redis: Redis) -> WakeSink {
        show();
        let shared = Arc::new(Shared::default());
        spawn("wake pump", pump(redis, Arc::clone(&shared)));
        let end = End(shared);
        Arc::new(move |wakes| end.0.add(wakes))
    }
}

#[derive(Default)]
struct Shared {
    pending: Mutex<Pending>,
    notify: Notify,
}

#[derive(Default)]
struct Pending {
    wakes: HashSet<Wake>,
    ended: bool,
}

impl Shared {
    fn add(&self, wakes: &[Wake]) {
        if wakes.is_empty() {
            return;
        }
        let mut refused = 0;
        self.change(|pending| {
            for wake in wakes {
                if pending.wakes.len() < PENDING {
                    pending.wakes.insert(*wake);
                } else if !pending.wakes.contains(wake) {
                    refused += 1;
                }
            }
        });
        if refused > 0 {
            WAKES.with_label_values(&["full"]).inc_by(refused);
        }
        self.notify.notify_one();
    }

    fn change<T>(&self, change: impl FnOnce(&mut Pending) -> T) -> T {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The sink's end of the pump: gone when the last clone of the sink is.
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.change(|pending| pending.ended = true);
        self.0.notify.notify_one();
    }
}

async fn pump(redis: Redis, shared: Arc<Shared>) {
    loop {
        shared.notify.notified().await;
        let (wakes, ended) = shared.change(|pending| (std::mem::take(&mut pending.wakes), pending.ended));
        let wakes: Vec<Wake> = wakes.into_iter().collect();
        for together in wakes.chunks(TOGETHER) {
            let sent = baton_live::wake::publish(&redis, together).await;
            let outcome = if sent.is_ok() { "published" } else { "away" };
            WAKES.with_label_values(&[outcome]).inc_by(u64::try_from(together.len()).unwrap_or_default());
            if let Err(error) = sent {
                tracing::debug!(%error, wakes = together.len(), "wakes were dropped");
            }
        }
        if ended {
            return;
        }
    }
}
