//! What handlers work with.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use baton_app::Db;
use baton_app::identity::{Identity, Keys};
use baton_app::passwords::Passwords;
use baton_live::Redis;
use baton_live::limits::Limits;
use tokio_util::sync::CancellationToken;

use crate::client::{Proxies, UnknownNetwork};
use crate::document::Document;
use crate::intake::Intake;
use crate::limits::ALL;
use crate::problem::Failure;

/// What the service is made of.
pub struct Setup {
    /// For what workers share: sign-ins and the readiness check.
    pub db: Db,
    /// One for each worker.
    pub pools: Vec<Db>,
    /// The keys under which tokens are made.
    pub keys: Keys,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Counts requests, and keeps messages while Postgres is away.
    pub redis: Redis,
    /// Origins of browsers that are answered, besides the service's own.
    pub allowed_origins: Vec<String>,
    /// Addresses or networks of proxies whose `X-Forwarded-…` is believed.
    pub trusted_proxies: Vec<String>,
}

/// What all workers share.
pub(crate) struct Shared {
    pub(crate) identity: Identity,
    pub(crate) limits: Limits,
    pub(crate) intake: Intake,
    pub(crate) proxies: Proxies,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) shutdown: CancellationToken,
    pub(crate) document: Document,
}

/// What a worker has.
#[derive(Clone)]
pub(crate) struct State {
    /// The worker's own way to Postgres.
    pub(crate) db: Db,
    pub(crate) shared: Arc<Shared>,
}

impl std::ops::Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// A worker's state as handlers take it.
pub(crate) type Api = web::Data<State>;

impl State {
    /// The state of the worker that serves a request.
    pub(crate) fn of(request: &HttpRequest) -> Result<Api, Failure> {
        let state = request.app_data::<Api>().cloned();
        state.ok_or_else(|| baton_app::Error::Internal("a worker without state".to_owned()).into())
    }
}

impl Setup {
    /// A state for each worker.
    pub(crate) fn states(self, shutdown: CancellationToken) -> Result<Vec<State>, UnknownNetwork> {
        let shared = Arc::new(Shared {
            identity: Identity::new(self.db, self.keys, self.passwords),
            limits: Limits::new(&self.redis, &ALL),
            intake: Intake::new(self.redis),
            proxies: Proxies::new(&self.trusted_proxies)?,
            allowed_origins: self.allowed_origins,
            shutdown,
            document: Document::new(),
        });
        Ok(self.pools.into_iter().map(|db| State { db, shared: Arc::clone(&shared) }).collect())
    }
}
