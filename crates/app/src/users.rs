//! People.

use baton_domain::access::{Permission, rights};
use baton_domain::availability::Presence;
use baton_domain::event::{Fact, Room};
use baton_domain::id::{TeamId, UserId};
use baton_domain::limits::{self, Checks};
use baton_domain::user::{Role, Tier, canonical_email};
use baton_store::{Db, Tx, events as event_rows, staff, teams, users};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::events::{Source, event};
use crate::idempotency;
use crate::identity;
use crate::ids::new_id;
use crate::passwords::Passwords;
use crate::sla;

/// A person as administrators and colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// Who.
    pub id: UserId,
    /// Address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Service tier; of meaning for customers.
    pub tier: Tier,
    /// Units they may carry; staff only.
    pub units_limit: Option<i32>,
    /// Whether the account is disabled.
    pub disabled: bool,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl From<users::User> for UserView {
    fn from(user: users::User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            tier: user.tier,
            units_limit: user.units_limit,
            disabled: user.disabled_at.is_some(),
            created_at: user.created_at,
        }
    }
}

/// The caller's own account.
#[derive(Debug, Clone)]
pub struct Me {
    /// Who.
    pub user: UserView,
    /// Their teams.
    pub teams: Vec<TeamId>,
    /// What their role allows.
    pub permissions: &'static [Permission],
    /// Availability and units; staff only.
    pub work: Option<Work>,
}

/// A staff member's availability and load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// What they chose, and whether they are here.
    pub presence: Presence,
    /// Whether they may be given work now.
    pub available: bool,
    /// Units in use.
    pub units_used: i32,
    /// Units they may carry.
    pub units_limit: i32,
}

/// The caller's own account.
pub async fn me(can: &Can<rights::SelfManage>, db: &Db) -> Result<Me> {
    let actor = can.actor();
    let tx = db.begin("me", actor.org).await?;
    let (user, teams, work) = futures::try_join!(
        users::by_id(&tx, actor.user),
        teams::of_user(&tx, actor.user),
        staff::one(&tx, actor.user)
    )?;
    let now = tx.now();
    tx.commit().await?;
    let work = work.map(|person| Work {
        presence: person.presence,
        available: person.presence.is_available(now),
        units_used: person.units_used,
        units_limit: person.units_limit,
    });
    Ok(Me {
        user: user.ok_or(Error::NotFound("user"))?.into(),
        teams,
        permissions: baton_domain::access::permissions_of(actor.role),
        work,
    })
}

