//! The pool, and the transaction guard that is the only way to a connection.

use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};
use std::time::{Duration, Instant};

use baton_domain::id::OrgId;
use baton_domain::wake::Wake;
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel_async::methods::{ExecuteDsl, LoadQuery};
use diesel_async::pooled_connection::PoolableConnection;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures::future::BoxFuture;
use jiff::Timestamp;
use prometheus::{HistogramVec, register_histogram_vec};
use tokio_postgres::NoTls;

use crate::error::{Error, Result};
use crate::pool::{self, Lent};
use crate::statement::{sql, statement};

/// Told after a commit what it may have woken. Must not wait.
pub type Sink = Arc<dyn Fn(&[Wake]) + Send + Sync>;

/// A clock that stands in for Postgres' own, for tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How much longer than a statement may run its answer is waited for. Postgres keeps the time of what runs; one that is
/// frozen, or behind a network that swallows everything, keeps none.
const ANSWER_GRACE: Duration = Duration::from_secs(1);

/// How long a connection may be without a sign of life from the other side: a host that vanishes resets nothing, and
/// each pooled connection would cost somebody a whole answer's wait. Idle ones are probed.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
const PROBED_EVERY: Duration = Duration::from_secs(1);

/// How long a rollback after a dropped transaction may take before its connection is given up.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(5);

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static SECONDS: LazyLock<HistogramVec> = LazyLock::new(|| {
    register_histogram_vec!(
        "baton_transaction_seconds",
        "Time from the wish for a connection to the end of the transaction.",
        &["name", "outcome"],
        vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0]
    )
    .expect("registered once")
});

/// How to reach Postgres.
#[derive(Clone)]
pub struct Options {
    /// `postgres://user:password@host:port/database`.
    pub url: String,
    /// Most connections.
    pub pool_size: u32,
    /// Longest run of one statement.
    pub statement_timeout: Duration,
    /// Longest wait for a free connection, and for a new one to be made.
    pub checkout_timeout: Duration,
}

impl Options {
    /// The usual bounds for `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pool_size: 16,
            statement_timeout: Duration::from_secs(10),
            checkout_timeout: Duration::from_secs(3),
        }
    }

    /// How long an answer is waited for before its connection is given up.
    fn answer_timeout(&self) -> Duration {
        self.statement_timeout + ANSWER_GRACE
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("pool_size", &self.pool_size).finish_non_exhaustive()
    }
}

/// A pooled connection, and whether it may be used again.
struct Link {
    conn: AsyncPgConnection,
    broken: bool,
    answer_timeout: Duration,
}

impl Link {
    /// A question outside of a transaction is asked; gives how long to wait for the answer. Until that is here the link
    /// is nothing for others, also when nobody waits any more.
    fn begins(&mut self) -> Duration {
        self.broken = true;
        self.answer_timeout
    }

    /// The question was answered.
    fn ends<T>(&mut self, answer: Result<T>) -> Result<T> {
        self.broken = matches!(answer, Err(Error::Unavailable(_)));
        answer
    }
}

/// The answer, if it is here in time.
async fn within<T>(limit: Duration, answer: impl Future<Output = Result<T>>) -> Result<T> {
    let late = || Err(Error::Unavailable(format!("no answer within {limit:?}")));
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| late())
}

/// Makes connections whose scope statement is already prepared: [`Db::begin`] relies on it to send
/// BEGIN and scope in one flight, in order.
struct Manager {
    options: Options,
}

impl bb8::ManageConnection for Manager {
    type Connection = Link;
    type Error = Error;

    async fn connect(&self) -> Result<Link> {
        within(self.options.checkout_timeout, establish(&self.options)).await
    }

    /// Asks no server: a connection that died while idle, as all do when Postgres restarts, knows it.
    async fn is_valid(&self, link: &mut Link) -> Result<()> {
        if self.has_broken(link) { Err(Error::Unavailable("the connection is closed".to_owned())) } else { Ok(()) }
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        link.broken || link.conn.is_broken()
    }
}

