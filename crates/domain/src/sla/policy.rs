//! Policies: which promise a ticket gets.

use crate::id::PolicyId;
use crate::limits::{self, Checks, Violation};
use crate::sla::{Action, Metric, Step, Timing};
use crate::ticket::Priority;
use crate::user::Tier;

/// Most targets, and most steps, of a policy.
const ENTRIES: usize = 50;
/// Longest promise, in seconds: a year.
const LONGEST: i64 = 366 * 24 * 3_600;

/// A promise for one metric, for some priority and tier or for all.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Target {
    /// What is promised.
    pub metric: Metric,
    /// Only for this priority.
    pub priority: Option<Priority>,
    /// Only for this tier.
    pub tier: Option<Tier>,
    /// Within how many seconds.
    pub seconds: i64,
}

/// What a version of a policy says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PolicyRule {
    /// Only for tickets of these tiers; empty for all.
    pub tiers: Vec<Tier>,
    /// Only for tickets of these priorities; empty for all.
    pub priorities: Vec<Priority>,
    /// What is promised; of each metric the first that fits counts.
    pub targets: Vec<Target>,
    /// Warns when so much of the time is used up, in percent; `None`: never.
    pub warn_percent: Option<u8>,
    /// What follows a breach, in order.
    pub escalation: Vec<Step>,
}

impl PolicyRule {
    /// Whether it fits every ticket: the default, which stands last.
    pub fn is_default(&self) -> bool {
        self.tiers.is_empty() && self.priorities.is_empty()
    }

    fn fits(&self, tier: Tier, priority: Priority) -> bool {
        (self.tiers.is_empty() || self.tiers.contains(&tier))
            && (self.priorities.is_empty() || self.priorities.contains(&priority))
    }
}

/// A version of a policy. A clock keeps the one it was judged by.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Policy {
    /// Which policy.
    pub id: PolicyId,
    /// Which version of it, 1 first.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its place among the policies, the lowest first; the default stands behind all.
    pub position: i32,
    /// What it says.
    pub rule: PolicyRule,
}

impl Policy {
    /// What it promises for `metric` to a ticket of this tier and priority.
    pub fn timing(&self, metric: Metric, tier: Tier, priority: Priority) -> Option<Timing> {
        let fits = |target: &&Target| {
            target.metric == metric
                && target.priority.is_none_or(|only| only == priority)
                && target.tier.is_none_or(|only| only == tier)
        };
        let target_ms = self.rule.targets.iter().find(fits)?.seconds * 1_000;
        let lead = |percent: u8| target_ms * (100 - i64::from(percent)) / 100;
        Some(Timing {
            policy_id: self.id,
            policy_version: self.version,
            policy_name: self.name.clone(),
            target_ms,
            warn_lead_ms: self.rule.warn_percent.map(lead),
        })
    }
}

/// The policy of a ticket: the first that fits. `policies` stand in their order, the default last.
pub fn first_match(policies: &[Policy], tier: Tier, priority: Priority) -> Option<&Policy> {
    policies.iter().find(|policy| policy.rule.fits(tier, priority))
}

/// Checks a policy before it is stored.
pub fn check_policy(name: &str, rule: &PolicyRule) -> Result<(), Vec<Violation>> {
    let mut checks = Checks::new();
    checks.text("/name", name, limits::NAME_CHARS);
    checks.require(
        (1..=ENTRIES).contains(&rule.targets.len()),
        "/targets",
        format!("must hold 1 to {ENTRIES} targets"),
    );
    for (index, target) in rule.targets.iter().enumerate() {
        checks.require(
            (1..=LONGEST).contains(&target.seconds),
            &format!("/targets/{index}/seconds"),
            format!("must be from 1 to {LONGEST}"),
        );
    }
    checks.require(
        rule.warn_percent.is_none_or(|percent| (1..=99).contains(&percent)),
        "/warn_percent",
        "must be from 1 to 99",
    );
    checks.require(rule.escalation.len() <= ENTRIES, "/escalation", format!("must hold at most {ENTRIES} steps"));
    for (index, step) in rule.escalation.iter().enumerate() {
        let tells = step.action == Action::Notify;
        checks.require(
            tells != step.whom.is_empty(),
            &format!("/escalation/{index}/whom"),
            if tells { "must name somebody" } else { "is for the action notify" },
        );
    }
    checks.finish()
}
