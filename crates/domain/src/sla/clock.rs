//! One measurement of one promise, as a value: every move takes it and returns what it becomes.
//!
//! A due time counts as missed the moment it is reached. A move that comes at or after it changes no verdict: the
//! clock is broken, whatever the worker has seen of it yet.

use jiff::{SignedDuration, Timestamp};

use crate::id::{ClockId, PolicyId};
use crate::text_enum::text_enum;

text_enum! {
    /// What a clock measures.
    Metric {
        /// From opening to the first reply by a person of the staff.
        FirstResponse = "first_response",
        /// From opening or reopening to resolution.
        Resolution = "resolution",
    }
}

text_enum! {
    /// How a clock stands.
    ClockState {
        /// It runs towards its due time.
        Running = "running",
        /// It stands still while the customer is waited for.
        Paused = "paused",
        /// The promise was kept.
        Met = "met",
        /// The promise was broken. When the thing was done after all stands in `met_at`.
        Breached = "breached",
        /// There is nothing to promise any more.
        Cancelled = "cancelled",
    }
}

/// What a policy's version promises for one metric of one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// The policy.
    pub policy_id: PolicyId,
    /// Its version, by which the clock is judged.
    pub policy_version: i64,
    /// Its name then.
    pub policy_name: String,
    /// Time promised, in milliseconds.
    pub target_ms: i64,
    /// How long before the due time it warns, in milliseconds; `None`: never.
    pub warn_lead_ms: Option<i64>,
}

/// One measurement of one promise to one ticket. Durations are working time; a day has 24 hours of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Clock {
    /// Its id.
    pub id: ClockId,
    /// What it measures.
    pub metric: Metric,
    /// How it stands.
    pub state: ClockState,
    /// When it began.
    pub started_at: Timestamp,
    /// When the promise breaks. Of a paused clock, as it stood when it paused: it moves when it goes on.
    pub due_at: Timestamp,
    /// Time promised, in milliseconds.
    pub target_ms: i64,
    /// How long before the due time it warns, in milliseconds; `None`: never.
    pub warn_lead_ms: Option<i64>,
    /// When it warned: once.
    pub warned_at: Option<Timestamp>,
    /// Since when it stands still.
    pub paused_at: Option<Timestamp>,
    /// How long it stood still before that, in milliseconds.
    pub paused_ms: i64,
    /// When what was promised was done, in time or not.
    pub met_at: Option<Timestamp>,
    /// When the promise broke: its due time.
    pub breached_at: Option<Timestamp>,
    /// When that was noticed.
    pub detected_at: Option<Timestamp>,
    /// When the worker has something to do about it; `None`: nothing, as it stands.
    pub fire_at: Option<Timestamp>,
    /// The policy it is judged by.
    pub policy_id: PolicyId,
    /// The version of the policy.
    pub policy_version: i64,
    /// The policy's name in that version.
    pub policy_name: String,
}

/// What is due of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It warns.
    Warning,
    /// Its promise is broken.
    Breach,
}

impl Clock {
    /// Begins now.
    pub fn start(id: ClockId, metric: Metric, timing: Timing, now: Timestamp) -> Self {
        Self {
            id,
            metric,
            state: ClockState::Running,
            started_at: now,
            due_at: now + ms(timing.target_ms),
            target_ms: timing.target_ms,
            warn_lead_ms: timing.warn_lead_ms,
            warned_at: None,
            paused_at: None,
            paused_ms: 0,
            met_at: None,
            breached_at: None,
            detected_at: None,
            fire_at: None,
            policy_id: timing.policy_id,
            policy_version: timing.policy_version,
            policy_name: timing.policy_name,
        }
        .arm(now)
    }

    /// Whether what it promises is still to be done.
    pub fn is_open(&self) -> bool {
        self.met_at.is_none() && self.state != ClockState::Cancelled
    }

