//! A channel that is heard for ever: what listeners of wakes and whispers are made from.

use std::time::Duration;

use futures::StreamExt;
use redis::aio::PubSub;
use tokio::time::Instant;

use crate::metrics::CONNECTS;
use crate::redis::Redis;

/// How long a channel may be silent before Redis is asked whether it is still there.
const SILENT_FOR: Duration = Duration::from_secs(5);
/// How long Redis may take to say so.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// What a subscription hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A message.
    Message(String),
    /// The channel is heard from now on; what was said before is lost.
    Subscribed,
}

/// One channel over a connection of its own, subscribed again whenever the connection is lost.
pub(crate) struct Subscription {
    redis: Redis,
    channel: String,
    purpose: &'static str,
    pubsub: Option<PubSub>,
    backoff: Backoff,
}

impl Subscription {
    pub(crate) fn new(redis: &Redis, channel: String, purpose: &'static str) -> Self {
        Self { redis: redis.clone(), channel, purpose, pubsub: None, backoff: Backoff::default() }
    }

    /// Waits for what is heard next, for ever if need be. Dropping the future loses nothing but a connection that
    /// was being made.
    pub(crate) async fn next(&mut self) -> Heard {
        loop {
            let Some(pubsub) = &mut self.pubsub else {
                if self.subscribe().await {
                    return Heard::Subscribed;
                }
                continue;
            };
            match next_message(pubsub).await {
                Some(message) => return Heard::Message(message),
                None => {
                    self.pubsub = None;
                    self.backoff.failed();
                    tracing::warn!(channel = self.channel, "the subscription was lost");
                }
            }
        }
    }

    async fn subscribe(&mut self) -> bool {
        self.backoff.pause().await;
        match self.redis.subscribe(&self.channel).await {
            Ok(pubsub) => {
                self.pubsub = Some(pubsub);
                self.backoff.worked();
                CONNECTS.with_label_values(&[self.purpose]).inc();
                true
            }
            Err(error) => {
                // Once per outage, not per attempt.
                if self.backoff.failures == 0 {
                    tracing::warn!(channel = self.channel, %error, "cannot subscribe, trying on");
                }
                self.backoff.failed();
                false
            }
        }
    }
}

/// The next message, `None` when the connection is lost. A peer that vanished without a word is found out by asking.
async fn next_message(pubsub: &mut PubSub) -> Option<String> {
    loop {
        let next = tokio::time::timeout(SILENT_FOR, async { pubsub.on_message().next().await }).await;
        match next {
            Ok(Some(message)) => match message.get_payload::<String>() {
                Ok(text) => return Some(text),
                Err(_) => continue,
            },
            Ok(None) => return None,
            Err(_) => {
                let pong = tokio::time::timeout(ANSWER_WITHIN, pubsub.ping::<redis::Value>()).await;
                if !matches!(pong, Ok(Ok(_))) {
                    return None;
                }
            }
        }
    }
}

/// A pause before connecting again that grows with every failure: none, then 50 ms doubled up to half a second.
///
/// It ends at a moment, not after a time: a caller that keeps dropping its future and asking again still gets there.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
    until: Option<Instant>,
}

impl Backoff {
    const FIRST: Duration = Duration::from_millis(50);
    const LONGEST: Duration = Duration::from_millis(500);

    pub(crate) fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.until = Some(Instant::now() + self.delay());
    }

    pub(crate) fn worked(&mut self) {
        *self = Self::default();
    }

    pub(crate) async fn pause(&self) {
        if let Some(until) = self.until {
            tokio::time::sleep_until(until).await;
        }
    }

    fn delay(&self) -> Duration {
        match self.failures {
            0 => Duration::ZERO,
            n => Self::FIRST.saturating_mul(1 << n.min(8).saturating_sub(1)).min(Self::LONGEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.delay(), Duration::ZERO);
        let mut last = Duration::ZERO;
        for _ in 0..100 {
            backoff.failed();
            assert!(backoff.delay() >= last);
            last = backoff.delay();
        }
        assert_eq!(last, Backoff::LONGEST);
        backoff.worked();
        assert_eq!(backoff.delay(), Duration::ZERO);
    }
}
