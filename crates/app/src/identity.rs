//! Signing in and staying signed in.
//!
//! An access token is a short JWT that names a session; what its holder may do is read from the
//! database (and kept for [`CACHE`]), so a disabled user or a lost role counts within seconds. A
//! refresh token is opaque, stored only as a hash, and exchanged for its successor at each use. The
//! successor is *derived* from the presented token under a server key, so that a client whose answer
//! was lost gets the same one again within [`LOST_ANSWER`]; a spent token that comes back later, or
//! after its successor was used, is theft, and ends the session.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_domain::access::{Actor, rights};
use baton_domain::event::{Fact, Room};
use baton_domain::id::{OrgId, SessionId, UserId};
use baton_domain::user::{Role, canonical_email};
use baton_store::{Db, Tx, events as event_rows, sessions, users};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::events::{Source, event};
use crate::ids::new_id;
use crate::passwords::{Passwords, Verdict};

/// Life of an access token.
pub const ACCESS: SignedDuration = SignedDuration::from_mins(10);
/// Life of a sign-in.
pub const SESSION: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a spent refresh token still gets its successor, for a client whose answer was lost.
pub const LOST_ANSWER: SignedDuration = SignedDuration::from_secs(10);
/// How long what a session may do is believed without asking again.
pub const CACHE: Duration = Duration::from_secs(3);

const ISSUER: &str = "baton";
const AUDIENCE: &str = "baton";
const TYPE: &str = "at+jwt";

/// The keys under which tokens are made.
#[derive(Clone)]
pub struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    refresh: SecretString,
}

impl Keys {
    /// `token_key` signs access tokens (HS256), `refresh_key` derives refresh tokens.
    pub fn new(token_key: &SecretString, refresh_key: &SecretString) -> Self {
        let secret = token_key.expose_secret().as_bytes();
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            refresh: refresh_key.clone(),
        }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(redacted)")
    }
}

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    org: OrgId,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// A sign-in's outcome.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// A JWT for the `Authorization` header and the socket.
    pub access_token: String,
    /// Its life in seconds.
    pub expires_in: i64,
    /// What to exchange for the next pair.
    pub refresh_token: String,
    /// When the session ends for good.
    pub session_expires_at: Timestamp,
    /// Who signed in.
    pub actor: Arc<Actor>,
}

/// A wish to sign in.
#[derive(Debug)]
pub struct SignIn {
    /// The organisation's slug.
    pub organization: String,
    /// Address.
    pub email: String,
    /// Password.
    pub password: SecretString,
    /// What the client calls itself.
    pub user_agent: String,
}

/// Who is signed in, and how they got there.
#[derive(Clone)]
pub struct Identity {
    db: Db,
    keys: Keys,
    passwords: Passwords,
    cache: moka::future::Cache<SessionId, Arc<Actor>>,
    /// As last read, for as long as an access token lives.
    remembered: moka::future::Cache<SessionId, Arc<Actor>>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    /// Identity over a database.
    pub fn new(db: Db, keys: Keys, passwords: Passwords) -> Self {
        let cache = |time| moka::future::Cache::builder().max_capacity(100_000).time_to_live(time).build();
        Self { db, keys, passwords, cache: cache(CACHE), remembered: cache(ACCESS.unsigned_abs()) }
    }

    /// The password pool, for those who set passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Signs somebody in. Unknown organisation, unknown address, wrong password, no password and
    /// disabled account give the same answer in the same time.
    pub async fn sign_in(&self, wish: SignIn) -> Result<SignedIn> {
        let wrong = || Error::Unauthenticated("invalid_credentials");
        let org = self.db.org_by_slug(&wish.organization).await?;
        let found = match org {
            Some(org) => {
                let tx = self.db.begin("load_credentials", org).await?;
                let found = users::credentials(&tx, &canonical_email(&wish.email)).await?;
                tx.commit().await?;
                found
            }
            None => None,
        };
        let (user, stored, disabled) = match found {
            Some(found) => (Some(found.id), found.password_hash, found.disabled_at.is_some()),
            None => (None, None, false),
        };
        // The connection is back in the pool while the hash is worked on.
        let verdict = self.passwords.verify(wish.password.expose_secret().to_owned(), stored).await?;
        let (Some(org), Some(user), false) = (org, user, disabled || verdict == Verdict::Wrong) else {
            return Err(wrong());
        };
        let tx = self.db.begin("sign_in", org).await?;
        if let Verdict::Rehashed(hash) = verdict {
            users::set_password(&tx, user, hash).await?;
        }
        self.open_session(tx, user, wish.user_agent).await
    }

