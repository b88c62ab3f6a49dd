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
    /// Who hears it.
    pub(crate) rooms: Vec<Room>,
    staff: Option<Written>,
    public: Option<Written>,
}

/// An event as one audience is given it.
#[derive(Debug)]
struct Written {
    name: &'static str,
    payload: Box<RawValue>,
}

impl Delivery {
    pub(crate) fn of(position: i64, event: &Event) -> Self {
        let written = |audience| {
            let heard = event.rooms.iter().any(|room| room.audience() == audience);
            let payload = heard.then(|| payload(position, event, audience)).flatten()?;
            Some(Written { name: event.fact.name_for(audience), payload })
        };
        Self {
            position,
            rooms: event.rooms.clone(),
            staff: written(Audience::Staff),
            public: written(Audience::Public),
        }
    }

    /// What nobody hears, at its place: it keeps the places dense.
    pub(crate) fn silent(position: i64) -> Self {
        Self { position, rooms: Vec::new(), staff: None, public: None }
    }

    /// What `audience` is given; nothing when it must not hear of this.
    pub(crate) fn payload(&self, audience: Audience) -> Option<&RawValue> {
        self.written(audience).map(|written| &*written.payload)
    }

    /// The name under which `audience` hears it, and what it is given.
    pub(crate) fn named(&self, audience: Audience) -> Option<(&'static str, &RawValue)> {
        self.written(audience).map(|written| (written.name, &*written.payload))
    }

    fn written(&self, audience: Audience) -> Option<&Written> {
        match audience {
            Audience::Staff => self.staff.as_ref(),
            Audience::Public => self.public.as_ref(),
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
