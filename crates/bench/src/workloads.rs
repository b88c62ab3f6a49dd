//! The workloads of design/performance.md.

pub(crate) mod assign;
pub(crate) mod burst;
pub(crate) mod demo;
pub(crate) mod fan_out;
pub(crate) mod idle;
pub(crate) mod post;
pub(crate) mod stalled;
pub(crate) mod storm;
