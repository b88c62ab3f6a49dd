//! Presence: which staff have a live socket, as routing reads it from Postgres.
//!
//! Each staff socket has a row for as long as it lives, and the rows of a gateway count for as long as its lease: a
//! gateway that is killed is forgotten by itself. A lease that ran out all the same (Postgres away, a paused host)
//! may have cost the rows, so they are written anew.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_app::presence::{self, LEASE};
use baton_boot::loops::Report;
use baton_domain::id::ConnectionId;
use tokio::sync::watch;

use crate::serve::Gateway;
use crate::socket::Conn;

/// How often the lease is renewed.
pub(crate) const RENEWED_EVERY: Duration = Duration::from_secs(5);
/// How much earlier than it does the lease counts as run out: clocks differ, and a renewal takes time.
const MARGIN: Duration = Duration::from_secs(1);
/// The pauses between attempts to write a row.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often the end of a socket is tried to be noted, before it is left to the lease.
const ENDED_TRIES: usize = 5;

/// The lease of this gateway.
#[derive(Debug)]
pub(crate) struct Lease {
    renewed: Mutex<Instant>,
    /// Counts the leases: another number means that rows may be gone.
    number: watch::Sender<u64>,
}

impl Default for Lease {
    fn default() -> Self {
        Self { renewed: Mutex::new(Instant::now()), number: watch::Sender::new(0) }
    }
}

impl Lease {
    /// Renews the lease.
    pub(crate) async fn renew(&self, gateway: &Gateway) -> baton_app::Result<Report> {
        let asked = Instant::now();
        presence::renew_lease(&gateway.system, gateway.id).await?;
        let before = std::mem::replace(&mut *self.renewed.lock().unwrap_or_else(PoisonError::into_inner), asked);
        let lasts = LEASE.unsigned_abs().saturating_sub(MARGIN);
        if asked.duration_since(before) > lasts {
            tracing::warn!("the lease had run out; the presence of all staff sockets is noted again");
            self.number.send_modify(|number| *number += 1);
        }
        Ok(Report { processed: 1, more: false })
    }
}

/// Keeps the row of a staff socket until it is gone.
pub(crate) async fn attend(gateway: Arc<Gateway>, conn: Arc<Conn>) {
    let mut lease = gateway.lease.number.subscribe();
    let mut rows = Vec::new();
    while !conn.closed.is_cancelled() {
        note(&gateway, &conn, &mut rows).await;
        // What stood there before, or was written without our being told so.
        let last = rows.pop();
        for old in rows.drain(..) {
            forget(&gateway, &conn, old).await;
        }
        rows.extend(last);
        tokio::select! {
            () = conn.closed.cancelled() => {}
            changed = lease.changed() => if changed.is_err() { break },
        }
    }
    for row in rows {
        forget(&gateway, &conn, row).await;
    }
}

/// Writes the row, however often that must be tried while the socket lives. Every id that was tried is in `rows`,
/// since nobody knows what became of a commit that failed. An attempt is never abandoned: it could come to pass after
/// the row was cleared away.
async fn note(gateway: &Gateway, conn: &Conn, rows: &mut Vec<ConnectionId>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let row: ConnectionId = baton_app::new_id();
        rows.push(row);
        match presence::connected(&gateway.db, &conn.actor(), row, gateway.id).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "a staff socket cannot be noted, trying on"),
        }
        tokio::select! {
            () = conn.closed.cancelled() => return,
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
        }
    }
}

async fn forget(gateway: &Gateway, conn: &Conn, row: ConnectionId) {
    let mut pause = FIRST_PAUSE;
    for _ in 0..ENDED_TRIES {
        match presence::disconnected(&gateway.db, conn.actor().org, row).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "the end of a staff socket cannot be noted"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