    /// Whether its time has run out and nobody said so yet.
    fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == ClockState::Running && now >= self.due_at
    }

    /// What was promised is done. In time, the promise is kept; else it is broken at its due time, and the worker has
    /// still to tell.
    pub fn meet(mut self, now: Timestamp) -> Self {
        if !self.is_open() {
            return self;
        }
        if self.is_overdue(now) {
            self.breach(now);
            self.fire_at = Some(self.due_at);
        } else if self.state != ClockState::Breached {
            self = self.stop(now);
            self.state = ClockState::Met;
        }
        self.met_at = Some(now);
        self
    }

    /// There is nothing to promise any more. A broken promise stays broken; nobody is told.
    pub fn cancel(mut self, now: Timestamp) -> Self {
        if self.is_overdue(now) {
            self.breach(now);
        }
        self.fire_at = None;
        if self.is_open() && self.state != ClockState::Breached {
            self = self.stop(now);
            self.state = ClockState::Cancelled;
        }
        self
    }

    /// Stands still.
    pub fn pause(mut self, now: Timestamp) -> Self {
        if self.state == ClockState::Running && !self.is_overdue(now) {
            self.state = ClockState::Paused;
            self.paused_at = Some(now);
            self.fire_at = None;
        }
        self
    }

    /// Goes on with the time it had left.
    pub fn resume(mut self, now: Timestamp) -> Self {
        let Some(since) = self.paused_at else { return self };
        let stood = now.duration_since(since);
        self = self.stop(now);
        self.due_at += stood;
        self.state = ClockState::Running;
        self.arm(now)
    }

    /// Measures by another promise from the same start; without one there is nothing to promise any more.
    pub fn retarget(mut self, timing: Option<Timing>, now: Timestamp) -> Self {
        if !matches!(self.state, ClockState::Running | ClockState::Paused) || self.is_overdue(now) {
            return self;
        }
        let Some(timing) = timing else { return self.cancel(now) };
        self.due_at = self.started_at + ms(timing.target_ms) + ms(self.paused_ms);
        self.target_ms = timing.target_ms;
        self.warn_lead_ms = timing.warn_lead_ms;
        self.policy_id = timing.policy_id;
        self.policy_version = timing.policy_version;
        self.policy_name = timing.policy_name;
        if self.state == ClockState::Running { self.arm(now) } else { self }
    }

    /// Does what is due, and says what that was and since when the worker had it to do.
    pub fn fire(&mut self, now: Timestamp) -> Option<(Due, Timestamp)> {
        let since = self.fire_at.filter(|at| *at <= now)?;
        let due = match self.state {
            ClockState::Breached => Due::Breach,
            _ if self.is_overdue(now) => {
                self.breach(now);
                Due::Breach
            }
            _ => {
                self.warned_at = Some(now);
                Due::Warning
            }
        };
        self.fire_at = (due == Due::Warning).then_some(self.due_at);
        Some((due, since))
    }

    fn breach(&mut self, now: Timestamp) {
        self.state = ClockState::Breached;
        self.breached_at = Some(self.due_at);
        self.detected_at = Some(now);
        self.fire_at = None;
    }

    /// Ends a pause and the timer.
    fn stop(mut self, now: Timestamp) -> Self {
        if let Some(since) = self.paused_at.take() {
            self.paused_ms += i64::try_from(now.duration_since(since).as_millis()).unwrap_or(i64::MAX);
        }
        self.fire_at = None;
        self
    }

    /// Sets the timer of a running clock: never into the past, where it could not have fired.
    fn arm(mut self, now: Timestamp) -> Self {
        let warning = self.warn_lead_ms.filter(|_| self.warned_at.is_none()).map(|lead| self.due_at - ms(lead));
        self.fire_at = Some(warning.unwrap_or(self.due_at).max(now));
        self
    }
}

fn ms(milliseconds: i64) -> SignedDuration {
    SignedDuration::from_millis(milliseconds)
}

/// When the next promise breaks, or the oldest broken one that is still to be kept broke: what queues and lists are
/// ordered by. A paused clock presses nobody.
pub fn next_due(clocks: &[Clock]) -> Option<Timestamp> {
    let presses = |clock: &&Clock| matches!(clock.state, ClockState::Running | ClockState::Breached);
    clocks.iter().filter(|clock| clock.is_open()).filter(presses).map(|clock| clock.due_at).min()
}
