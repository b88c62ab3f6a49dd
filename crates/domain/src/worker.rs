//! Worker processes, by the figures that they give of themselves.

use jiff::Timestamp;

/// What one loop of a process has done since the process started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct LoopFigures {
    /// The loop's name: one of a few in the code.
    pub name: &'static str,
    /// What it got done.
    pub processed: u64,
    /// Ticks that failed.
    pub errors: u64,
    /// Milliseconds until the next tick at the latest, as it stands: longer than the loop's interval while it fails.
    pub interval_ms: u64,
    /// When the last tick ended.
    pub last_tick_at: Option<Timestamp>,
}
