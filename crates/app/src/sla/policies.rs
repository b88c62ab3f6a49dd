//! The policies of an organisation: their order, their versions.

use baton_domain::access::rights;
use baton_domain::id::{OrgId, PolicyId};
use baton_domain::sla::{Policy, PolicyRule, Step, Target, check_policy};
use baton_domain::ticket::Priority;
use baton_domain::user::Tier;
use baton_store::{Db, Tx, sla as rows};

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::idempotency;
use crate::ids::new_id;

/// The policies that count now, in their order, the default last.
pub async fn policies(can: &Can<rights::SlaView>, db: &Db) -> Result<Vec<Policy>> {
    let tx = db.begin("list_policies", can.actor().org).await?;
    let all = rows::current(&tx).await?;
    tx.commit().await?;
    Ok(all)
}

/// One policy as it counts now.
pub async fn policy(can: &Can<rights::SlaView>, db: &Db, id: PolicyId) -> Result<Policy> {
    let tx = db.begin("read_policy", can.actor().org).await?;
    let found = find(&tx, id).await;
    tx.commit().await?;
    found
}

/// Every version of a policy, the newest first; also of one that counts no more.
pub async fn policy_versions(can: &Can<rights::SlaView>, db: &Db, id: PolicyId) -> Result<Vec<Policy>> {
    let tx = db.begin("read_policy_versions", can.actor().org).await?;
    let versions = rows::versions(&tx, vec![id]).await?;
    tx.commit().await?;
    if versions.is_empty() { Err(Error::NotFound("policy")) } else { Ok(versions) }
}

async fn find(tx: &Tx, id: PolicyId) -> Result<Policy> {
    let current = rows::current(tx).await?;
    current.into_iter().find(|policy| policy.id == id).ok_or(Error::NotFound("policy"))
}

/// Adds a policy: the default if it fits every ticket. Without a position it stands behind the others.
///
/// Tickets that are opened, or promised something anew, are judged by it; clocks that run keep theirs.
pub async fn create_policy(
    can: &Can<rights::SlaManage>,
    db: &Db,
    name: String,
    position: Option<i32>,
    rule: PolicyRule,
) -> Result<Policy> {
    check_policy(&name, &rule)?;
    let tx = db.begin("create_policy", can.actor().org).await?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    rows::lock_policies(&tx).await?;
    let policy = add(&tx, name, position, rule).await?;
    idempotency::remember(&tx, can.ctx(), &policy).await?;
    tx.commit().await?;
    Ok(policy)
}

/// Adds policies to an organisation that has none.
pub(crate) async fn ensure(db: &Db, org: OrgId, policies: Vec<(&str, PolicyRule)>) -> Result<()> {
    let tx = db.begin("ensure_policies", org).await?;
    rows::lock_policies(&tx).await?;
    if rows::current(&tx).await?.is_empty() {
        for (name, rule) in policies {
            add(&tx, name.to_owned(), None, rule).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Stores the first version of a policy, under the lock of the policies.
async fn add(tx: &Tx, name: String, position: Option<i32>, rule: PolicyRule) -> Result<Policy> {
    let last = rows::current(tx).await?.iter().map(|policy| policy.position).max();
    let behind = last.map_or(0, |last| last.saturating_add(1));
    let name = name.trim().to_owned();
    let policy = Policy { id: new_id(), version: 1, name, position: position.unwrap_or(behind), rule };
    store(tx, &policy).await?;
    Ok(policy)
}

async fn store(tx: &Tx, policy: &Policy) -> Result<()> {
    match rows::insert_version(tx, policy).await {
        Err(baton_store::Error::Taken { .. }) => Err(Error::Taken(
            "there is a default policy already; say which tiers or priorities this one is for".to_owned(),
        )),
        other => Ok(other?),
    }
}

/// What may change of a policy. What is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct PolicyChange {
    /// Its name.
    pub name: Option<String>,
    /// Its place.
    pub position: Option<i32>,
    /// The tiers it is for.
    pub tiers: Option<Vec<Tier>>,
    /// The priorities it is for.
    pub priorities: Option<Vec<Priority>>,
    /// What it promises.
    pub targets: Option<Vec<Target>>,
    /// When it warns; `Some(None)`: never.
    pub warn_percent: Option<Option<u8>>,
    /// What follows a breach.
    pub escalation: Option<Vec<Step>>,
}

impl PolicyChange {
    /// The next version of a policy.
    fn of(self, before: Policy) -> Policy {
        let rule = before.rule;
        Policy {
            id: before.id,
            version: before.version + 1,
            name: self.name.map_or(before.name, |name| name.trim().to_owned()),
            position: self.position.unwrap_or(before.position),
            rule: PolicyRule {
                tiers: self.tiers.unwrap_or(rule.tiers),
                priorities: self.priorities.unwrap_or(rule.priorities),
                targets: self.targets.unwrap_or(rule.targets),
                warn_percent: self.warn_percent.unwrap_or(rule.warn_percent),
                escalation: self.escalation.unwrap_or(rule.escalation),
            },
        }
    }
}

/// Changes a policy: a new version, by which is judged what begins or is promised anew from now. The default stays the
/// default, and no other becomes it.
pub async fn change_policy(
    can: &Can<rights::SlaManage>,
    db: &Db,
    id: PolicyId,
    change: PolicyChange,
) -> Result<Policy> {
    let tx = db.begin("change_policy", can.actor().org).await?;
    rows::lock_policies(&tx).await?;
    let before = find(&tx, id).await?;
    let was_default = before.rule.is_default();
    let after = change.of(before);
    check_policy(&after.name, &after.rule)?;
    if after.rule.is_default() != was_default {
        let why = if was_default { "must stay empty: this is the default" } else { "must not be empty" };
        return Err(Error::invalid("/tiers", why));
    }
    rows::retire(&tx, id).await?;
    store(&tx, &after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes a policy out of use: it promises nothing new. Its versions stay, and clocks that run keep theirs.
pub async fn retire_policy(can: &Can<rights::SlaManage>, db: &Db, id: PolicyId) -> Result<()> {
    let tx = db.begin("retire_policy", can.actor().org).await?;
    rows::lock_policies(&tx).await?;
    if !rows::retire(&tx, id).await? {
        return Err(Error::NotFound("policy"));
    }
    Ok(tx.commit().await?)
}
