//! A Redis of the test's own that can be killed and started again on the same port.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use baton_live::Redis;

/// How long anything may take before a test gives up on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Server {
    pub(crate) port: u16,
    dir: PathBuf,
    child: Option<Child>,
}

impl Server {
    /// A running Redis on a free port.
    pub(crate) async fn start() -> Self {
        let mut server = Self::away();
        server.run().await;
        server
    }

    /// A free port on which no Redis runs yet.
    pub(crate) fn away() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let dir = std::env::temp_dir().join(format!("baton-live-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self { port, dir, child: None }
    }

    /// Starts it (empty: nothing is saved) and waits until it answers.
    pub(crate) async fn run(&mut self) {
        let child = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .arg("--dir")
            .arg(&self.dir)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        let redis = self.redis();
        let deadline = Instant::now() + PATIENCE;
        while redis.ping().await.is_err() {
            assert!(Instant::now() < deadline, "redis-server does not answer");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn redis(&self) -> Redis {
        Redis::new(&format!("redis://127.0.0.1:{}", self.port)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