/// Connects so that the kernel gives up who has vanished.
async fn connect(url: &str) -> Result<AsyncPgConnection> {
    let unavailable = |error: &dyn std::error::Error| Error::Unavailable(error.to_string());
    let mut config = tokio_postgres::Config::from_str(url).map_err(|error| unavailable(&error))?;
    config.tcp_user_timeout(SIGN_OF_LIFE).keepalives_idle(SIGN_OF_LIFE).keepalives_interval(PROBED_EVERY);
    let (client, connection) = config.connect(NoTls).await.map_err(|error| unavailable(&error))?;
    let connected = AsyncPgConnection::try_from_client_and_connection(client, connection).await;
    connected.map_err(|error| unavailable(&error))
}

async fn establish(options: &Options) -> Result<Link> {
    let mut conn = connect(&options.url).await?;
    let timeout = options.statement_timeout.as_millis();
    // The default price of a random page is that of a disk that turns: with it, a page of messages near
    // the start of a conversation was joined to all people of the organisation instead of to its authors.
    // Left to itself, Postgres plans the statement that reads whole tickets at each call, because a list of one id
    // looks cheaper than a list of any length: 2.8 ms of planning for 0.9 ms of reading.
    conn.batch_execute(&format!(
        "set statement_timeout = {timeout}; set idle_in_transaction_session_timeout = {timeout}; \
         set plan_cache_mode = force_generic_plan; set random_page_cost = 1.1"
    ))
    .await?;
    enter_scope(&conn, OrgId(uuid::Uuid::nil())).await?;
    Ok(Link { conn, broken: false, answer_timeout: options.answer_timeout() })
}

statement! {
    /// Names the organisation for the rest of the transaction and reads Postgres' clock.
    EnterScope { org: String } -> (sql::Text, sql::Timestamptz)
    "select set_config('baton.org', " [org: sql::Text] ", true), now()"
}

statement! {
    /// The end of a transaction.
    Commit {} -> ()
    "commit"
}

async fn enter_scope(conn: &AsyncPgConnection, org: OrgId) -> Result<Timestamp> {
    let found: Vec<(String, jiff_diesel::Timestamp)> = rows(conn, EnterScope { org: org.to_string() }).await?;
    let (_, now) = found.as_slice().first().ok_or_else(|| Error::Internal("the scope has no clock".to_owned()))?;
    Ok(now.to_jiff())
}

/// A pool under its name in metrics.
#[derive(Clone)]
struct Pool {
    name: &'static str,
    connections: bb8::Pool<Manager>,
}

fn make_pool(name: &'static str, options: Options) -> Pool {
    let size = options.pool_size;
    let checkout = options.checkout_timeout;
    pool::made(name, size);
    let connections = bb8::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(true)
        .connection_timeout(checkout)
        .queue_strategy(bb8::QueueStrategy::Lifo)
        .build_unchecked(Manager { options });
    Pool { name, connections }
}

type PooledLink = Lent<bb8::PooledConnection<'static, Manager>>;

async fn checkout(pool: &Pool) -> Result<PooledLink> {
    pool::lend(pool.name, pool.connections.get_owned()).await.map_err(|error| match error {
        bb8::RunError::User(error) => error,
        bb8::RunError::TimedOut => {
            pool::timed_out(pool.name);
            Error::Unavailable("no database connection came free in time".to_owned())
        }
    })
}

/// The way to an organisation's data, as role `baton_app`.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    sink: Sink,
    clock: Option<Clock>,
}

impl Db {
    /// Makes a pool. Connections are opened when first needed, so this does not fail while
    /// Postgres is away. `sink` hears of every commit's wakes.
    pub async fn connect(options: Options, sink: Sink) -> Result<Self> {
        Ok(Self::over(make_pool("app", options), sink))
    }

    fn over(pool: Pool, sink: Sink) -> Self {
        Self { pool, sink, clock: None }
    }

