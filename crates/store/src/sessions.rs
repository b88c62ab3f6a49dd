//! Sign-ins and their refresh tokens.

use baton_domain::id::{SessionId, TeamId, UserId};
use baton_domain::user::Role;
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};

use crate::Tx;
use crate::error::Result;
use crate::statement::{sql, statement};

statement! {
    /// A new sign-in with its first refresh token.
    Insert {
        id: SessionId, user: UserId, user_agent: String, at: jiff_diesel::Timestamp, expires_at: jiff_diesel::Timestamp,
        hash: Vec<u8>,
    } -> ()
    "with s as (insert into sessions (org_id, id, user_id, user_agent, created_at, expires_at, last_used_at)
        values (baton_org(), " [id: sql::Uuid] ", " [user: sql::Uuid] ", " [user_agent: sql::Text] ", "
    [at: sql::Timestamptz] ", " [expires_at: sql::Timestamptz] ", " [at: sql::Timestamptz] ") returning org_id, id)
     insert into refresh_tokens (org_id, hash, session_id, issued_at)
        select org_id, " [hash: sql::Binary] ", id, " [at: sql::Timestamptz] " from s"
}

/// A sign-in to store.
#[derive(Debug)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// What the client calls itself.
    pub user_agent: String,
    /// When it ends for good.
    pub expires_at: Timestamp,
    /// SHA-256 of its first refresh token.
    pub token_hash: Vec<u8>,
}

/// Stores a sign-in and its first refresh token.
pub async fn insert(tx: &Tx, new: NewSession) -> Result<()> {
    let insert = Insert {
        id: new.id,
        user: new.user,
        user_agent: new.user_agent,
        at: tx.now().to_diesel(),
        expires_at: new.expires_at.to_diesel(),
        hash: new.token_hash,
    };
    tx.execute(insert).await.map(drop)
}

/// A sign-in with the person and what they may do.
#[derive(Debug, Clone, Queryable)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it ends for good.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub expires_at: Timestamp,
    /// When it was ended before its time.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub revoked_at: Option<Timestamp>,
    /// Whose.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// When their account was disabled.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub disabled_at: Option<Timestamp>,
    /// Their teams, in id order.
    pub teams: Vec<TeamId>,
}

statement! {
    /// A sign-in with the person and what they may do.
    ById { id: SessionId } -> (
        sql::Uuid, sql::Timestamptz, sql::Nullable<sql::Timestamptz>, sql::Uuid, sql::Text, sql::Text, sql::Text,
        sql::Nullable<sql::Timestamptz>, sql::Array<sql::Uuid>
    )
    "select s.id, s.expires_at, s.revoked_at, u.id, u.name, u.email, u.role, u.disabled_at,
        array(select m.team_id from team_members m where m.org_id = u.org_id and m.user_id = u.id order by m.team_id)
     from sessions s join users u on u.org_id = s.org_id and u.id = s.user_id
     where s.id = " [id: sql::Uuid]
}

/// A sign-in.
pub async fn by_id(tx: &Tx, id: SessionId) -> Result<Option<Session>> {
    tx.row(ById { id }).await
}

/// A refresh token as it was given out.
#[derive(Debug, Queryable)]
pub struct RefreshToken {
    /// The sign-in it belongs to.
    pub session: SessionId,
    /// When it was exchanged for its successor.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub spent_at: Option<Timestamp>,
}

statement! {
    /// A refresh token, locked.
    Token { hash: Vec<u8> } -> (sql::Uuid, sql::Nullable<sql::Timestamptz>)
    "select session_id, spent_at from refresh_tokens where hash = " [hash: sql::Binary] " for update"
}

/// The refresh token of a hash, locked: of two exchanges at once one waits for the other.
pub async fn lock_token(tx: &Tx, hash: Vec<u8>) -> Result<Option<RefreshToken>> {
    tx.row(Token { hash }).await
}

statement! {
    /// Whether a token was exchanged.
    Spent { hash: Vec<u8> } -> (sql::Bool)
    "select spent_at is not null from refresh_tokens where hash = " [hash: sql::Binary]
}

/// Whether the token of a hash was exchanged already; `None` if it was never given out.
pub async fn is_spent(tx: &Tx, hash: Vec<u8>) -> Result<Option<bool>> {
    let row: Option<(bool,)> = tx.row(Spent { hash }).await?;
    Ok(row.map(|(spent,)| spent))
}

statement! {
    /// A token's exchange for its successor.
    Rotate { session: SessionId, spent: Vec<u8>, successor: Vec<u8>, at: jiff_diesel::Timestamp } -> ()
    "with old as (update refresh_tokens set spent_at = " [at: sql::Timestamptz] " where hash = " [spent: sql::Binary] "),
     used as (update sessions set last_used_at = " [at: sql::Timestamptz] " where id = " [session: sql::Uuid] ")
     insert into refresh_tokens (org_id, hash, session_id, issued_at) values (baton_org(), " [successor: sql::Binary]
    ", " [session: sql::Uuid] ", " [at: sql::Timestamptz] ")"
}

/// Exchanges a locked token for its successor.
pub async fn rotate(tx: &Tx, session: SessionId, spent: Vec<u8>, successor: Vec<u8>) -> Result<()> {
    tx.execute(Rotate { session, spent, successor, at: tx.now().to_diesel() }).await.map(drop)
}

statement! {
    /// Ends sign-ins.
    Revoke { only: Option<SessionId>, user: UserId, reason: String, at: jiff_diesel::Timestamp } -> (sql::Uuid)
    "update sessions set revoked_at = " [at: sql::Timestamptz] ", revoked_reason = " [reason: sql::Text]
    " where revoked_at is null and user_id = " [user: sql::Uuid] " and (" [only: sql::Nullable<sql::Uuid>]
    " is null or id = " [only: sql::Nullable<sql::Uuid>] ") returning id"
}

/// Ends one sign-in of a person, or all of them, and says which were ended by this.
pub async fn revoke(tx: &Tx, user: UserId, only: Option<SessionId>, reason: &str) -> Result<Vec<SessionId>> {
    let revoke = Revoke { only, user, reason: reason.to_owned(), at: tx.now().to_diesel() };
    let rows: Vec<(SessionId,)> = tx.rows(revoke).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
