//! Organisations, and the demo one that a fresh database gets.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_domain::id::{OrgId, TeamId, UserId};
use baton_domain::routing::{MemberRole, Policy, Receives};
use baton_domain::user::{Role, Tier, canonical_email};
use baton_store::{Db, organizations, teams, users as user_rows};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};
use crate::ids::new_id;
use crate::passwords::Passwords;
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

/// Who is in the demo organisation: role, address, name, tier, teams (by index) and roles in them.
const PEOPLE: &[(Role, &str, &str, Tier, &[(usize, MemberRole)])] = &[
    (Role::Admin, "admin@demo.example", "Ada Admin", Tier::Normal, &[]),
    (Role::Supervisor, "supervisor@demo.example", "Sam Supervisor", Tier::Normal, &[]),
    (Role::TeamLeader, "ana@demo.example", "Ana Leader", Tier::Normal, &[(0, MemberRole::Leader)]),
    (Role::TeamLeader, "ben@demo.example", "Ben Leader", Tier::Normal, &[(0, MemberRole::Leader)]),
    (Role::TeamLeader, "carla@demo.example", "Carla Leader", Tier::Normal, &[(1, MemberRole::Leader)]),
    (Role::Agent, "dan@demo.example", "Dan Agent", Tier::Normal, &[(0, MemberRole::Member)]),
    (Role::Agent, "eva@demo.example", "Eva Agent", Tier::Normal, &[(0, MemberRole::Member)]),
    (Role::Agent, "finn@demo.example", "Finn Agent", Tier::Normal, &[(1, MemberRole::Member)]),
    (Role::Customer, "gus@customer.example", "Gus Customer", Tier::Vip, &[]),
    (Role::Customer, "hana@customer.example", "Hana Customer", Tier::Vip, &[]),
    (Role::Customer, "ivan@customer.example", "Ivan Customer", Tier::Normal, &[]),
    (Role::Customer, "jo@customer.example", "Jo Customer", Tier::Normal, &[]),
    (Role::Customer, "kim@customer.example", "Kim Customer", Tier::Normal, &[]),
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
    let mut logins = Vec::with_capacity(PEOPLE.len());
    for (role, email, name, tier, membership) in PEOPLE {
        let password = random_password();
        let hash = passwords.hash(password.expose_secret().to_owned()).await?;
        let teams: Vec<_> =
            membership.iter().filter_map(|(team, role)| team_ids.get(*team).map(|id| (*id, *role))).collect();
        let new = NewUser {
            email: (*email).to_owned(),
            name: (*name).to_owned(),
            role: *role,
            tier: *tier,
            password: None,
            units_limit: None,
        };
        ensure_user(db, org, new, hash, &teams).await?;
        logins.push(Login { role: *role, email: (*email).to_owned(), password });
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

/// 120 random bits.
fn random_password() -> SecretString {
    let mut bytes = [0u8; 15];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes).into()
}