    /// The same pool, telling the time by `clock` instead of Postgres.
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self { clock: Some(clock), ..self.clone() }
    }

    /// Begins a transaction named `name` (for metrics) that sees only `org`.
    pub async fn begin(&self, name: &'static str, org: OrgId) -> Result<Tx> {
        let tx = self.checkout(name, org).await?;
        tx.start().await?;
        Ok(tx)
    }

    /// A transaction whose [`Tx::start`] the caller sends together with its first statements, in
    /// one flight. Until then it sees nothing: no scope, no rows.
    pub async fn checkout(&self, name: &'static str, org: OrgId) -> Result<Tx> {
        let started = Instant::now();
        let span = tracing::info_span!("transaction", name, outcome = tracing::field::Empty);
        let link = checkout(&self.pool).await?;
        Ok(Tx {
            link: Some(link),
            name,
            org,
            now: OnceLock::new(),
            started,
            wakes: Mutex::new(Vec::new()),
            unsettled: AtomicU32::new(0),
            away: AtomicBool::new(false),
            runtime: tokio::runtime::Handle::current(),
            sink: Arc::clone(&self.sink),
            clock: self.clock.clone(),
            span,
        })
    }

    /// Whether Postgres answers and its schema is the one this build knows.
    pub async fn check(&self) -> Result<()> {
        let mut link = checkout(&self.pool).await?;
        let limit = link.begins();
        let answer = within(limit, crate::migrations::check(&mut link.conn)).await;
        link.ends(answer)
    }

    /// The organisation of a slug: the only unscoped read.
    pub async fn org_by_slug(&self, slug: &str) -> Result<Option<OrgId>> {
        let mut link = checkout(&self.pool).await?;
        let limit = link.begins();
        let answer = within(limit, crate::organizations::by_slug(&mut link.conn, slug)).await;
        link.ends(answer)
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").finish_non_exhaustive()
    }
}

/// The way across organisations, as role `baton_system`: it sees what it may claim and nothing else.
#[derive(Clone, Debug)]
pub struct SystemDb(Db);

impl SystemDb {
    /// Makes a pool; see [`Db::connect`].
    pub async fn connect(options: Options, sink: Sink) -> Result<Self> {
        Ok(Self(Db::over(make_pool("system", options), sink)))
    }

    /// The same pool, telling the time by `clock`.
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self(self.0.with_clock(clock))
    }

    /// Begins a transaction outside any organisation.
    pub async fn begin(&self, name: &'static str) -> Result<SystemTx> {
        let tx = self.checkout(name).await?;
        tx.start().await?;
        Ok(tx)
    }

    /// A transaction whose [`SystemTx::start`] the caller sends together with its first statements.
    pub async fn checkout(&self, name: &'static str) -> Result<SystemTx> {
        self.0.checkout(name, OrgId(uuid::Uuid::nil())).await.map(SystemTx)
    }

    /// Whether Postgres answers and its schema is the one this build knows.
    pub async fn check(&self) -> Result<()> {
        self.0.check().await
    }
}

/// A transaction outside any organisation.
#[derive(Debug)]
pub struct SystemTx(Tx);

impl SystemTx {
    /// Sends BEGIN in one flight with whatever is joined to it, and reads the clock.
    pub async fn start(&self) -> Result<()> {
        self.0.start().await
    }

    /// From here on the transaction is `baton_app`'s and sees only `org`.
    pub async fn enter(mut self, org: OrgId) -> Result<Tx> {
        let conn = self.0.conn()?;
        let entered = async { futures::try_join!(batch(conn, "set local role baton_app"), enter_scope(conn, org)) };
        self.0.settle(Box::pin(entered)).await?;
        self.0.org = org;
        Ok(self.0)
    }

    /// Makes it durable, then tells what it woke.
    pub async fn commit(self) -> Result<()> {
        self.0.commit().await
    }

    /// When the transaction began.
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// Tells `wake` once this is committed.
    pub fn wake(&self, wake: Wake) {
        self.0.wake(wake);
    }

    pub(crate) fn raw(&self) -> &Tx {
        &self.0
    }
}

/// An open transaction in one organisation. Dropped without [`Tx::commit`], it rolls back.
///
/// Calls that are joined by `futures::try_join!` (which polls in the order written) go out in one
/// flight and are carried out in that order, each seeing what the one before it did.
pub struct Tx {
    link: Option<PooledLink>,
    name: &'static str,
    org: OrgId,
    now: OnceLock<Timestamp>,
    started: Instant,
    wakes: Mutex<Vec<Wake>>,
    /// Statements that were begun and have not succeeded: under way, failed, or their futures dropped.
    unsettled: AtomicU32,
    /// Whether Postgres was away, or silent, when it was asked something.
    away: AtomicBool,
    /// Where to roll back when dropped: that may happen on a thread that has no runtime.
    runtime: tokio::runtime::Handle,
    sink: Sink,
    clock: Option<Clock>,
    /// From the wish for a connection to the end, in the trace of who asked.
    span: tracing::Span,
}

