//! The order of a socket's requests.
//!
//! socketioxide runs every message in a task of its own, which would let two sends of one socket overtake each other.
//! So a message is put here while it is still in order, and one task at a time answers them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many requests may wait.
const WAITING: usize = 256;

/// What became of a request that was put.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Put<T> {
    /// Nobody is answering: the caller does from here on, until [`Turns::next`] gives nothing.
    Begin,
    /// It will be answered in its turn.
    Waits,
    /// Too many wait already.
    Refused(T),
}

/// Requests that wait for their turn.
#[derive(Debug)]
pub(crate) struct Turns<T>(Mutex<State<T>>);

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    answering: bool,
}

impl<T> Turns<T> {
    /// Begins as if somebody were answering: the first requests wait until the socket has been welcomed.
    pub(crate) fn begun() -> Self {
        Self(Mutex::new(State { waiting: VecDeque::new(), answering: true }))
    }

    pub(crate) fn put(&self, request: T) -> Put<T> {
        let mut state = self.state();
        if state.waiting.len() >= WAITING {
            return Put::Refused(request);
        }
        state.waiting.push_back(request);
        if std::mem::replace(&mut state.answering, true) { Put::Waits } else { Put::Begin }
    }

    /// The next request; with none left, nobody answers any more.
    pub(crate) fn next(&self) -> Option<T> {
        let mut state = self.state();
        let next = state.waiting.pop_front();
        state.answering = next.is_some();
        if next.is_none() {
            // Most sockets are silent most of the time.
            state.waiting.shrink_to_fit();
        }
        next
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answers_at_a_time_and_in_order() {
        let turns = Turns::begun();
        assert_eq!(turns.put(1), Put::Waits);
        assert_eq!(turns.put(2), Put::Waits);
        assert_eq!((turns.next(), turns.next(), turns.next()), (Some(1), Some(2), None));
        assert_eq!(turns.put(3), Put::Begin);
        assert_eq!(turns.put(4), Put::Waits);
        assert_eq!((turns.next(), turns.next(), turns.next()), (Some(3), Some(4), None));
        for request in 0..WAITING {
            assert_ne!(turns.put(request), Put::Refused(request));
        }
        assert_eq!(turns.put(7), Put::Refused(7));
    }
}
