//! Organisations, and the demo one that a fresh database gets.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_domain::id::{OrgId, TeamId, UserId};
use baton_domain::routing::{MemberRole, Policy, Receives};
use baton_domain::sla::PolicyRule;
use baton_domain::user::{Role, Tier, canonical_email};
use baton_store::{Db, organizations, teams, users as user_rows};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};
use crate::ids::new_id;
use crate::passwords::Passwords;
use crate::sla;
use crate::users::{self, NewUser};

/// The demo organisation's slug.
pub const DEMO: &str = "demo";

/// Makes an organisation; its slug must be free.
pub async fn create(db: &Db, slug: &str, name: &str) -> Result<OrgId> {
    let id = new_id();
    match organizations::create(db, id, slug, name).await {
        Err(baton_store::Error::Taken { .. }) => Err(Error::Taken("an organisation has this slug already".to_owned())),
        other => Ok(other.map(|()| id)?),
    }
}

/// A team of a new organisation.
pub async fn add_team(db: &Db, org: OrgId, slug: &str, name: &str) -> Result<TeamId> {
    let tx = db.begin("add_team", org).await?;
    let team = teams::Team {
        id: new_id(),
        slug: slug.to_owned(),
        name: name.to_owned(),
        policy: Policy::MostFree,
        receives: Receives::Leaders,
        version: 1,
    };
    teams::insert(&tx, &team).await?;
    if teams::default_team(&tx).await?.is_none() {
        organizations::set_default_team(&tx, team.id).await?;
    }
    tx.commit().await?;
    Ok(team.id)
}

