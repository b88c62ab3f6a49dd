//! Redis: the event stream, wakes, whispers, rate limits and the intake.
//!
//! The only crate that names Redis, and none that may fail because of it: Redis may be away when a process
//! starts and vanish at any time. Nothing here holds a truth; what is lost is found again in Postgres, and every
//! connection comes back by itself.

mod error;
pub mod intake;
mod keys;
pub mod limits;
mod metrics;
mod redis;
pub mod stream;
mod subscription;
pub mod wake;
pub mod whisper;

pub use error::{Error, Result};
pub use keys::Keys;
pub use redis::Redis;
