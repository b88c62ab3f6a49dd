//! The hall: all sockets of this gateway, their rooms, and the place in the feed at which they stand.
//!
//! Place and rooms are one thing under one lock ([`Hall::enter`]). Telling an event and moving on is one step, taking
//! a room and being told the place is another; so nothing falls between what a socket hears live and what it asks for
//! with `resume`. Nobody waits for anything else while holding the lock: sending to a socket only fills its buffer.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use baton_domain::access::{Actor, TicketPlace};
use baton_domain::event::Room;
use baton_domain::id::{ConversationId, OrgId, SessionId, UserId};
use baton_wire::cursor::FeedCursor;
use baton_wire::socket::{CursorMoved, Pulse, RoomRevoked};
use jiff::Timestamp;
use serde::Serialize;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use socketioxide::{SendError, SocketError};
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::delivery::Delivery;
use crate::metrics::{DELIVERIES, POSITION, REVOKED, SOCKETS};
use crate::recent::Recent;
use crate::socket::Conn;

/// How many of the last events are kept to be told again without Postgres.
const KEPT: usize = 1024;
/// How many of the last revoked sessions and changed people are remembered, for sockets that come in meanwhile.
const REMEMBERED: usize = 4096;
/// How many conversations a socket may have open.
pub(crate) const OPEN: usize = 500;

/// The sockets of this gateway.
#[derive(Debug)]
pub(crate) struct Hall {
    floor: Mutex<Floor>,
    position: watch::Receiver<i64>,
}

impl Hall {
    /// An empty hall at a place of the feed.
    pub(crate) fn at(position: i64) -> Self {
        let (moved, watched) = watch::channel(position);
        POSITION.set(position);
        let floor = Floor {
            position,
            moved,
            members: HashMap::new(),
            rooms: HashMap::new(),
            recent: VecDeque::new(),
            revoked: Recent::new(REMEMBERED),
            changed: Recent::new(REMEMBERED),
            closing: false,
        };
        Self { floor: Mutex::new(floor), position: watched }
    }

    /// Locks rooms and place. Wait for nothing while you hold it.
    pub(crate) async fn enter(&self) -> MutexGuard<'_, Floor> {
        self.floor.lock().await
    }

    /// Waits until the hall stands at `position` or later.
    pub(crate) async fn reached(&self, position: i64) {
        // The sender lives as long as the hall.
        let _ = self.position.clone().wait_for(|now| *now >= position).await;
    }
}

/// A socket in the hall.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) socket: SocketRef,
    pub(crate) conn: Arc<Conn>,
    /// Whether it hears events as they happen; a socket that resumes does not yet.
    live: bool,
    /// The rooms it is in by who its owner is.
    standing: Vec<Room>,
    /// The conversations it has open.
    open: HashSet<ConversationId>,
    /// The last event it was sent, since it may be in several rooms that hear the same one.
    heard: i64,
}

impl Member {
    fn rooms(&self) -> impl Iterator<Item = Room> {
        let role = self.conn.actor().role;
        let open = self.open.iter().map(move |id| Room::conversation(*id, role));
        self.standing.iter().copied().chain(open)
    }
}

/// The hall while it is locked.
#[derive(Debug)]
pub(crate) struct Floor {
    position: i64,
    moved: watch::Sender<i64>,
    members: HashMap<Sid, Member>,
    /// Who is in a room; only sockets that are live.
    rooms: HashMap<Room, HashSet<Sid>>,
    /// The last events, without a gap up to `position`.
    recent: VecDeque<Arc<Delivery>>,
    revoked: Recent<SessionId>,
    changed: Recent<UserId>,
    closing: bool,
}

impl Floor {
    /// The place up to which live sockets were told.
    pub(crate) fn position(&self) -> i64 {
        self.position
    }

    /// The place as clients keep it.
    pub(crate) fn cursor(&self) -> String {
        FeedCursor(self.position).to_string()
    }

    /// Lets a socket in. It hears nothing yet.
    pub(crate) fn admit(&mut self, socket: SocketRef, conn: Arc<Conn>) {
        let standing = Room::standing(&conn.actor());
        let member = Member { socket, conn, live: false, standing, open: HashSet::new(), heard: 0 };
        self.members.insert(member.socket.id, member);
        self.show_count();
    }

    /// Lets a socket hear all that happens from here on.
    pub(crate) fn go_live(&mut self, sid: Sid) {
        let Some(member) = self.members.get_mut(&sid) else { return };
        member.live = true;
        for room in member.rooms() {
            self.rooms.entry(room).or_default().insert(sid);
        }
    }

    /// Takes a socket out of the hall and all its rooms.
    pub(crate) fn dismiss(&mut self, sid: Sid) -> Option<Member> {
        let member = self.members.remove(&sid)?;
        for room in member.rooms() {
            vacate(&mut self.rooms, room, sid);
        }
        self.show_count();
        Some(member)
    }

    fn show_count(&self) {
        SOCKETS.set(i64::try_from(self.count()).unwrap_or(i64::MAX));
    }