/// People of `roles` (all if empty) in the order of their making, after `after`.
pub async fn list(
    can: &Can<rights::UsersView>,
    db: &Db,
    roles: Vec<Role>,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<UserView>> {
    let roles = if roles.is_empty() { Role::ALL.to_vec() } else { roles };
    let tx = db.begin("list_users", can.actor().org).await?;
    let found = users::list(&tx, roles, after, limit).await?;
    tx.commit().await?;
    Ok(found.into_iter().map(Into::into).collect())
}

/// One person.
pub async fn get(can: &Can<rights::UsersView>, db: &Db, id: UserId) -> Result<UserView> {
    let tx = db.begin("get_user", can.actor().org).await?;
    let found = users::by_id(&tx, id).await?;
    tx.commit().await?;
    found.map(Into::into).ok_or(Error::NotFound("user"))
}

/// A person to add.
#[derive(Debug)]
pub struct NewUser {
    /// Address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Service tier.
    pub tier: Tier,
    /// Their first password; without one they cannot sign in by password.
    pub password: Option<SecretString>,
    /// Units they may carry; of meaning for staff.
    pub units_limit: Option<i32>,
}

/// Units of a person for whom nobody chose otherwise.
const DEFAULT_UNITS: i32 = 5;

fn check(new: &NewUser) -> Result<()> {
    let mut checks = Checks::new();
    checks.email("/email", &new.email).text("/name", &new.name, limits::NAME_CHARS);
    let units = new.units_limit.unwrap_or(DEFAULT_UNITS);
    checks.require((0..=limits::CAPACITY_UNITS).contains(&units), "/units_limit", "must be from 0 to 1000");
    if let Some(password) = &new.password {
        let chars = password.expose_secret().chars().count();
        checks.require(
            (limits::PASSWORD_MIN_CHARS..=limits::PASSWORD_MAX_CHARS).contains(&chars),
            "/password",
            format!("must have {} to {} characters", limits::PASSWORD_MIN_CHARS, limits::PASSWORD_MAX_CHARS),
        );
    }
    Ok(checks.finish()?)
}

/// Adds a person. Their address must be nobody else's in the organisation.
pub async fn create(can: &Can<rights::UsersManage>, db: &Db, passwords: &Passwords, new: NewUser) -> Result<UserView> {
    check(&new)?;
    let password_hash = match &new.password {
        Some(password) => Some(passwords.hash(password.expose_secret().to_owned()).await?),
        None => None,
    };
    let tx = db.begin("create_user", can.actor().org).await?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    let id = insert(&tx, new, password_hash).await?;
    let view: UserView = users::by_id(&tx, id).await?.ok_or(Error::NotFound("user"))?.into();
    idempotency::remember(&tx, can.ctx(), &view).await?;
    tx.commit().await?;
    Ok(view)
}

pub(crate) async fn insert(tx: &Tx, new: NewUser, password_hash: Option<String>) -> Result<UserId> {
    let id = new_id();
    let row = users::NewUser {
        id,
        email: canonical_email(&new.email),
        name: new.name.trim().to_owned(),
        role: new.role,
        tier: new.tier,
        password_hash,
        units_limit: new.units_limit.unwrap_or(DEFAULT_UNITS),
    };
    match users::insert(tx, row).await {
        Err(baton_store::Error::Taken { .. }) => Err(Error::Taken("somebody has this address already".to_owned())),
        other => Ok(other.map(|()| id)?),
    }
}

/// The customer of an address, added if nobody has it. Somebody of the staff is refused: they ask
/// nothing of themselves.
pub(crate) async fn customer_of(tx: &Tx, email: &str, name: Option<&str>, tier: Option<Tier>) -> Result<users::User> {
    let email = canonical_email(email);
    if let Some(found) = users::by_email(tx, &email).await? {
        return if found.role == Role::Customer {
            Ok(found)
        } else {
            Err(Error::invalid("/requester/email", "is a member of staff; a requester must be a customer"))
        };
    }
    let name = name
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map_or_else(|| email.split('@').next().unwrap_or_default().to_owned(), ToOwned::to_owned);
    let new = NewUser {
        email: email.clone(),
        name,
        role: Role::Customer,
        tier: tier.unwrap_or(Tier::Normal),
        password: None,
        units_limit: None,
    };
    // Two tickets for one new customer at once: the second insert waits for the first and is refused.
    let id = insert(tx, new, None).await?;
    users::by_id(tx, id).await?.ok_or(Error::NotFound("user"))
}

/// What may change of a person.
#[derive(Debug, Default)]
pub struct UserChange {
    /// Display name.
    pub name: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// Service tier.
    pub tier: Option<Tier>,
    /// Whether the account is disabled.
    pub disabled: Option<bool>,
}

/// Changes a person. A new tier counts for their active tickets as well, a new role takes their sockets to other rooms; disabling ends all their
/// sessions.
pub async fn change(can: &Can<rights::UsersManage>, db: &Db, id: UserId, change: UserChange) -> Result<UserView> {
    if let Some(name) = &change.name {
        let mut checks = Checks::new();
        checks.text("/name", name, limits::NAME_CHARS);
        checks.finish()?;
    }
    if id == can.actor().user && (change.disabled == Some(true) || change.role.is_some_and(|r| r != Role::Admin)) {
        return Err(Error::invalid("", "you cannot disable yourself or give up your own administration"));
    }
    let source = Source::from(can);
    let tx = db.begin("change_user", can.actor().org).await?;
    if let Some(tier) = change.tier {
        sla::promise_anew(&tx, &source, id, tier).await?;
    }
    let before = users::by_id(&tx, id).await?.ok_or(Error::NotFound("user"))?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = name.trim().to_owned();
    }
    after.role = change.role.unwrap_or(before.role);
    after.tier = change.tier.unwrap_or(before.tier);
    match change.disabled {
        Some(true) => after.disabled_at = before.disabled_at.or(Some(tx.now())),
        Some(false) => after.disabled_at = None,
        None => {}
    }
    users::update(&tx, &after).await?;
    if after.disabled_at.is_some() && before.disabled_at.is_none() {
        identity::revoke(&tx, &source, id, None, "disabled").await?;
    }
    if after.role != before.role || after.disabled_at != before.disabled_at {
        record_access_change(&tx, &source, id).await?;
    }
    let after = users::by_id(&tx, id).await?.ok_or(Error::NotFound("user"))?;
    tx.commit().await?;
    Ok(after.into())
}

/// Tells the gateways that a person's rooms are to be worked out anew.
pub(crate) async fn record_access_change(tx: &Tx, source: &Source, user: UserId) -> Result<()> {
    let fact = (vec![Room::User(user)], Fact::AccessChanged { user_id: user });
    event_rows::record(tx, &[event(tx, source, None, fact)]).await?;
    Ok(())
}

/// Says how many units a person may carry. What they hold beyond a lower limit they keep.
pub async fn set_capacity(can: &Can<rights::UsersManage>, db: &Db, id: UserId, units: i32) -> Result<UserView> {
    if !(0..=limits::CAPACITY_UNITS).contains(&units) {
        return Err(Error::invalid("/units", "must be from 0 to 1000"));
    }
    let tx = db.begin("set_capacity", can.actor().org).await?;
    if !staff::set_capacity(&tx, id, units).await? {
        return Err(Error::NotFound("user"));
    }
    crate::routing::wake_queues_of(&tx, id).await?;
    let user = users::by_id(&tx, id).await?.ok_or(Error::NotFound("user"))?;
    tx.commit().await?;
    Ok(user.into())
}
