//! The schema's history, embedded, and the roles it needs.

use std::time::Duration;

use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::error::{Error, Result};
use crate::statement::{sql, statement};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// One migration runs at a time in a database: the key of the advisory lock.
const LOCK: i64 = 0x6261_746f_6e00_0001;

/// Most attempts at making the roles, and the pause that grows by itself after each.
const ROLE_ATTEMPTS: u32 = 20;
const ROLE_PAUSE: Duration = Duration::from_millis(5);

/// A login role that the services use.
#[derive(Clone)]
pub struct RolePasswords {
    /// Password of `baton_app`.
    pub app: String,
    /// Password of `baton_system`.
    pub system: String,
}

/// Makes the two roles if they are missing, and gives them these passwords.
///
/// `baton_app` owns nothing and bypasses nothing. `baton_system` may become `baton_app`, but does
/// not inherit it: what it sees by itself is only what it may claim.
///
/// Roles belong to the whole cluster, the lock to one database of it: of two databases that are prepared
/// at once one finds the role's row changed under its hands, and tries again.
pub async fn prepare_roles(owner_url: &str, passwords: &RolePasswords) -> Result<()> {
    let mut attempt = 1;
    loop {
        match try_prepare_roles(owner_url, passwords).await {
            Err(error) if attempt < ROLE_ATTEMPTS && is_a_race(&error) => {
                tokio::time::sleep(ROLE_PAUSE * attempt).await;
                attempt += 1;
            }
            done => return done,
        }
    }
}

fn is_a_race(error: &Error) -> bool {
    match error {
        Error::Taken { .. } => true,
        Error::Internal(message) => message.contains("concurrently") || message.contains("already exists"),
        Error::Dangling { .. } | Error::Unavailable(_) => false,
    }
}

async fn try_prepare_roles(owner_url: &str, passwords: &RolePasswords) -> Result<()> {
    let mut conn = connect(owner_url).await?;
    let app = literal(&passwords.app)?;
    let system = literal(&passwords.system)?;
    conn.batch_execute(&format!(
        "select pg_advisory_lock({LOCK});
         do $$ begin
            if not exists (select from pg_roles where rolname = 'baton_app') then
                create role baton_app login nosuperuser nobypassrls noinherit;
            end if;
            if not exists (select from pg_roles where rolname = 'baton_system') then
                create role baton_system login nosuperuser nobypassrls noinherit;
            end if;
            if not pg_has_role('baton_system', 'baton_app', 'member') then
                grant baton_app to baton_system;
            end if;
         end $$;
         alter role baton_app password {app};
         alter role baton_system password {system};
         select pg_advisory_unlock({LOCK});"
    ))
    .await
    .map_err(Into::into)
}

/// Brings the schema up to date and says which migrations that took. Waits for another migrator, but
/// never long for a lock that the services hold.
pub async fn up(owner_url: &str) -> Result<Vec<String>> {
    run(owner_url, |conn| {
        let applied = conn.run_pending_migrations(MIGRATIONS).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Takes the schema back to nothing: data is lost.
pub async fn down(owner_url: &str) -> Result<Vec<String>> {
    run(owner_url, |conn| {
        let reverted = conn.revert_all_migrations(MIGRATIONS).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(reverted.iter().map(ToString::to_string).collect())
    })
    .await
}

statement! {
    /// Versions that were applied.
    Applied {} -> (sql::Text)
    "select version::text from __diesel_schema_migrations order by version desc limit 1"
}

/// Whether the newest migration this build knows has been applied.
pub(crate) async fn check(conn: &mut AsyncPgConnection) -> Result<()> {
    let found: Vec<(String,)> = Applied {}.load(conn).await.map_err(Error::from)?;
    let found = found.into_iter().next().map(|(version,)| version).unwrap_or_default();
    let wanted = newest()?;
    if found >= wanted {
        return Ok(());
    }
    Err(Error::Unavailable(format!("the schema is at {found:?}, this build needs {wanted:?}: run baton-migrate up")))
}

fn newest() -> Result<String> {
    use diesel::migration::{Migration, MigrationSource};
    let all: Vec<Box<dyn Migration<diesel::pg::Pg>>> =
        MIGRATIONS.migrations().map_err(|e| Error::Internal(e.to_string()))?;
    Ok(all.iter().map(|m| m.name().version().to_string()).max().unwrap_or_default())
}

async fn connect(url: &str) -> Result<AsyncPgConnection> {
    AsyncPgConnection::establish(url).await.map_err(|error| Error::Unavailable(error.to_string()))
}

/// Runs `work` on a blocking thread under the migrators' lock: the migration harness is blocking.
async fn run<T: Send + 'static>(
    owner_url: &str,
    work: impl FnOnce(&mut AsyncConnectionWrapper<AsyncPgConnection>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let mut conn = connect(owner_url).await?;
    conn.batch_execute(&format!("select pg_advisory_lock({LOCK}); set lock_timeout = '5s'")).await?;
    let mut wrapper = AsyncConnectionWrapper::<AsyncPgConnection>::from(conn);
    let done = tokio::task::spawn_blocking(move || work(&mut wrapper));
    done.await.map_err(|error| Error::Internal(error.to_string()))?
}

/// A password as an SQL literal (role passwords cannot be bound as parameters).
fn literal(text: &str) -> Result<String> {
    if text.is_empty() || text.contains(['\0', '\\']) {
        return Err(Error::Internal("a role's password must be non-empty, without NUL or backslash".to_owned()));
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}
