//! Cron: work of the whole installation at fixed times, once however many processes there are.

use baton_store::{SystemDb, schedules};
use jiff::{SignedDuration, Timestamp};

use crate::error::Result;

/// Whether it is the caller's to do what is due at the latest multiple of `period`: `true` once per tick, to one of
/// all processes that ask. Who takes a tick and dies has used it up, so what it stands for must make up for it at the
/// next.
pub async fn tick(db: &SystemDb, name: &'static str, period: SignedDuration) -> Result<bool> {
    let tx = db.begin("schedule_tick").await?;
    let taken = schedules::tick(&tx, name, latest(tx.now(), period)).await?;
    tx.commit().await?;
    Ok(taken)
}

/// The latest multiple of `period` since 1970 that is not after `now`.
pub(crate) fn latest(now: Timestamp, period: SignedDuration) -> Timestamp {
    let period = period.as_secs().max(1);
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(period)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_a_multiple_of_its_period() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let hour = SignedDuration::from_hours(1);
        assert_eq!(latest(at("2026-03-02T09:00:00Z"), hour), at("2026-03-02T09:00:00Z"));
        assert_eq!(latest(at("2026-03-02T09:59:59.9Z"), hour), at("2026-03-02T09:00:00Z"));
        assert_eq!(latest(at("1969-12-31T23:30:00Z"), hour), at("1969-12-31T23:00:00Z"));
    }
}