    /// Puts a socket into the room of a conversation; `false` if it is gone or has too many open.
    pub(crate) fn open(&mut self, sid: Sid, id: ConversationId) -> bool {
        let Some(member) = self.members.get_mut(&sid) else { return false };
        if member.open.len() >= OPEN && !member.open.contains(&id) {
            return false;
        }
        member.open.insert(id);
        if member.live {
            let room = Room::conversation(id, member.conn.actor().role);
            self.rooms.entry(room).or_default().insert(sid);
        }
        true
    }

    /// Takes a socket out of the room of a conversation; `false` if it was not in it.
    pub(crate) fn close(&mut self, sid: Sid, id: ConversationId) -> bool {
        let Some(member) = self.members.get_mut(&sid) else { return false };
        let was_open = member.open.remove(&id);
        vacate(&mut self.rooms, Room::conversation(id, member.conn.actor().role), sid);
        was_open
    }

    /// Whether a socket has a conversation open.
    pub(crate) fn has_open(&self, sid: Sid, id: ConversationId) -> bool {
        self.members.get(&sid).is_some_and(|member| member.open.contains(&id))
    }

    /// Closes a conversation for a socket whose owner may not know of it any more, and says so.
    pub(crate) fn revoke(&mut self, sid: Sid, id: ConversationId) {
        if !self.close(sid, id) {
            return;
        }
        REVOKED.inc();
        if let Some(member) = self.members.get(&sid) {
            let _ = member.socket.emit("room:revoked", &RoomRevoked { conversation_id: id });
        }
    }

    /// Closes a conversation for all who may not know of a ticket that belongs so; with no place, for everybody.
    pub(crate) fn revoke_strangers(&mut self, id: ConversationId, place: Option<&TicketPlace>) {
        let rooms = [Room::ConversationStaff(id), Room::ConversationPublic(id)];
        let inside: Vec<Sid> = rooms.iter().filter_map(|room| self.rooms.get(room)).flatten().copied().collect();
        for sid in inside {
            let sees = |member: &Member| place.is_some_and(|place| member.conn.actor().sees(place));
            if !self.members.get(&sid).is_some_and(sees) {
                self.revoke(sid, id);
            }
        }
    }

    /// Tells an event to everybody in its rooms and moves on to its place. Gives those who could not be told because
    /// their buffers are full: they are out of the hall, and must be cut.
    pub(crate) fn deliver(&mut self, delivery: Arc<Delivery>) -> Vec<Member> {
        let position = delivery.position;
        let mut full = Vec::new();
        let mut told = 0;
        for room in &delivery.rooms {
            let Some((name, payload)) = delivery.named(room.audience()) else { continue };
            for sid in self.rooms.get(room).into_iter().flatten() {
                let Some(member) = self.members.get_mut(sid) else { continue };
                if std::mem::replace(&mut member.heard, position) == position {
                    continue;
                }
                match send(&member.socket, name, payload) {
                    Sent::Buffered => told += 1,
                    Sent::Full => full.push(*sid),
                    Sent::Gone => {}
                }
            }
        }
        DELIVERIES.inc_by(told);
        self.keep(delivery);
        full.into_iter().filter_map(|sid| self.dismiss(sid)).collect()
    }

    fn keep(&mut self, delivery: Arc<Delivery>) {
        self.position = delivery.position;
        if self.recent.back().is_some_and(|last| last.position + 1 != delivery.position) {
            self.recent.clear();
        }
        self.recent.push_back(delivery);
        if self.recent.len() > KEPT {
            self.recent.pop_front();
        }
        POSITION.set(self.position);
        self.moved.send_replace(self.position);
    }

    /// What a socket's rooms heard after `position`, in order; `None` when that is too long ago to be remembered.
    pub(crate) fn missed(&self, sid: Sid, position: i64) -> Option<Vec<Arc<Delivery>>> {
        let oldest = self.recent.front().map_or(self.position + 1, |delivery| delivery.position);
        if oldest > position + 1 {
            return None;
        }
        let rooms: Vec<Room> = self.members.get(&sid)?.rooms().collect();
        let heard = |delivery: &&Arc<Delivery>| delivery.position > position && delivery.heard_in(&rooms).is_some();
        Some(self.recent.iter().filter(heard).cloned().collect())
    }

    /// Tells something that passes to a room, but not to the socket it comes from. Whoever is too busy misses it.
    pub(crate) fn whisper(&self, room: Room, event: &str, payload: &impl Serialize, from: Option<Sid>) {
        for sid in self.rooms.get(&room).into_iter().flatten() {
            if Some(*sid) != from
                && let Some(member) = self.members.get(sid)
            {
                send(&member.socket, event, payload);
            }
        }
    }

    /// Tells something that passes to everybody in any of some rooms, once.
    pub(crate) fn whisper_once(&self, rooms: &[Room], event: &str, payload: &impl Serialize) {
        let inside: HashSet<Sid> = rooms.iter().filter_map(|room| self.rooms.get(room)).flatten().copied().collect();
        for member in inside.iter().filter_map(|sid| self.members.get(sid)) {
            send(&member.socket, event, payload);
        }
    }