impl Tx {
    /// Sends BEGIN and the scope in one flight and reads the clock.
    pub async fn start(&self) -> Result<()> {
        let conn = self.conn()?;
        let begun = async { futures::try_join!(batch(conn, "begin"), enter_scope(conn, self.org)) };
        let ((), now) = self.settle(Box::pin(begun)).await?;
        let _ = self.now.set(self.clock.as_ref().map_or(now, |clock| clock()));
        Ok(())
    }

    /// When the transaction began, by Postgres' clock.
    pub fn now(&self) -> Timestamp {
        self.now.get().copied().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The organisation it sees.
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Tells `wake` once this is committed.
    pub fn wake(&self, wake: Wake) {
        let mut wakes = self.wakes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !wakes.contains(&wake) {
            wakes.push(wake);
        }
    }

    /// Makes it durable, then tells what it woke. After an error nobody knows whether it is.
    ///
    /// Refused after a statement that did not succeed: Postgres would answer the commit with a rollback,
    /// and not call that an error.
    pub async fn commit(mut self) -> Result<()> {
        self.all_settled()?;
        let committed = self.answered(batch(self.conn()?, "commit")).await;
        self.finish(committed)
    }

    /// Sends `last` and the commit in one flight. Should `last` fail, Postgres rolls back.
    ///
    /// The commit is a prepared statement here, not a plain one: statements pass one after the other
    /// through the connection's cache, so it cannot overtake a `last` that is still being prepared.
    pub(crate) async fn commit_with<S>(mut self, last: S) -> Result<usize>
    where
        S: QueryFragment<diesel::pg::Pg> + QueryId + Send + 'static,
        S: for<'c> ExecuteDsl<&'c AsyncPgConnection>,
    {
        self.all_settled()?;
        let conn = self.conn()?;
        let (last, commit) = (execute(conn, last), execute(conn, Commit {}));
        let both = async { Ok(futures::join!(last, commit)) };
        let (count, committed) = match self.answered(Box::pin(both)).await {
            Ok(both) => both,
            Err(late) => return self.finish(Err(late)).map(|()| 0),
        };
        match count {
            Ok(count) => self.finish(committed.map(drop)).map(|()| count),
            Err(error) => {
                let _ = self.finish(Err(Error::Internal(String::new())));
                Err(error)
            }
        }
    }

    /// A bug: the caller goes on as if this were done.
    #[cfg(feature = "planted")]
    pub(crate) fn commit_later<S>(self, last: S)
    where
        S: QueryFragment<diesel::pg::Pg> + QueryId + Send + 'static,
        S: for<'c> ExecuteDsl<&'c AsyncPgConnection>,
    {
        let later = async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.commit_with(last).await
        };
        drop(tokio::runtime::Handle::current().spawn(later));
    }

    /// The connection goes back to the pool, whole if the commit was, and the wakes go out.
    fn finish(&mut self, committed: Result<()>) -> Result<()> {
        if let Some(mut link) = self.link.take() {
            link.broken = committed.is_err();
        }
        self.observe(if committed.is_ok() { "committed" } else { "failed" });
        committed?;
        let wakes = self.wakes.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !wakes.is_empty() {
            (self.sink)(wakes);
        }
        Ok(())
    }

    /// All rows of a statement.
    pub(crate) async fn rows<S, R>(&self, statement: S) -> Result<Vec<R>>
    where
        S: for<'c> LoadQuery<'static, &'c AsyncPgConnection, R> + Send + 'static,
        R: Send + 'static,
    {
        self.settle(rows(self.conn()?, statement)).await
    }

