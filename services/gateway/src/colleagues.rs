//! Colleagues: whoever came, left or chose another availability is told to the staff of their organisation.
//!
//! Every gateway looks by itself: at once at an organisation whose staff moved (a wake says so), and now and then at
//! all that have staff here, since nobody says when a grace or a dead gateway's lease ends. It tells what is another
//! than before. An organisation is read before its first staff socket is told that it may begin, so that nothing lies
//! between what its client fetches and what it is told.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_app::presence::{self, Colleague};
use baton_boot::loops::Report;
use baton_domain::event::Room;
use baton_domain::id::{OrgId, UserId};
use baton_domain::wake::Wake;
use baton_live::Redis;
use baton_live::wake::{Listener, Woken};
use baton_wire::socket::PresenceChanged;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::serve::Gateway;

const EVENT: &str = "presence:changed";
/// How often all organisations with staff here are looked at.
pub(crate) const ALL_EVERY: Duration = Duration::from_secs(5);
/// How long after a look the next one follows at the earliest: what comes together is told together.
const TOGETHER: Duration = Duration::from_millis(200);

/// How long a socket waits for its organisation to be read.
const FOLLOWED_WITHIN: Duration = Duration::from_millis(500);

/// What the staff sockets here know of their colleagues.
#[derive(Debug, Default)]
pub(crate) struct Colleagues {
    known: Mutex<Known>,
    notify: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Known {
    /// As it was last told, or could be fetched. Kept when nobody is here any more: as much as there is staff.
    staff: HashMap<OrgId, HashMap<UserId, Colleague>>,
    /// Where somebody moved since.
    moved: HashSet<OrgId>,
    /// When all were last looked at.
    all_at: Option<Instant>,
}

impl Colleagues {
    /// Notified when somebody moved.
    pub(crate) fn notify(&self) -> Arc<Notify> {
        Arc::clone(&self.notify)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From here on changes of this organisation's staff are seen. When Postgres does not answer in time, all of it is
    /// told at the next look.
    pub(crate) async fn follow(&self, gateway: &Gateway, org: OrgId) {
        if self.change(|known| known.staff.contains_key(&org)) {
            return;
        }
        let read = presence::colleagues(&gateway.system, org);
        match tokio::time::timeout(FOLLOWED_WITHIN, read).await {
            Ok(Ok(staff)) => self.change(|known| {
                known.staff.entry(org).or_insert_with(|| by_user(staff));
            }),
            Ok(Err(error)) => tracing::warn!(%error, "the staff of an organisation cannot be read"),
            Err(_) => tracing::warn!("the staff of an organisation cannot be read in time"),
        }
    }

    /// Looks where somebody moved, or everywhere when it is time, and tells what changed.
    pub(crate) async fn look(&self, gateway: &Gateway) -> baton_app::Result<Report> {
        let here = gateway.hall.enter().await.people(|actor| actor.role.is_staff());
        let due: Vec<OrgId> = self.change(|known| {
            let moved = std::mem::take(&mut known.moved);
            let all = known.all_at.is_none_or(|at| at.elapsed() >= ALL_EVERY);
            if all {
                known.all_at = Some(Instant::now());
            }
            here.into_keys().filter(|org| all || moved.contains(org)).collect()
        });
        let mut processed = 0;
        for org in due {
            let staff = presence::colleagues(&gateway.system, org).await?;
            let changed = self.change(|known| {
                let before = known.staff.insert(org, by_user(staff.clone())).unwrap_or_default();
                staff.into_iter().filter(|now| before.get(&now.user) != Some(now)).collect::<Vec<_>>()
            });
            processed += changed.len() as u64;
            let floor = gateway.hall.enter().await;
            for Colleague { user, availability, available } in changed {
                let told = PresenceChanged { user_id: user, availability, available };
                floor.whisper(Room::Colleagues(org), EVENT, &told, None);
            }
        }
        tokio::time::sleep(TOGETHER).await;
        Ok(Report { processed, more: false })
    }
}

fn by_user(staff: Vec<Colleague>) -> HashMap<UserId, Colleague> {
    staff.into_iter().map(|colleague| (colleague.user, colleague)).collect()
}

/// Hears where somebody moved, until told to stop.
pub(crate) async fn hear(gateway: Arc<Gateway>, redis: Redis, stop: CancellationToken) {
    let mut listener = Listener::new(&redis);
    while let Some(woken) = stop.run_until_cancelled(listener.next()).await {
        gateway.colleagues.change(|known| match woken {
            Woken::Reconnected => known.all_at = None,
            Woken::Wakes(wakes) => known.moved.extend(wakes.into_iter().filter_map(|wake| match wake {
                Wake::Presence(org) => Some(org),
                _ => None,
            })),
        });
        gateway.colleagues.notify.notify_one();
    }
}
