//! Rate limits that all processes share, and that hold within a process while Redis is away.

mod gcra;
mod local;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::Script;

use crate::error::{Error, Result};
use crate::metrics::LIMIT_FALLBACKS;
use crate::redis::Redis;
use gcra::Spent;
use local::Local;

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("limits/limits.lua")));

/// How long a request waits for Redis' opinion before the process decides.
const DECIDED_WITHIN: Duration = Duration::from_millis(300);
/// How long the process decides alone after Redis failed it.
const ALONE_FOR: Duration = Duration::from_secs(1);

/// A limit: `burst` in any `per`, which may all be spent at once and come back one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Its name: part of the key in Redis and a metric's label, so one of a few in the code.
    pub name: &'static str,
    /// The time in which a whole burst comes back.
    pub per: Duration,
    /// How many may be spent at once; 0 counts as 1.
    pub burst: u32,
}

/// What a limit says to one request, with what an answer's `RateLimit` and `Retry-After` headers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the request may go on.
    pub allowed: bool,
    /// The quota's burst.
    pub limit: u32,
    /// How many more would be allowed now.
    pub remaining: u32,
    /// How long until the whole burst is back.
    pub reset_after: Duration,
    /// How long until one more is allowed, when this one was not.
    pub retry_after: Option<Duration>,
}

/// The limits of a process. Share one: it holds what is spent while Redis is away.
#[derive(Debug)]
pub struct Limits {
    redis: Redis,
    local: Local,
    circuit: Circuit,
}

impl Limits {
    /// Limits shared through `redis`; `quotas` are those there are, to be shown in metrics from the start.
    pub fn new(redis: &Redis, quotas: &[Quota]) -> Self {
        for quota in quotas {
            LIMIT_FALLBACKS.with_label_values(&[quota.name]).inc_by(0);
        }
        let started = Instant::now();
        let circuit = Circuit { started, closed_at: AtomicU64::new(0) };
        Self { redis: redis.clone(), local: Local::new(started), circuit }
    }

    /// Spends one of `quota` for `subject` (an address, a user, an organisation) if there is one left.
    ///
    /// Never fails: while Redis is away each process decides from what it has itself seen since, so that N
    /// processes together allow up to N bursts.
    pub async fn check(&self, quota: &Quota, subject: &str) -> Verdict {
        let spent = match self.shared(quota, subject).await {
            Some(spent) => spent,
            None => {
                LIMIT_FALLBACKS.with_label_values(&[quota.name]).inc();
                self.local.spend(quota, subject)
            }
        };
        spent.verdict(quota)
    }

    /// What Redis says, `None` when it is away or was a moment ago.
    async fn shared(&self, quota: &Quota, subject: &str) -> Option<Spent> {
        if !self.circuit.may_ask() {
            return None;
        }
        let asked = tokio::time::timeout(DECIDED_WITHIN, self.ask(quota, subject)).await;
        match asked.unwrap_or(Err(Error::Slow(DECIDED_WITHIN))) {
            Ok(spent) => {
                self.circuit.close();
                Some(spent)
            }
            Err(error) => {
                self.circuit.open();
                tracing::debug!(%error, "rate limits are decided in the process for a second");
                None
            }
        }
    }

    /// Asked again after a lost connection, this may spend two for one request: rare, and on the strict side.
    async fn ask(&self, quota: &Quota, subject: &str) -> Result<Spent> {
        let key = self.redis.keys().limit(quota.name, subject);
        let (interval, burst) = (gcra::interval(quota), gcra::burst(quota));
        let (allowed, remaining, reset_after, retry_after): (u8, u32, u64, u64) =
            self.redis.ask(SCRIPT.key(&key).arg(interval).arg(burst)).await?;
        Ok(Spent { allowed: allowed == 1, remaining, reset_after, retry_after })
    }
}

/// Keeps requests from waiting for a Redis that just failed: for a second none asks, then one does for all.
#[derive(Debug)]
struct Circuit {
    started: Instant,
    /// Milliseconds after `started` from which Redis may be asked again; 0 while it answers.
    closed_at: AtomicU64,
}

impl Circuit {
    fn may_ask(&self) -> bool {
        let closed_at = self.closed_at.load(Ordering::Relaxed);
        if closed_at == 0 {
            return true;
        }
        // Whoever moves the time asks; the others go on alone until that one knows.
        self.now() >= closed_at
            && self.closed_at.compare_exchange(closed_at, self.later(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn open(&self) {
        self.closed_at.store(self.later(), Ordering::Relaxed);
    }

    fn close(&self) {
        self.closed_at.store(0, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn later(&self) -> u64 {
        self.now().saturating_add(u64::try_from(ALONE_FOR.as_millis()).unwrap_or(u64::MAX))
    }
}
