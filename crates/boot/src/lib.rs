//! How a process of Baton starts, reports and stops.
//!
//! The only crate that reads the environment and knows OpenTelemetry. A service is a `run` function given to
//! [`process::main`]; what it needs of the world is in the [`process::Process`] that `run` is handed.

pub mod loops;
mod metrics;
mod operations;
pub mod process;
pub mod readiness;
pub mod settings;
pub mod tasks;
mod telemetry;
pub mod trace;
pub mod wakes;

pub use mimalloc::MiMalloc;
pub use process::{BoxError, Process, Service};
pub use readiness::Readiness;
pub use secrecy::{ExposeSecret, SecretString};
pub use settings::Settings;

/// Sets the allocator of a service. Rust wants it in the binary itself: once, at the top of `main.rs`.
#[macro_export]
macro_rules! allocator {
    () => {
        #[global_allocator]
        static ALLOCATOR: $crate::MiMalloc = $crate::MiMalloc;
    };
}
