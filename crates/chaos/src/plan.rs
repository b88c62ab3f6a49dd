//! What a run does, drawn from its seed.

use std::time::Duration;

/// How long faults last in each cycle, and how long a cycle is: the rest of it is calm.
const CYCLE: Duration = Duration::from_secs(60);
const TROUBLED: Duration = Duration::from_secs(45);
/// How long a worker is frozen: longer than its lease of 10 s, and long enough for another to have done its jobs.
pub(crate) const FROZEN: Duration = Duration::from_secs(14);
/// When in a cycle it is.
const FREEZES_AT: Duration = Duration::from_secs(3);
/// How often Redis is emptied; halfway between, it is killed.
const REDIS_EVERY: Duration = Duration::from_secs(30);

/// How large a run is. The defaults are the run of every test suite: a minute, two cores, unoptimised binaries.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Size {
    /// How long there is traffic: 45 s with faults and 15 s without, and so on
    #[arg(long, default_value_t = 60)]
    pub(crate) seconds: u64,
    /// Requests a second, most of which post a message
    #[arg(long, default_value_t = 30.0)]
    pub(crate) rate: f64,
    /// Customers
    #[arg(long, default_value_t = 8)]
    pub(crate) customers: usize,
    /// Leaders, in two teams
    #[arg(long, default_value_t = 6)]
    pub(crate) leaders: usize,
    /// Seconds between two kills of a service
    #[arg(long, default_value_t = 2.0)]
    pub(crate) kill_every: f64,
    /// Seconds between two kills of Postgres
    #[arg(long, default_value_t = 20.0)]
    pub(crate) postgres_every: f64,
    /// Connections dropped a second
    #[arg(long, default_value_t = 1.0)]
    pub(crate) drops: f64,
    /// Break nothing: what the traffic costs by itself
    #[arg(long)]
    pub(crate) unbroken: bool,
}

/// A fault to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// A service is killed; the number chooses which.
    KillService(u64),
    /// A jobs process is frozen; the number chooses which.
    Freeze(u64),
    /// Postgres is killed.
    KillPostgres,
    /// Redis is emptied.
    EmptyRedis,
    /// Redis is killed.
    KillRedis,
    /// Somebody's connection is dropped or delayed; the number chooses which and how.
    Strike(u64),
}

impl Size {
    /// All faults of a run in their order, with their times from its beginning.
    pub(crate) fn faults(&self, seed: u64) -> Vec<(Duration, Act)> {
        let mut acts = Vec::new();
        if self.unbroken {
            return acts;
        }
        let mut dice = Dice::of(seed, "faults");
        let end = Duration::from_secs(self.seconds);
        let mut every = |pause: Duration, first: Duration, act: &mut dyn FnMut() -> Act| {
            let mut at = first;
            while at < end && !pause.is_zero() {
                if is_troubled(at) {
                    acts.push((at, act()));
                }
                at += pause;
            }
        };
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let kill = seconds(self.kill_every);
        every(kill, kill, &mut || Act::KillService(dice.next()));
        let postgres = seconds(self.postgres_every);
        every(postgres, postgres, &mut || Act::KillPostgres);
        every(REDIS_EVERY, REDIS_EVERY / 2, &mut || Act::EmptyRedis);
        every(REDIS_EVERY, REDIS_EVERY, &mut || Act::KillRedis);
        every(CYCLE, FREEZES_AT, &mut || Act::Freeze(dice.next()));
        if self.drops > 0.0 {
            let drop = seconds(1.0 / self.drops);
            every(drop, drop, &mut || Act::Strike(dice.next()));
        }
        acts.sort_by_key(|(at, _)| *at);
        acts
    }
}

fn is_troubled(at: Duration) -> bool {
    at.as_micros() % CYCLE.as_micros() < TROUBLED.as_micros()
}

/// A source of numbers: the same seed and name give the same numbers.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The numbers of one part of a run.
    pub(crate) fn of(seed: u64, name: &str) -> Self {
        // FNV-1a, which is the same in every build.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed ^ hash)
    }

    /// The next number (splitmix64).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// True so many times of a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// One of some.
    pub(crate) fn pick<'a, T>(&mut self, some: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.next()).unwrap_or_default().checked_rem(some.len())?;
        some.get(index)
    }

    /// Up to twice as long as `mean`, by chance.
    pub(crate) fn around(&mut self, mean: Duration) -> Duration {
        mean.mul_f64((self.next() % 2_001) as f64 / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Cli {
        #[command(flatten)]
        size: Size,
    }

    fn faults(arguments: &[&str], seed: u64) -> Vec<(Duration, Act)> {
        let arguments = ["test"].iter().chain(arguments);
        <Cli as clap::Parser>::parse_from(arguments).size.faults(seed)
    }

    #[test]
    fn a_seed_gives_the_same_run_and_another_another() {
        assert_eq!(faults(&[], 1), faults(&[], 1));
        assert_ne!(faults(&[], 1), faults(&[], 2));
    }

    #[test]
    fn the_last_quarter_of_a_cycle_is_calm() {
        let faults = faults(&["--seconds", "120"], 3);
        assert!(faults.iter().all(|(at, _)| at.as_secs() % 60 < 45));
        assert!(faults.iter().any(|(at, _)| at.as_secs() > 60) && faults.is_sorted_by_key(|(at, _)| *at));
    }

    #[test]
    fn a_full_run_has_all_that_it_is_to_have() {
        let full = "--seconds 1560 --drops 18";
        let faults = faults(&full.split(' ').collect::<Vec<_>>(), 4);
        let count = |wanted: fn(&Act) -> bool| faults.iter().filter(|(_, act)| wanted(act)).count();
        assert!(count(|act| matches!(act, Act::KillService(_))) >= 200);
        assert!(count(|act| *act == Act::KillPostgres) >= 50);
        assert!(count(|act| matches!(act, Act::Strike(_))) >= 11_000);
        assert!(count(|act| *act == Act::EmptyRedis) >= 10 && count(|act| *act == Act::KillRedis) >= 10);
    }
}