    async fn open_session(&self, tx: Tx, user: UserId, user_agent: String) -> Result<SignedIn> {
        let id: SessionId = new_id();
        let refresh_token = first_refresh_token(tx.org());
        let new = sessions::NewSession {
            id,
            user,
            user_agent: user_agent.chars().take(200).collect(),
            expires_at: tx.now() + SESSION,
            token_hash: hash(&refresh_token),
        };
        sessions::insert(&tx, new).await?;
        self.finish(tx, id, refresh_token).await
    }

    /// Reads the session back, commits, and makes the access token.
    async fn finish(&self, tx: Tx, id: SessionId, refresh_token: String) -> Result<SignedIn> {
        let session = sessions::by_id(&tx, id).await?.ok_or(Error::Unauthenticated("revoked_session"))?;
        let (org, now) = (tx.org(), tx.now());
        tx.commit().await?;
        let expires_at = session.expires_at;
        let actor = Arc::new(actor_of(org, session));
        Ok(SignedIn {
            access_token: self.access_token(&actor, now)?,
            expires_in: ACCESS.as_secs(),
            refresh_token,
            session_expires_at: expires_at,
            actor,
        })
    }

    fn access_token(&self, actor: &Actor, now: Timestamp) -> Result<String> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: actor.user,
            org: actor.org,
            sid: actor.session,
            iat: now.as_second(),
            exp: (now + ACCESS).as_second(),
        };
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        jsonwebtoken::encode(&header, &claims, &self.keys.encoding).map_err(|e| Error::Internal(e.to_string()))
    }

    /// Exchanges a refresh token for the next pair.
    pub async fn refresh(&self, token: &str) -> Result<SignedIn> {
        let unknown = || Error::Unauthenticated("invalid_token");
        let org = organization_of(token).ok_or_else(unknown)?;
        let successor = self.successor(org, token)?;
        let tx = self.db.begin("refresh", org).await?;
        let found = sessions::lock_token(&tx, hash(token)).await?.ok_or_else(unknown)?;
        let session = sessions::by_id(&tx, found.session).await?.ok_or_else(unknown)?;
        check_session(&session, tx.now())?;
        match found.spent_at {
            None => sessions::rotate(&tx, found.session, hash(token), hash(&successor)).await?,
            Some(spent_at) => {
                let moved_on = sessions::is_spent(&tx, hash(&successor)).await?.unwrap_or(true);
                if moved_on || tx.now() > spent_at + LOST_ANSWER {
                    let user = session.user;
                    self.end(tx, Source::system("identity"), user, Some(found.session), "reused_token").await?;
                    return Err(Error::Unauthenticated("reused_token"));
                }
            }
        }
        self.finish(tx, found.session, successor).await
    }

    fn successor(&self, org: OrgId, token: &str) -> Result<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.keys.refresh.expose_secret().as_bytes())
            .map_err(|error| Error::Internal(error.to_string()))?;
        mac.update(token.as_bytes());
        Ok(refresh_token(org, &mac.finalize().into_bytes()))
    }

    /// Ends the caller's own session: its tokens and sockets.
    pub async fn sign_out(&self, can: &Can<rights::SelfManage>) -> Result<()> {
        let actor = can.actor();
        let tx = self.db.begin("sign_out", actor.org).await?;
        self.end(tx, can.into(), actor.user, Some(actor.session), "signed_out").await
    }

    /// Ends the session of a refresh token, for a client whose access token is gone. An unknown
    /// token is no error: the caller wanted to be signed out and is.
    pub async fn sign_out_by_token(&self, token: &str) -> Result<()> {
        let Some(org) = organization_of(token) else { return Ok(()) };
        let tx = self.db.begin("sign_out", org).await?;
        let Some(found) = sessions::lock_token(&tx, hash(token)).await? else { return Ok(()) };
        let Some(session) = sessions::by_id(&tx, found.session).await? else { return Ok(()) };
        self.end(tx, Source::system("identity"), session.user, Some(session.id), "signed_out").await
    }

    async fn end(&self, tx: Tx, source: Source, user: UserId, only: Option<SessionId>, reason: &str) -> Result<()> {
        let ended = revoke(&tx, &source, user, only, reason).await?;
        tx.commit().await?;
        for session in ended {
            self.forget(session).await;
        }
        Ok(())
    }

    /// Who holds an access token, with what they may do (at most [`CACHE`] old).
    pub async fn authenticate(&self, access_token: &str) -> Result<Arc<Actor>> {
        let claims = self.claims(access_token)?;
        self.session(claims.org, claims.sid).await
    }

    /// Who held an access token, which has not expired, when its session was last read: for what is judged again once
    /// Postgres is back, and for nothing else.
    pub async fn remembered(&self, access_token: &str) -> Option<Arc<Actor>> {
        self.remembered.get(&self.claims(access_token).ok()?.sid).await
    }

    fn claims(&self, access_token: &str) -> Result<Claims> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 5;
        let data = jsonwebtoken::decode::<Claims>(access_token, &self.keys.decoding, &validation).map_err(|e| {
            let expired = matches!(e.kind(), jsonwebtoken::errors::ErrorKind::ExpiredSignature);
            Error::Unauthenticated(if expired { "expired_token" } else { "invalid_token" })
        })?;
        if data.header.typ.as_deref() != Some(TYPE) {
            return Err(Error::Unauthenticated("invalid_token"));
        }
        Ok(data.claims)
    }

    /// The person of a live session, with what they may do (at most [`CACHE`] old).
    pub async fn session(&self, org: OrgId, id: SessionId) -> Result<Arc<Actor>> {
        if let Some(actor) = self.cache.get(&id).await {
            return Ok(actor);
        }
        self.fresh_session(org, id).await
    }

    async fn forget(&self, id: SessionId) {
        self.cache.invalidate(&id).await;
        self.remembered.invalidate(&id).await;
    }

    /// The person of a live session, read now.
    pub async fn fresh_session(&self, org: OrgId, id: SessionId) -> Result<Arc<Actor>> {
        let read = of_session(&self.db, org, id).await;
        match &read {
            Ok(actor) => {
                self.cache.insert(id, Arc::clone(actor)).await;
                self.remembered.insert(id, Arc::clone(actor)).await;
            }
            Err(Error::Unauthenticated(_)) => self.forget(id).await,
            Err(_) => {}
        }
        read
    }
}

