//! Service levels: clocks as staff see them, and the policies behind them.

use baton_domain::id::{ClockId, PolicyId};
use baton_domain::sla::{self, Action, ClockState, Metric, Recipient};
use baton_domain::ticket::Priority;
use baton_domain::user::Tier;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::given::{nullable, unless_absent};
use crate::words;

/// One measurement of one promise to one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clock {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: ClockId,
    /// What it measures.
    #[schema(value_type = words::Metric)]
    pub metric: Metric,
    /// How it stands. A verdict (`met`, `breached`, `cancelled`) never changes.
    #[schema(value_type = words::ClockState)]
    pub state: ClockState,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When the promise breaks; of a paused clock, as it stood when it paused.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// How long it has stood still, without a pause that is still going on.
    pub paused_seconds: i64,
    /// Since when it stands still.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paused_at: Option<Timestamp>,
    /// When it warned.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub warned_at: Option<Timestamp>,
    /// When what was promised was done, in time or not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub met_at: Option<Timestamp>,
    /// When the promise broke: its due time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub breached_at: Option<Timestamp>,
    /// When that was noticed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub detected_at: Option<Timestamp>,
    /// The policy it is judged by.
    pub policy: PolicyRef,
}

/// A version of a policy, as it stands beside a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyRef {
    /// Which policy.
    #[schema(value_type = uuid::Uuid)]
    pub id: PolicyId,
    /// Which version.
    pub version: i64,
    /// Its name in that version.
    pub name: String,
}

impl From<sla::Clock> for Clock {
    fn from(clock: sla::Clock) -> Self {
        Self {
            id: clock.id,
            metric: clock.metric,
            state: clock.state,
            started_at: clock.started_at,
            due_at: clock.due_at,
            paused_seconds: clock.paused_ms / 1_000,
            paused_at: clock.paused_at,
            warned_at: clock.warned_at,
            met_at: clock.met_at,
            breached_at: clock.breached_at,
            detected_at: clock.detected_at,
            policy: PolicyRef { id: clock.policy_id, version: clock.policy_version, name: clock.policy_name },
        }
    }
}

/// A policy: what is promised to which tickets. The first that fits counts; the default stands last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaPolicy)]
pub struct Policy {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: PolicyId,
    /// Moves with every change; clocks name the one they are judged by.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its place, the lowest first.
    pub position: i32,
    /// Whether it fits every ticket; it stands last then.
    pub is_default: bool,
    /// Only for tickets of these tiers; empty for all.
    #[schema(value_type = Vec<words::Tier>)]
    pub tiers: Vec<Tier>,
    /// Only for tickets of these priorities; empty for all.
    #[schema(value_type = Vec<words::Priority>)]
    pub priorities: Vec<Priority>,
    /// What is promised; of each metric the first that fits counts.
    pub targets: Vec<Target>,
    /// Warns when so much of the time is used up, in percent; `null`: never.
    pub warn_percent: Option<u8>,
    /// What follows a breach, in order.
    pub escalation: Vec<Step>,
}

impl From<sla::Policy> for Policy {
    fn from(policy: sla::Policy) -> Self {
        let rule = policy.rule;
        Self {
            id: policy.id,
            version: policy.version,
            name: policy.name,
            position: policy.position,
            is_default: rule.is_default(),
            tiers: rule.tiers,
            priorities: rule.priorities,
            targets: rule.targets.into_iter().map(Into::into).collect(),
            warn_percent: rule.warn_percent,
            escalation: rule.escalation.into_iter().map(Into::into).collect(),
        }
    }
}

/// A promise for one metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SlaTarget)]
pub struct Target {
    /// What is promised.
    #[schema(value_type = words::Metric)]
    pub metric: Metric,
    /// Only for this priority; `null` or left out for all.
    #[serde(default)]
    #[schema(value_type = Option<words::Priority>)]
    pub priority: Option<Priority>,
    /// Only for this tier; `null` or left out for all.
    #[serde(default)]
    #[schema(value_type = Option<words::Tier>)]
    pub tier: Option<Tier>,
    /// Within how many seconds.
    #[schema(minimum = 1, example = 7200)]
    pub seconds: i64,
}

impl From<sla::Target> for Target {
    fn from(target: sla::Target) -> Self {
        Self { metric: target.metric, priority: target.priority, tier: target.tier, seconds: target.seconds }
    }
}

impl From<Target> for sla::Target {
    fn from(target: Target) -> Self {
        Self { metric: target.metric, priority: target.priority, tier: target.tier, seconds: target.seconds }
    }
}

/// A step that follows a breach, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SlaStep)]
pub struct Step {
    /// Whose breach it follows.
    #[schema(value_type = words::Metric)]
    pub metric: Metric,
    /// What it does.
    #[schema(value_type = words::SlaAction)]
    pub action: Action,
    /// Whom it tells; for `notify` alone.
    #[serde(default)]
    #[schema(value_type = Vec<words::SlaRecipient>)]
    pub whom: Vec<Recipient>,
}

impl From<sla::Step> for Step {
    fn from(step: sla::Step) -> Self {
        Self { metric: step.metric, action: step.action, whom: step.whom }
    }
}

impl From<Step> for sla::Step {
    fn from(step: Step) -> Self {
        Self { metric: step.metric, action: step.action, whom: step.whom }
    }
}

/// A policy to add. One without `tiers` and `priorities` is the default, of which there is one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSlaPolicy)]
pub struct NewPolicy {
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Its place, the lowest first; behind the others if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    /// Only for tickets of these tiers.
    #[serde(default)]
    #[schema(value_type = Vec<words::Tier>)]
    pub tiers: Vec<Tier>,
    /// Only for tickets of these priorities.
    #[serde(default)]
    #[schema(value_type = Vec<words::Priority>)]
    pub priorities: Vec<Priority>,
    /// What is promised; of each metric the first that fits counts.
    #[schema(min_items = 1, max_items = 50)]
    pub targets: Vec<Target>,
    /// Warns when so much of the time is used up, in percent; never if left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 99)]
    pub warn_percent: Option<u8>,
    /// What follows a breach, in order.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub escalation: Vec<Step>,
}

impl NewPolicy {
    /// What the policy says.
    pub fn rule(self) -> sla::PolicyRule {
        sla::PolicyRule {
            tiers: self.tiers,
            priorities: self.priorities,
            targets: self.targets.into_iter().map(Into::into).collect(),
            warn_percent: self.warn_percent,
            escalation: self.escalation.into_iter().map(Into::into).collect(),
        }
    }
}

/// What to change of a policy; what is left out stays. The default stays the default.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SlaPolicyPatch)]
pub struct PolicyPatch {
    /// Its name.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// Its place.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    /// The tiers it is for, all of them.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<words::Tier>>)]
    pub tiers: Option<Vec<Tier>>,
    /// The priorities it is for, all of them.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<words::Priority>>)]
    pub priorities: Option<Vec<Priority>>,
    /// What it promises, all of it.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<Target>>,
    /// When it warns; `null`: never.
    #[serde(default, deserialize_with = "some_nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u8>)]
    pub warn_percent: Option<Option<u8>>,
    /// What follows a breach, all of it.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Vec<Step>>,
}

fn some_nullable<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u8>>, D::Error> {
    nullable(deserializer).map(Some)
}
