//! Wakes between processes: the pump that sends them after commits, and the board on which they arrive for loops.
//!
//! A wake only saves waiting. Whatever is lost here is found by the loops' own sweeps.

mod board;
mod pump;

pub use board::{Look, QueueWatch, WakeBoard};
pub use pump::{WakePump, WakeSink};
