//! An event made ready for sockets.

use baton_domain::conversation::Audience;
use baton_domain::event::{Event, Room};
use baton_wire::cursor::FeedCursor;
use baton_wire::event::project;
use serde_json::value::RawValue;

/// An event at its place in the feed, written once for each audience that hears it, however many sockets do.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// Its place in the feed.
    pub(crate) position: i64,
    /// The event's `type`.
    pub(crate) name: &'static str,
    /// Who hears it.
    pub(crate) rooms: Vec<Room>,
    staff: Option<Box<RawValue>>,
    public: Option<Box<RawValue>>,
}

impl Delivery {
    pub(crate) fn of(position: i64, event: &Event) -> Self {
        let written = |audience| {
            let heard = event.rooms.iter().any(|room| room.audience() == audience);
            heard.then(|| payload(position, event, audience)).flatten()
        };
        Self {
            position,
            name: event.fact.name(),
            rooms: event.rooms.clone(),
            staff: written(Audience::Staff),
            public: written(Audience::Public),
        }
    }

    /// What `audience` is given; nothing when it must not hear of this.
    pub(crate) fn payload(&self, audience: Audience) -> Option<&RawValue> {
        match audience {
            Audience::Staff => self.staff.as_deref(),
            Audience::Public => self.public.as_deref(),
        }
    }

    /// What somebody in `rooms` is given.
    pub(crate) fn heard_in(&self, rooms: &[Room]) -> Option<&RawValue> {
        let room = self.rooms.iter().find(|room| rooms.contains(room))?;
        self.payload(room.audience())
    }
}

/// An event as one audience hears it, written.
pub(crate) fn payload(position: i64, event: &Event, audience: Audience) -> Option<Box<RawValue>> {
    let payload = project(event, Some(FeedCursor(position)), audience)?;
    match serde_json::value::to_raw_value(&payload) {
        Ok(written) => Some(written),
        Err(error) => {
            tracing::error!(%error, position, "an event cannot be written");
            None
        }
    }
}