    /// Whether any live socket is in a room.
    pub(crate) fn hears(&self, room: &Room) -> bool {
        self.rooms.contains_key(room)
    }

    /// The people who have live sockets here, each once, by organisation.
    pub(crate) fn people(&self, of: impl Fn(&Actor) -> bool) -> HashMap<OrgId, HashSet<UserId>> {
        let mut people: HashMap<OrgId, HashSet<UserId>> = HashMap::new();
        let live = self.members.values().filter(|member| member.live).map(|member| member.conn.actor());
        for actor in live.filter(|actor| of(actor)) {
            people.entry(actor.org).or_default().insert(actor.user);
        }
        people
    }

    /// Tells every live socket its place, so that the cursor of a quiet client does not grow too old.
    pub(crate) fn tell_place(&self) -> u64 {
        let payload = CursorMoved { cursor: self.cursor() };
        let live = self.members.values().filter(|member| member.live);
        live.map(|member| u64::from(matches!(send(&member.socket, "cursor", &payload), Sent::Buffered))).sum()
    }

    /// Tells every socket that events come through, as one that Postgres took at `at` just did.
    pub(crate) fn tell_pulse(&self, at: Timestamp) {
        for member in self.members.values() {
            send(&member.socket, "pulse", &Pulse { at });
        }
    }

    /// How many sockets there are.
    pub(crate) fn count(&self) -> usize {
        self.members.len()
    }

    /// A socket, while it is here.
    pub(crate) fn member(&self, sid: Sid) -> Option<&Member> {
        self.members.get(&sid)
    }

    /// All sockets.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// The sockets of a session.
    pub(crate) fn of_session(&self, session: SessionId) -> Vec<Sid> {
        let own = self.members.iter().filter(|(_, member)| member.conn.actor().session == session);
        own.map(|(sid, _)| *sid).collect()
    }

    /// The sessions that have sockets here, each once.
    pub(crate) fn sessions(&self, of: impl Fn(&Actor) -> bool) -> HashSet<(OrgId, SessionId)> {
        let actors = self.members.values().map(|member| member.conn.actor());
        actors.filter(|actor| of(actor)).map(|actor| (actor.org, actor.session)).collect()
    }

    /// The conversations a socket has open.
    pub(crate) fn open_of(&self, sid: Sid) -> Vec<ConversationId> {
        self.members.get(&sid).map(|member| member.open.iter().copied().collect()).unwrap_or_default()
    }

    /// Puts a socket into the rooms of what its owner may do now, and tells it so if that is another set.
    pub(crate) fn reseat(&mut self, sid: Sid, actor: Arc<Actor>) {
        let Some(member) = self.members.get_mut(&sid) else { return };
        let rooms = Room::standing(&actor);
        member.conn.set_actor(actor);
        let left = std::mem::replace(&mut member.standing, rooms);
        if left == member.standing {
            return;
        }
        for room in left {
            vacate(&mut self.rooms, room, sid);
        }
        let place = CursorMoved { cursor: FeedCursor(self.position).to_string() };
        let _ = member.socket.emit("access:changed", &place);
        if member.live {
            self.go_live(sid);
        }
    }

    /// Notes that a session ended, for its sockets that are just coming in.
    pub(crate) fn note_revoked(&mut self, session: SessionId) {
        self.revoked.put(session);
    }

    /// Whether a session ended lately.
    pub(crate) fn is_revoked(&self, session: SessionId) -> bool {
        self.revoked.has(session)
    }

    /// Notes that what a person may do changed, for their sockets that are just coming in.
    pub(crate) fn note_changed(&mut self, user: UserId) {
        self.changed.put(user);
    }

    /// Whether what a person may do changed lately.
    pub(crate) fn is_changed(&self, user: UserId) -> bool {
        self.changed.has(user)
    }

    /// Lets nobody in any more.
    pub(crate) fn shut(&mut self) {
        self.closing = true;
    }

    /// Whether nobody is let in any more.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing
    }
}

fn vacate(rooms: &mut HashMap<Room, HashSet<Sid>>, room: Room, sid: Sid) {
    if let Some(inside) = rooms.get_mut(&room) {
        inside.remove(&sid);
        if inside.is_empty() {
            rooms.remove(&room);
        }
    }
}

/// What became of a message to a socket.
enum Sent {
    Buffered,
    Full,
    Gone,
}

fn send(socket: &SocketRef, event: &str, payload: &(impl Serialize + ?Sized)) -> Sent {
    match socket.emit(event, payload) {
        Ok(()) => Sent::Buffered,
        Err(SendError::Socket(SocketError::InternalChannelFull)) => Sent::Full,
        Err(SendError::Socket(SocketError::Closed)) => Sent::Gone,
        Err(SendError::Serialize(error)) => {
            tracing::error!(%error, event, "a message to a socket cannot be written");
            Sent::Gone
        }
    }
}
