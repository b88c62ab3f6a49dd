//! Tasks: the one place where they are spawned.

use std::error::Error;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::metrics::PANICS;

/// Runs a future as a task of its own, in a span of its name that begins a trace. A panic in it is logged and counted, and whoever
/// joins it sees it; nothing else notices, so what must go on belongs into [`crate::loops`].
///
/// Wants a running tokio. `name` is a metric's label: one of a few in the code.
pub fn spawn<T, F>(name: &'static str, future: F) -> JoinHandle<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let panics = PANICS.with_label_values(&[name]);
    let guarded = async move {
        match AssertUnwindSafe(future).catch_unwind().await {
            Ok(value) => value,
            Err(panic) => {
                panics.inc();
                tracing::error!(task = name, panic = panic_text(&*panic), "a task panicked");
                std::panic::resume_unwind(panic)
            }
        }
    };
    #[expect(clippy::disallowed_methods, reason = "this is the one place: named, instrumented, panics told")]
    tokio::spawn(guarded.instrument(tracing::info_span!(parent: None, "task", task = name)))
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no text)")
}

/// An error with everything that led to it, as one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        // Many errors already say what their source says.
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = cause.source();
    }
    line
}
