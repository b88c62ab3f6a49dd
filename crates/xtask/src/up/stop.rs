use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_servers::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether somebody asked this process to end.
#[derive(Debug, Clone)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens to Ctrl-C and SIGTERM. Not to SIGHUP, which `nohup` must be able to silence: a terminal
    /// that closes kills this process, and the leash stops the rest. To be asked twice changes nothing:
    /// `timeout` and terminals do so by themselves, and every wait while stopping has a bound.
    pub(super) fn listen() -> Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            flag::register(signal, Arc::clone(&asked)).context(|| "cannot listen to signals".into())?;
        }
        Ok(Self(asked))
    }

    pub(super) fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