    /// The first row of a statement, if it has one.
    pub(crate) async fn row<S, R>(&self, statement: S) -> Result<Option<R>>
    where
        S: for<'c> LoadQuery<'static, &'c AsyncPgConnection, R> + Send + 'static,
        R: Send + 'static,
    {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// The one row of a statement that always has one.
    pub(crate) async fn only<S, R>(&self, statement: S) -> Result<R>
    where
        S: for<'c> LoadQuery<'static, &'c AsyncPgConnection, R> + Send + 'static,
        R: Send + 'static,
    {
        self.row(statement).await?.ok_or_else(|| Error::Internal("a statement that has a row had none".to_owned()))
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) async fn execute<S>(&self, statement: S) -> Result<usize>
    where
        S: QueryFragment<diesel::pg::Pg> + QueryId + Query + Send + 'static,
        S: for<'c> ExecuteDsl<&'c AsyncPgConnection>,
    {
        self.settle(execute(self.conn()?, statement)).await
    }

    /// Counts a statement as unsettled until it has succeeded.
    async fn settle<T>(&self, statement: BoxFuture<'_, Result<T>>) -> Result<T> {
        self.unsettled.fetch_add(1, Ordering::Relaxed);
        let done = self.answered(statement).await?;
        self.unsettled.fetch_sub(1, Ordering::Relaxed);
        Ok(done)
    }

    /// The answer, if it is here in time. After none, or none that is of use, Postgres is asked nothing more here.
    async fn answered<T>(&self, answer: BoxFuture<'_, Result<T>>) -> Result<T> {
        let limit = self.link.as_ref().map_or(ANSWER_GRACE, |link| link.answer_timeout);
        let answer = within(limit, answer).await;
        if matches!(answer, Err(Error::Unavailable(_))) {
            self.away.store(true, Ordering::Relaxed);
        }
        answer
    }

    fn all_settled(&self) -> Result<()> {
        match AtomicU32::load(&self.unsettled, Ordering::Relaxed) {
            0 => Ok(()),
            n => Err(Error::Internal(format!("{n} statements did not succeed: {} cannot be committed", self.name))),
        }
    }

    fn conn(&self) -> Result<&AsyncPgConnection> {
        match &self.link {
            Some(link) => Ok(&link.conn),
            None => Err(Error::Internal("the transaction is over".to_owned())),
        }
    }

    fn observe(&self, outcome: &str) {
        self.span.record("outcome", outcome);
        SECONDS.with_label_values(&[self.name, outcome]).observe(self.started.elapsed().as_secs_f64());
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("name", &self.name).field("org", &self.org).finish_non_exhaustive()
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut link) = self.link.take() else { return };
        self.observe("rolled_back");
        if AtomicBool::load(&self.away, Ordering::Relaxed) {
            link.broken = true;
            return;
        }
        // A dropped future may have left statements under way; the connection answers them in order,
        // so a rollback behind them leaves it clean. Not in time: it is thrown away.
        let roll_back = async move {
            let done = tokio::time::timeout(ROLLBACK_TIMEOUT, batch(&link.conn, "rollback")).await;
            link.broken = !matches!(done, Ok(Ok(())));
        };
        drop(self.runtime.spawn(roll_back));
    }
}

// These four return boxed futures: the compiler cannot prove an unboxed one `Send` for every lifetime of
// the connection, which spawned callers need.

fn batch<'a>(mut conn: &'a AsyncPgConnection, sql: &'static str) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move { conn.batch_execute(sql).await.map_err(Into::into) })
}

fn rows<'a, S, R>(mut conn: &'a AsyncPgConnection, statement: S) -> BoxFuture<'a, Result<Vec<R>>>
where
    S: LoadQuery<'static, &'a AsyncPgConnection, R> + Send + 'static,
    R: Send + 'static,
{
    Box::pin(async move { RunQueryDsl::load(statement, &mut conn).await.map_err(Into::into) })
}

fn execute<'a, S>(mut conn: &'a AsyncPgConnection, statement: S) -> BoxFuture<'a, Result<usize>>
where
    S: QueryFragment<diesel::pg::Pg> + QueryId + Send + 'static,
    S: ExecuteDsl<&'a AsyncPgConnection>,
{
    Box::pin(async move { ExecuteDsl::execute(statement, &mut conn).await.map_err(Into::into) })
}
