//! Whispers between gateways: what is told to sockets and kept by nobody, such as typing.

use baton_domain::id::OrgId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Result;
use crate::redis::Redis;
use crate::subscription::{Heard, Subscription};

/// Something that passes: whoever is away never hears of it, and nobody misses it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Whisper {
    /// The organisation it stays in.
    pub org: OrgId,
    /// The room whose sockets hear it, in `baton_domain::event::Room`'s text form.
    pub room: String,
    /// The name of the socket event.
    pub event: String,
    /// What the sockets are given.
    pub payload: serde_json::Value,
    /// The gateway process that whispered: it has told its own sockets and ignores the echo.
    pub origin: Uuid,
}

/// Tells all gateways, the own one included.
///
/// # Errors
/// When Redis is away: nobody was told, which is what a whisper may come to.
pub async fn publish(redis: &Redis, whisper: &Whisper) -> Result<()> {
    let text = serde_json::to_string(whisper)?;
    redis.publish(&redis.keys().whispers(), &text).await
}

/// Hears whispers over a connection of its own, for ever. What was whispered while Redis was away is gone.
pub struct Listener(Subscription);

impl Listener {
    /// Connects at the first [`Listener::next`].
    pub fn new(redis: &Redis) -> Self {
        Self(Subscription::new(redis, redis.keys().whispers(), "whispers"))
    }

    /// Waits for the next whisper. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Whisper {
        loop {
            if let Heard::Message(text) = self.0.next().await {
                match serde_json::from_str(&text) {
                    Ok(whisper) => return whisper,
                    // A newer gateway may whisper otherwise.
                    Err(error) => tracing::debug!(%error, "a whisper of an unknown form"),
                }
            }
        }
    }
}
