//! Promises: what is promised to whom, the clocks that measure it, and what follows when it breaks.

mod clock;
mod escalation;
mod policy;

pub use clock::{Clock, ClockState, Due, Metric, Timing, next_due};
pub use escalation::{Action, Recipient, Step, hand_to};
pub use policy::{Policy, PolicyRule, Target, check_policy, first_match};

use jiff::Timestamp;

use crate::ticket::{Status, TicketState};

/// What a ticket's clocks have to follow.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The ticket before; `None` when it is opened.
    pub before: Option<&'a TicketState>,
    /// The ticket after.
    pub after: &'a TicketState,
    /// Whether a person of the staff has just answered the customer. Programs do not count.
    pub answered: bool,
    /// When.
    pub now: Timestamp,
}

impl Turn<'_> {
    /// Whether the policy has to be asked: something begins, or is promised anew.
    pub fn wants_policy(&self, clocks: &[Clock]) -> bool {
        let Some(before) = self.before else { return true };
        self.reopens(clocks) || (self.is_active() && self.repromises(before))
    }

    fn is_active(&self) -> bool {
        self.after.status.is_active() && self.after.deleted_at.is_none()
    }

    fn reopens(&self, clocks: &[Clock]) -> bool {
        let was_over = self.before.is_some_and(|before| !before.status.is_active());
        let runs = clocks.iter().any(|clock| clock.metric == Metric::Resolution && clock.is_open());
        was_over && self.is_active() && !runs
    }

    fn repromises(&self, before: &TicketState) -> bool {
        before.priority != self.after.priority || before.tier != self.after.tier
    }

    /// The clocks after the ticket's change, the given ones first, in their order. `policies` are asked only if
    /// [`Turn::wants_policy`]; what begins gets its id from `new_id`.
    pub fn follow(
        &self,
        clocks: &[Clock],
        policies: &[Policy],
        mut new_id: impl FnMut() -> crate::id::ClockId,
    ) -> Vec<Clock> {
        let policy = first_match(policies, self.after.tier, self.after.priority);
        let timing = |metric| policy.and_then(|p| p.timing(metric, self.after.tier, self.after.priority));
        let mut next: Vec<Clock> = clocks.iter().map(|clock| self.follow_one(clock.clone(), &timing)).collect();
        let begins: &[Metric] = match self.before {
            None => &[Metric::FirstResponse, Metric::Resolution],
            Some(_) if self.reopens(clocks) => &[Metric::Resolution],
            Some(_) => &[],
        };
        let started =
            begins.iter().filter_map(|metric| Some(Clock::start(new_id(), *metric, timing(*metric)?, self.now)));
        next.extend(started);
        next
    }

    fn follow_one(&self, clock: Clock, timing: &impl Fn(Metric) -> Option<Timing>) -> Clock {
        if self.after.deleted_at.is_some() {
            return clock.cancel(self.now);
        }
        if !self.is_active() || (self.answered && clock.metric == Metric::FirstResponse) {
            return clock.meet(self.now);
        }
        let metric = clock.metric;
        let clock = match self.before {
            Some(before) if self.repromises(before) => clock.retarget(timing(metric), self.now),
            _ => clock,
        };
        match (metric, self.after.status) {
            (Metric::Resolution, Status::Waiting) => clock.pause(self.now),
            _ => clock.resume(self.now),
        }
    }
}

#[cfg(test)]
mod tests;
