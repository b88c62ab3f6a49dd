//! The handle to Redis that everything else here is made from.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::{TcpSettings, socket2::TcpKeepalive};
use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, IntoConnectionInfo, Pipeline, RedisResult, ScriptInvocation,
};
use tokio::sync::OnceCell;

use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::metrics::{self, SECONDS};

/// How long Redis may take to accept a connection.
pub(crate) const CONNECT_WITHIN: Duration = Duration::from_millis(500);
/// How long Redis may take to answer a command.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);
/// How long a command may take with everything: connecting, asking, asking again.
const DONE_WITHIN: Duration = Duration::from_millis(1500);
/// How long a peer that fell silent (no RST: a cut cable, a paused host) is believed to be there.
const BELIEVED_FOR: Duration = Duration::from_secs(5);

/// A Redis that may be away. Cheap to clone; all clones share one connection for commands, made at the first
/// command and again whenever it is lost. Followers and listeners bring connections of their own.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    keys: Keys,
    // Not made in `new`: the manager wants a running tokio, and `new` should not.
    manager: Arc<OnceCell<ConnectionManager>>,
}

impl Redis {
    /// A handle to the Redis at `url` (`redis://[user:password@]host:port/db`), names below
    /// [`Keys::DEFAULT_PREFIX`]. Connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::Address`] when `url` is not an address of a Redis.
    pub fn new(url: &str) -> Result<Self> {
        let keepalive = TcpKeepalive::new().with_time(BELIEVED_FOR).with_interval(Duration::from_secs(1));
        let tcp = TcpSettings::default().set_nodelay(true).set_keepalive(keepalive).set_user_timeout(BELIEVED_FOR);
        metrics::show();
        let info = url.into_connection_info().map_err(Error::Address)?.set_tcp_settings(tcp);
        let client = Client::open(info).map_err(Error::Address)?;
        Ok(Self { client, keys: Keys::default(), manager: Arc::default() })
    }

    /// The same Redis with its names below `prefix`.
    #[must_use]
    pub fn with_prefix(mut self, prefix: &str) -> Self {
        self.keys = Keys::new(prefix);
        self
    }

    /// The names this handle uses.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Asks Redis whether it is there.
    ///
    /// # Errors
    /// When it is not, within a second and a half.
    pub async fn ping(&self) -> Result<()> {
        self.ask(&redis::cmd("PING")).await
    }

    /// Runs an idempotent question, twice if the connection fails it: the first command after a drop always
    /// fails, since the manager notices a lost connection by it.
    pub(crate) async fn ask<T: FromRedisValue + Send>(&self, question: &impl Question) -> Result<T> {
        let twice = async {
            match question.put(self.manager().await?).await.map_err(Error::from) {
                Err(error) if error.is_passing() => Ok(question.put(self.manager().await?).await?),
                answer => answer,
            }
        };
        let began = Instant::now();
        let answer = tokio::time::timeout(DONE_WITHIN, twice).await.unwrap_or(Err(Error::Slow(DONE_WITHIN)));
        let outcome = if answer.is_ok() { "ok" } else { "failed" };
        SECONDS.with_label_values(&[outcome]).observe(began.elapsed().as_secs_f64());
        answer
    }

    async fn manager(&self) -> Result<ConnectionManager> {
        let make = async || {
            let config = ConnectionManagerConfig::new()
                .set_connection_timeout(Some(CONNECT_WITHIN))
                .set_response_timeout(Some(ANSWER_WITHIN))
                .set_number_of_retries(1)
                .set_min_delay(Duration::from_millis(50))
                .set_max_delay(Duration::from_millis(100))
                .set_pipeline_buffer_size(1024);
            ConnectionManager::new_lazy_with_config(self.client.clone(), config)
        };
        Ok(self.manager.get_or_try_init(make).await?.clone())
    }

    /// A connection of its own that may be blocked: answers are waited for as long as the caller does.
    pub(crate) async fn blocking_connection(&self) -> Result<redis::aio::MultiplexedConnection> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_WITHIN)).set_response_timeout(None);
        Ok(self.client.get_multiplexed_async_connection_with_config(&config).await?)
    }

    /// A connection of its own that hears `channel`.
    pub(crate) async fn subscribe(&self, channel: &str) -> Result<redis::aio::PubSub> {
        let subscribed = async {
            let mut pubsub = self.client.get_async_pubsub().await?;
            pubsub.subscribe(channel).await?;
            Ok(pubsub)
        };
        // This connection has no timeouts of its own.
        let within = CONNECT_WITHIN + ANSWER_WITHIN;
        tokio::time::timeout(within, subscribed).await.unwrap_or(Err(Error::Slow(within)))
    }

    /// Tells `channel` a message; whoever is away does not hear it.
    pub(crate) async fn publish(&self, channel: &str, message: &str) -> Result<()> {
        self.ask(redis::cmd("PUBLISH").arg(channel).arg(message)).await
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may carry a password.
        f.debug_struct("Redis").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// What Redis can be asked, and asked again. A trait rather than a closure: futures of async closures that borrow
/// fail `Send` in spawned tasks.
pub(crate) trait Question: Sync {
    fn put<T: FromRedisValue + Send>(
        &self,
        connection: ConnectionManager,
    ) -> impl Future<Output = RedisResult<T>> + Send;
}

impl Question for Cmd {
    async fn put<T: FromRedisValue + Send>(&self, mut connection: ConnectionManager) -> RedisResult<T> {
        self.query_async(&mut connection).await
    }
}

impl Question for Pipeline {
    async fn put<T: FromRedisValue + Send>(&self, mut connection: ConnectionManager) -> RedisResult<T> {
        self.query_async(&mut connection).await
    }
}

impl Question for ScriptInvocation<'_> {
    async fn put<T: FromRedisValue + Send>(&self, mut connection: ConnectionManager) -> RedisResult<T> {
        self.invoke_async(&mut connection).await
    }
}