/// The person of a live session, read now, with what they may do.
pub async fn of_session(db: &Db, org: OrgId, id: SessionId) -> Result<Arc<Actor>> {
    let tx = db.begin("load_session", org).await?;
    let session = sessions::by_id(&tx, id).await?.ok_or(Error::Unauthenticated("invalid_token"))?;
    let now = tx.now();
    tx.commit().await?;
    check_session(&session, now)?;
    Ok(Arc::new(actor_of(org, session)))
}

/// Ends sessions of a person and tells their sockets.
pub(crate) async fn revoke(
    tx: &Tx,
    source: &Source,
    user: UserId,
    only: Option<SessionId>,
    reason: &str,
) -> Result<Vec<SessionId>> {
    let ended = sessions::revoke(tx, user, only, reason).await?;
    let facts = ended.iter().map(|id| {
        let fact = Fact::SessionRevoked { session_id: *id, user_id: user };
        event(tx, source, None, (vec![Room::User(user)], fact))
    });
    event_rows::record(tx, &facts.collect::<Vec<_>>()).await?;
    Ok(ended)
}

fn check_session(session: &sessions::Session, now: Timestamp) -> Result<()> {
    if session.revoked_at.is_some() || session.disabled_at.is_some() {
        return Err(Error::Unauthenticated("revoked_session"));
    }
    if session.expires_at <= now {
        return Err(Error::Unauthenticated("expired_token"));
    }
    Ok(())
}

fn actor_of(org: OrgId, session: sessions::Session) -> Actor {
    let teams = if session.role == Role::Customer { Vec::new() } else { session.teams };
    Actor {
        org,
        session: session.id,
        user: session.user,
        name: session.name,
        email: session.email,
        role: session.role,
        teams,
    }
}

/// Opaque tokens carry their organisation in clear, so that they can be looked up in its scope.
fn refresh_token(org: OrgId, secret: &[u8]) -> String {
    format!("rt_{}_{}", org.0.simple(), URL_SAFE_NO_PAD.encode(secret))
}

fn first_refresh_token(org: OrgId) -> String {
    let mut secret = [0u8; 32];
    rand::rng().fill_bytes(&mut secret);
    refresh_token(org, &secret)
}

fn organization_of(token: &str) -> Option<OrgId> {
    let (org, _) = token.strip_prefix("rt_")?.split_once('_')?;
    org.parse().ok()
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
