//! People.

use baton_domain::id::UserId;
use baton_domain::user::{Person, Role, Tier};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};

use crate::Tx;
use crate::error::Result;
use crate::statement::{sql, statement};

/// A person's row, with what routing knows of staff.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Address, canonical.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Service tier; of meaning for customers.
    pub tier: Tier,
    /// Units they may carry; none for customers.
    pub units_limit: Option<i32>,
    /// When the account was disabled.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub disabled_at: Option<Timestamp>,
    /// When the account was made.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub created_at: Timestamp,
}

impl User {
    /// How others see them.
    pub fn person(&self) -> Person {
        Person { id: self.id, name: self.name.clone(), email: Some(self.email.clone()), role: self.role }
    }
}

macro_rules! user_query {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? } $($rest:tt)+) => {
        statement! {
            $(#[$meta])*
            $name { $($field: $type),* } -> (
                sql::Uuid, sql::Text, sql::Text, sql::Text, sql::Text, sql::Nullable<sql::Integer>,
                sql::Nullable<sql::Timestamptz>, sql::Timestamptz
            )
            "select u.id, u.email, u.name, u.role, u.tier, s.units_limit, u.disabled_at, u.created_at
             from users u left join staff s on s.org_id = u.org_id and s.user_id = u.id "
            $($rest)+
        }
    };
}

user_query! {
    /// One person.
    ById { id: UserId }
    "where u.id = " [id: sql::Uuid]
}

/// One person.
pub async fn by_id(tx: &Tx, id: UserId) -> Result<Option<User>> {
    tx.row(ById { id }).await
}

user_query! {
    /// Some people.
    ByIds { ids: Vec<UserId> }
    "where u.id = any(" [ids: sql::Array<sql::Uuid>] ")"
}

/// Some people, in no order.
pub async fn by_ids(tx: &Tx, ids: Vec<UserId>) -> Result<Vec<User>> {
    tx.rows(ByIds { ids }).await
}

user_query! {
    /// The person of an address.
    ByEmail { email: String }
    "where u.email = " [email: sql::Text]
}

/// The person of a canonical address.
pub async fn by_email(tx: &Tx, email: &str) -> Result<Option<User>> {
    tx.row(ByEmail { email: email.to_owned() }).await
}

user_query! {
    /// People of some roles, by id.
    List { roles: Vec<Role>, after: Option<UserId>, limit: i64 }
    "where u.role = any(" [roles: sql::Array<sql::Text>] ") and (" [after: sql::Nullable<sql::Uuid>]
    " is null or u.id > " [after: sql::Nullable<sql::Uuid>] ") order by u.id limit " [limit: sql::BigInt]
}

/// People of `roles` in the order of their making, after `after`.
pub async fn list(tx: &Tx, roles: Vec<Role>, after: Option<UserId>, limit: i64) -> Result<Vec<User>> {
    tx.rows(List { roles, after, limit }).await
}

statement! {
    /// What a sign-in is checked against.
    Credentials { email: String } -> (sql::Uuid, sql::Nullable<sql::Text>, sql::Nullable<sql::Timestamptz>)
    "select id, password_hash, disabled_at from users where email = " [email: sql::Text]
}

/// What a sign-in is checked against.
#[derive(Debug, Queryable)]
pub struct StoredCredentials {
    /// Who.
    pub id: UserId,
    /// Their password's hash (PHC string); none if they have no password.
    pub password_hash: Option<String>,
    /// When the account was disabled.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub disabled_at: Option<Timestamp>,
}

/// What a sign-in by `email` is checked against.
pub async fn credentials(tx: &Tx, email: &str) -> Result<Option<StoredCredentials>> {
    tx.row(Credentials { email: email.to_owned() }).await
}

statement! {
    /// A new person; staff get the row that routing needs.
    Insert {
        id: UserId, email: String, name: String, role: Role, tier: Tier, password_hash: Option<String>,
        staff: bool, units_limit: i32, at: jiff_diesel::Timestamp,
    } -> ()
    "with u as (insert into users (org_id, id, email, name, role, tier, password_hash, created_at) values (baton_org(), "
    [id: sql::Uuid] ", " [email: sql::Text] ", " [name: sql::Text] ", " [role: sql::Text] ", " [tier: sql::Text] ", "
    [password_hash: sql::Nullable<sql::Text>] ", " [at: sql::Timestamptz] ") returning org_id, id)
     insert into staff (org_id, user_id, units_limit) select org_id, id, " [units_limit: sql::Integer] " from u where "
    [staff: sql::Bool]
}

/// A person to store.
#[derive(Debug)]
pub struct NewUser {
    /// Their id.
    pub id: UserId,
    /// Address, canonical.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Service tier.
    pub tier: Tier,
    /// PHC string of their password.
    pub password_hash: Option<String>,
    /// Units they may carry; of meaning for staff.
    pub units_limit: i32,
}

/// Stores a new person. [`crate::Error::Taken`] when the address is somebody's.
pub async fn insert(tx: &Tx, new: NewUser) -> Result<()> {
    let insert = Insert {
        id: new.id,
        email: new.email,
        name: new.name,
        staff: new.role.is_staff(),
        role: new.role,
        tier: new.tier,
        password_hash: new.password_hash,
        units_limit: new.units_limit,
        at: tx.now().to_diesel(),
    };
    tx.execute(insert).await.map(drop)
}

statement! {
    /// What may change of a person; somebody who becomes staff gets the row that routing needs.
    Update { id: UserId, name: String, role: Role, tier: Tier, disabled_at: Option<jiff_diesel::Timestamp>, staff: bool } -> ()
    "with u as (update users set name = " [name: sql::Text] ", role = " [role: sql::Text] ", tier = " [tier: sql::Text]
    ", disabled_at = " [disabled_at: sql::Nullable<sql::Timestamptz>] " where id = " [id: sql::Uuid]
    " returning org_id, id)
     insert into staff (org_id, user_id) select org_id, id from u where " [staff: sql::Bool] " on conflict do nothing"
}

/// Stores what changed of a person.
pub async fn update(tx: &Tx, user: &User) -> Result<()> {
    let update = Update {
        id: user.id,
        name: user.name.clone(),
        role: user.role,
        tier: user.tier,
        disabled_at: user.disabled_at.map(ToDiesel::to_diesel),
        staff: user.role.is_staff(),
    };
    tx.execute(update).await.map(drop)
}

statement! {
    /// A new password.
    SetPassword { id: UserId, hash: String } -> ()
    "update users set password_hash = " [hash: sql::Text] " where id = " [id: sql::Uuid]
}

/// Stores the hash of a new password, or of the same one by newer parameters.
pub async fn set_password(tx: &Tx, id: UserId, hash: String) -> Result<()> {
    tx.execute(SetPassword { id, hash }).await.map(drop)
}
