//! A clock that a test moves by hand.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<Mutex<Timestamp>>);

impl TestClock {
    /// Starts at a round moment.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new("2026-03-02T09:00:00Z".parse().expect("a moment"))))
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        *self.0.lock().expect("nobody panicked with the clock in hand")
    }

    /// Moves it forward.
    pub fn advance(&self, by: SignedDuration) {
        *self.0.lock().expect("nobody panicked with the clock in hand") += by;
    }

    /// The form in which a database takes it.
    pub fn as_clock(&self) -> baton_app::Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}
