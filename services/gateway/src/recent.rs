//! The last few of something, to look one up.

use std::collections::{HashSet, VecDeque};
use std::hash::Hash;

/// Remembers the last `most` values it was given.
#[derive(Debug)]
pub(crate) struct Recent<T> {
    most: usize,
    order: VecDeque<T>,
    known: HashSet<T>,
}

impl<T: Copy + Eq + Hash> Recent<T> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, order: VecDeque::new(), known: HashSet::new() }
    }

    pub(crate) fn put(&mut self, value: T) {
        if !self.known.insert(value) {
            return;
        }
        self.order.push_back(value);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    pub(crate) fn has(&self, value: T) -> bool {
        self.known.contains(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut recent = Recent::new(2);
        for value in [1, 2, 2, 3] {
            recent.put(value);
        }
        assert!(!recent.has(1) && recent.has(2) && recent.has(3));
    }
}
