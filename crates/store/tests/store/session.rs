//! What a test does beside the store: raw sessions of any role, and pools cut to measure.

use std::sync::Arc;

use baton_domain::id::TeamId;
use baton_domain::routing::{Policy, Receives};
use baton_store::teams::Team;
use baton_store::{Db, Options};
use baton_testkit::{Database, Login, wait_for};
use tokio::task::JoinSet;
use uuid::Uuid;

pub(crate) use std::time::Duration;

/// Longest wait for a state that must come.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// A connection that speaks plain SQL. Dropped, it is closed and what it held is rolled back.
pub(crate) struct Session {
    client: tokio_postgres::Client,
    _driver: JoinSet<()>,
}

impl Session {
    pub(crate) async fn open(database: &Database, login: Login) -> Self {
        Self::open_url(&database.url(login)).await
    }

    pub(crate) async fn open_url(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        let mut driver = JoinSet::new();
        driver.spawn(async move { drop(connection.await) });
        Self { client, _driver: driver }
    }

    /// Runs statements that must succeed.
    pub(crate) async fn run(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// Runs a statement and says what Postgres says against it.
    pub(crate) async fn refusal(&self, sql: &str) -> Option<String> {
        let error = self.client.batch_execute(sql).await.err()?;
        Some(error.as_db_error().map_or_else(|| error.to_string(), |e| format!("{}: {}", e.code().code(), e.message())))
    }

    /// The first column of a query's rows, as text.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        let messages = self.client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        messages
            .iter()
            .filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
                _ => None,
            })
            .collect()
    }

    /// The one number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.column(sql).await[0].parse().unwrap()
    }
}

/// Options of a pool of `baton_app` with `size` connections, which [`backends`] tells from all others.
pub(crate) fn options(database: &Database, size: u32) -> Options {
    let url = format!("{}?application_name=measured", database.url(Login::App));
    Options { pool_size: size, ..Options::new(url) }
}

/// A pool of `baton_app`, whose wakes go nowhere.
pub(crate) async fn pool(options: Options) -> Db {
    Db::connect(options, Arc::new(|_| {})).await.unwrap()
}

/// The backends of the pools that [`options`] are for.
pub(crate) async fn backends(database: &Database) -> Vec<String> {
    let sql = "select pid::text as line from pg_stat_activity
        where datname = current_database() and application_name = 'measured' order by 1";
    database.lines(sql).await
}

/// Waits until a statement of `baton_app` waits for somebody's lock.
pub(crate) async fn somebody_waits(database: &Database) {
    let sql = "select pid::text as line from pg_stat_activity
        where datname = current_database() and usename = 'baton_app' and wait_event_type = 'Lock'";
    wait_for("a statement that waits for a lock", SOON, async || (!database.lines(sql).await.is_empty()).then_some(()))
        .await;
}

/// A team to store; `n` is its identity.
pub(crate) fn team(n: u128, slug: &str) -> Team {
    Team {
        id: TeamId(Uuid::from_u128(n)),
        slug: slug.to_owned(),
        name: slug.to_owned(),
        policy: Policy::MostFree,
        receives: Receives::Leaders,
        version: 1,
    }
}
