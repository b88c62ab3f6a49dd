//! Wakes between processes: a nudge that says *look*. Losing one costs latency, nothing else.

use baton_domain::wake::Wake;

use crate::error::Result;
use crate::redis::Redis;
use crate::subscription::{Heard, Subscription};

/// Tells all processes, this one included, to look.
///
/// # Errors
/// When Redis is away: nobody was told, and the sweeps stand behind.
pub async fn publish(redis: &Redis, wakes: &[Wake]) -> Result<()> {
    if wakes.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = wakes.iter().map(|wake| wake.encode()).collect();
    redis.publish(&redis.keys().wakes(), &lines.join("\n")).await
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Woken {
    /// These have something to look at; never empty.
    Wakes(Vec<Wake>),
    /// Wakes are heard from now on, for the first time or again. Any may have been missed: look at everything.
    Reconnected,
}

/// Hears wakes over a connection of its own, for ever.
pub struct Listener(Subscription);

impl Listener {
    /// Connects at the first [`Listener::next`].
    pub fn new(redis: &Redis) -> Self {
        Self(Subscription::new(redis, redis.keys().wakes(), "wakes"))
    }

    /// Waits for the next wakes. The first answer is always [`Woken::Reconnected`]. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> Woken {
        loop {
            match self.0.next().await {
                Heard::Subscribed => return Woken::Reconnected,
                Heard::Message(text) => {
                    let wakes: Vec<Wake> = text.lines().filter_map(Wake::decode).collect();
                    if !wakes.is_empty() {
                        return Woken::Wakes(wakes);
                    }
                }
            }
        }
    }
}
