//! A Postgres that one test has to itself, to be killed and frozen.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use baton_testkit::{PostgresServer, Purpose};

use super::replica::leash;
use super::stack::own_folder;

/// The server. What takes time happens beside the test, so that traffic goes on.
#[derive(Debug)]
pub(crate) struct Postgres {
    server: Arc<Mutex<PostgresServer>>,
    folder: PathBuf,
}

impl Postgres {
    /// Starts one, with nothing in it.
    pub(crate) async fn start() -> Self {
        let folder = own_folder("postgres");
        let place = folder.clone();
        let start = move || PostgresServer::start(&place, "postgres", Purpose::Faults, Some(leash()), &|_| ());
        let server = tokio::task::spawn_blocking(start).await.expect("no panic").expect("Postgres starts");
        Self { server: Arc::new(Mutex::new(server)), folder }
    }

    async fn beside<T: Send + 'static>(&self, what: impl FnOnce(&mut PostgresServer) -> T + Send + 'static) -> T {
        let server = Arc::clone(&self.server);
        let done = move || what(&mut server.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(done).await.expect("no panic")
    }

    /// The administrator's address.
    pub(crate) async fn url(&self) -> String {
        self.beside(|server| server.url()).await
    }

    /// Kills it.
    pub(crate) async fn is_killed(&self) {
        self.beside(PostgresServer::kill).await;
    }

    /// Starts it again; returns when it answers.
    pub(crate) async fn starts(&self) {
        self.beside(PostgresServer::start_again).await.expect("Postgres starts again");
    }

    /// Freezes it.
    pub(crate) async fn freezes(&self) {
        self.beside(|server| server.freeze()).await;
    }

    /// Lets it go on.
    pub(crate) async fn thaws(&self) {
        self.beside(|server| server.thaw()).await;
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.thaw();
        server.kill();
        if !std::thread::panicking() {
            let _nobody_needs_it = PostgresServer::erase(&self.folder);
        }
    }
}