/// A person of a new organisation, member of `teams`.
pub async fn add_user(
    db: &Db,
    org: OrgId,
    new: NewUser,
    password_hash: Option<String>,
    teams_of: &[(TeamId, MemberRole)],
) -> Result<UserId> {
    let tx = db.begin("add_user", org).await?;
    let id = users::insert(&tx, new, password_hash).await?;
    for (team, role) in teams_of {
        teams::put_member(&tx, *team, id, *role).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// How somebody of the demo organisation signs in.
#[derive(Debug, Clone)]
pub struct Login {
    /// Their role.
    pub role: Role,
    /// Their address.
    pub email: String,
    /// Their password: random, told only here.
    pub password: SecretString,
}

/// Somebody of the demo organisation.
struct Resident {
    role: Role,
    email: &'static str,
    name: &'static str,
    tier: Tier,
    /// Which of the two teams, and as what.
    team: Option<(usize, MemberRole)>,
}

const fn staff(role: Role, email: &'static str, name: &'static str, team: Option<(usize, MemberRole)>) -> Resident {
    Resident { role, email, name, tier: Tier::Normal, team }
}

const fn customer(tier: Tier, email: &'static str, name: &'static str) -> Resident {
    Resident { role: Role::Customer, email, name, tier, team: None }
}

const RESIDENTS: &[Resident] = &[
    staff(Role::Admin, "admin@demo.example", "Ada Admin", None),
    staff(Role::Supervisor, "supervisor@demo.example", "Sam Supervisor", None),
    staff(Role::TeamLeader, "ana@demo.example", "Ana Leader", Some((0, MemberRole::Leader))),
    staff(Role::TeamLeader, "ben@demo.example", "Ben Leader", Some((0, MemberRole::Leader))),
    staff(Role::TeamLeader, "carla@demo.example", "Carla Leader", Some((1, MemberRole::Leader))),
    staff(Role::Agent, "dan@demo.example", "Dan Agent", Some((0, MemberRole::Member))),
    staff(Role::Agent, "eva@demo.example", "Eva Agent", Some((0, MemberRole::Member))),
    staff(Role::Agent, "finn@demo.example", "Finn Agent", Some((1, MemberRole::Member))),
    customer(Tier::Vip, "gus@customer.example", "Gus Customer"),
    customer(Tier::Vip, "hana@customer.example", "Hana Customer"),
    customer(Tier::Normal, "ivan@customer.example", "Ivan Customer"),
    customer(Tier::Normal, "jo@customer.example", "Jo Customer"),
    customer(Tier::Normal, "kim@customer.example", "Kim Customer"),
];

/// Makes the demo organisation with random passwords, or gives its people new ones. Running it again
/// after it was cut short completes it.
pub async fn seed_demo(db: &Db, passwords: &Passwords) -> Result<Vec<Login>> {
    let org = match db.org_by_slug(DEMO).await? {
        Some(org) => org,
        None => create(db, DEMO, "Demo").await?,
    };
    let mut team_ids = Vec::new();
    for (slug, name) in [("support", "Support"), ("billing", "Billing")] {
        team_ids.push(ensure_team(db, org, slug, name).await?);
    }
    make_promises(db, org).await?;
    let mut logins = Vec::with_capacity(RESIDENTS.len());
    for resident in RESIDENTS {
        let password = random_password();
        let hash = passwords.hash(password.expose_secret().to_owned()).await?;
        let team = resident.team.and_then(|(team, role)| Some((*team_ids.get(team)?, role)));
        let new = NewUser {
            email: resident.email.to_owned(),
            name: resident.name.to_owned(),
            role: resident.role,
            tier: resident.tier,
            password: None,
            units_limit: None,
        };
        ensure_user(db, org, new, hash, team.as_slice()).await?;
        logins.push(Login { role: resident.role, email: resident.email.to_owned(), password });
    }
    Ok(logins)
}

async fn ensure_team(db: &Db, org: OrgId, slug: &str, name: &str) -> Result<TeamId> {
    let tx = db.begin("find_team", org).await?;
    let found = teams::find(&tx, slug).await?;
    tx.commit().await?;
    match found {
        Some(team) => Ok(team.id),
        None => add_team(db, org, slug, name).await,
    }
}

async fn ensure_user(db: &Db, org: OrgId, new: NewUser, hash: String, teams: &[(TeamId, MemberRole)]) -> Result<()> {
    let tx = db.begin("find_user", org).await?;
    let found = user_rows::by_email(&tx, &canonical_email(&new.email)).await?;
    if let Some(user) = &found {
        user_rows::set_password(&tx, user.id, hash.clone()).await?;
    }
    tx.commit().await?;
    if found.is_none() {
        add_user(db, org, new, Some(hash), teams).await?;
    }
    Ok(())
}

/// Gives an organisation that has no policies the demo organisation's.
pub async fn make_promises(db: &Db, org: OrgId) -> Result<()> {
    sla::ensure(db, org, promises()).await
}

/// What the demo organisation promises: to VIPs resolution within 2 h, escalated when that breaks; to all others
/// within 24 h, with notice to the supervisors.
fn promises() -> Vec<(&'static str, PolicyRule)> {
    use baton_domain::sla::{Action, Metric, Recipient, Step, Target};
    const MINUTE: i64 = 60;
    let target = |metric, seconds| Target { metric, priority: None, tier: None, seconds };
    let notify = |metric, whom: &[Recipient]| Step { metric, action: Action::Notify, whom: whom.to_vec() };
    let all = [Recipient::Assignee, Recipient::Leaders, Recipient::Supervisors];
    let step = |action| Step { metric: Metric::Resolution, action, whom: Vec::new() };
    let promise = |tiers: &[Tier], first: i64, resolution: i64, escalation| PolicyRule {
        tiers: tiers.to_vec(),
        priorities: Vec::new(),
        targets: vec![target(Metric::FirstResponse, first), target(Metric::Resolution, resolution)],
        warn_percent: Some(75),
        escalation,
    };
    let escalated = vec![
        step(Action::Raise),
        step(Action::HandToSupervisor),
        notify(Metric::Resolution, &all),
        notify(Metric::FirstResponse, &[Recipient::Assignee, Recipient::Leaders]),
    ];
    let noticed = vec![
        notify(Metric::Resolution, &[Recipient::Supervisors]),
        notify(Metric::FirstResponse, &[Recipient::Assignee, Recipient::Leaders]),
    ];
    vec![
        ("VIP", promise(&[Tier::Vip], 15 * MINUTE, 120 * MINUTE, escalated)),
        ("Normal", promise(&[], 4 * 60 * MINUTE, 24 * 60 * MINUTE, noticed)),
    ]
}

/// 120 random bits.
fn random_password() -> SecretString {
    let mut bytes = [0u8; 15];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes).into()
}
