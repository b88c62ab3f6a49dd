//! A hand in the database: something is held until the test lets go.

use baton_testkit::{Database, redis_prefix, wait_for};
use tokio::task::JoinSet;

use super::PATIENCE;

/// Locks that the superuser took, held until [`Hold::release`].
#[derive(Debug)]
pub(crate) struct Hold {
    database: Database,
    /// Stands in the statement, so that it is found among others.
    mark: String,
    holding: JoinSet<()>,
}

impl Hold {
    /// Locks the rows of a query, such as `select from teams where …`. Returns once they are locked.
    pub(crate) async fn rows(database: &Database, query: &str) -> Self {
        let mark = format!("held as {}", redis_prefix());
        // Cancelled, the block gives its locks back and ends well.
        let statement = format!(
            "do $$ begin execute $q$ {query} for update $q$; perform pg_sleep(60); /* {mark} */ \
             exception when query_canceled then null; end $$"
        );
        let mut holding = JoinSet::new();
        let own = database.clone();
        holding.spawn(async move { own.run_as_owner(&statement).await });
        let hold = Self { database: database.clone(), mark, holding };
        hold.until("the rows to be locked", &format!("wait_event = 'PgSleep' and {}", hold.is_own())).await;
        hold
    }

    fn is_own(&self) -> String {
        format!("query like '%{}%' and pid <> pg_backend_pid()", self.mark)
    }

    async fn until(&self, what: &str, condition: &str) {
        let query = format!("select pid::text as line from pg_stat_activity where {condition}");
        wait_for(what, PATIENCE, async || (!self.database.lines(&query).await.is_empty()).then_some(())).await;
    }

    /// Waits until somebody waits for these locks.
    pub(crate) async fn until_somebody_waits(&self) {
        let holder = format!("select pid from pg_stat_activity where {}", self.is_own());
        self.until("somebody to wait for the lock", &format!("pg_blocking_pids(pid) && array({holder})")).await;
    }

    /// Lets go.
    pub(crate) async fn release(self) {
        let cancel = "select pg_cancel_backend(pid)::text as line from pg_stat_activity";
        self.database.lines(&format!("{cancel} where {}", self.is_own())).await;
        self.holding.join_all().await;
    }
}
