//! Being told to end.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::readiness::Readiness;
use crate::tasks::spawn;

/// At the first SIGTERM or SIGINT the process is not ready any more and `shutdown` is cancelled; at the second, what
/// this gives.
pub(super) fn listen(readiness: Readiness, shutdown: CancellationToken) -> std::io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let again = CancellationToken::new();
    let second = again.clone();
    spawn("signals", async move {
        for step in [&shutdown, &second] {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            tracing::info!(signal = name, "told to end");
            readiness.drain();
            step.cancel();
        }
    });
    Ok(again)
}
