//! What people may do changes while their sockets live.
//!
//! The feed says when: `session:revoked` ends sockets at once, `access:changed` has a person's sessions read again. A
//! slow round over all sessions stands behind it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_app::{Error, conversations::Page};
use baton_boot::loops::Report;
use baton_domain::access::Actor;
use baton_domain::id::{OrgId, SessionId, UserId};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::conversations::history;
use crate::ending::{cut, sign_out};
use crate::serve::Gateway;

/// How many sessions one turn of the round looks at.
const ROUND: usize = 100;
/// How long until those are looked at again that could not be read.
const AGAIN: Duration = Duration::from_millis(500);

/// People whose sessions are to be read again.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    people: Mutex<HashSet<UserId>>,
    notify: Notify,
}

impl Changed {
    pub(crate) fn put(&self, user: UserId) {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).insert(user);
        self.notify.notify_one();
    }

    fn take(&self) -> HashSet<UserId> {
        std::mem::take(&mut self.people.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads again the sessions of people who changed, until told to stop.
pub(crate) async fn attend(gateway: Arc<Gateway>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = gateway.changed.notify.notified() => {}
        }
        let people = gateway.changed.take();
        if people.is_empty() {
            continue;
        }
        let sessions = gateway.hall.enter().await.sessions(|actor| people.contains(&actor.user));
        let mut unread = false;
        for (org, session) in sessions {
            let actor = gateway.identity.fresh_session(org, session).await;
            unread |= !settle(&gateway, session, actor).await;
        }
        if unread {
            tokio::time::sleep(AGAIN).await;
            people.into_iter().for_each(|user| gateway.changed.put(user));
        }
    }
}

/// The round over all sessions, a part of them in each turn.
#[derive(Debug, Default)]
pub(crate) struct Round(tokio::sync::Mutex<Option<SessionId>>);

impl Round {
    /// Looks at the next sessions.
    pub(crate) async fn turn(&self, gateway: &Arc<Gateway>) -> Report {
        let mut last = self.0.lock().await;
        let all = gateway.hall.enter().await.sessions(|_| true);
        let mut next: Vec<(OrgId, SessionId)> =
            all.into_iter().filter(|(_, id)| last.is_none_or(|at| *id > at)).collect();
        next.sort_unstable_by_key(|(_, id)| *id);
        next.truncate(ROUND);
        *last = next.last().map(|(_, id)| *id);
        let mut processed = 0;
        for (org, session) in next {
            let actor = gateway.identity.session(org, session).await;
            processed += u64::from(settle(gateway, session, actor).await);
        }
        Report { processed, more: false }
    }
}

/// Applies what was read of a session; `false` if it could not be read.
async fn settle(gateway: &Arc<Gateway>, session: SessionId, read: baton_app::Result<Arc<Actor>>) -> bool {
    match read {
        Ok(actor) => apply(gateway, session, actor).await,
        Err(Error::Unauthenticated(_)) => end_session(gateway, session).await,
        Err(error) => {
            tracing::warn!(%error, "a session cannot be read");
            return false;
        }
    }
    true
}

/// Ends the sockets of a session.
pub(crate) async fn end_session(gateway: &Arc<Gateway>, session: SessionId) {
    let mut floor = gateway.hall.enter().await;
    floor.note_revoked(session);
    for sid in floor.of_session(session) {
        if let Some(member) = floor.dismiss(sid) {
            sign_out(gateway, member.socket, "revoked");
        }
    }
}

/// Gives the sockets of a session the rooms of what its owner may do now, and takes back what they may not know of
/// any more.
async fn apply(gateway: &Arc<Gateway>, session: SessionId, actor: Arc<Actor>) {
    let mut open = Vec::new();
    {
        let mut floor = gateway.hall.enter().await;
        for sid in floor.of_session(session) {
            let Some(known) = floor.member(sid).map(|member| member.conn.actor()) else { continue };
            if known == actor {
                continue;
            }
            if known.role.is_staff() != actor.role.is_staff() {
                // Another audience counts otherwise: it begins again.
                if let Some(member) = floor.dismiss(sid) {
                    cut(gateway, member.socket);
                }
                continue;
            }
            floor.reseat(sid, Arc::clone(&actor));
            open.extend(floor.open_of(sid).into_iter().map(|id| (sid, id)));
        }
    }
    for (sid, id) in open {
        // Anything but a clear no leaves it open, until the ticket next moves.
        if let Err(Error::NotFound(_)) = history(gateway, Arc::clone(&actor), id, Page::After(i64::MAX), 1).await {
            gateway.hall.enter().await.revoke(sid, id);
        }
    }
}
