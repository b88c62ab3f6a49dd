//! Loopback ports for servers that are about to start.

use std::fs;
use std::net::TcpListener;
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

use crate::{Context, Error, Result, random_hex};

/// Where ports are drawn from; below are those that people remember.
const DRAWN: RangeInclusive<u16> = 10_000..=64_999;
/// The fewest ports worth walking through.
const ENOUGH: usize = 1_000;
/// Where Linux says which ports outgoing connections are given.
const OUTGOING: &str = "/proc/sys/net/ipv4/ip_local_port_range";

/// A loopback port nobody listens on now. It is none of those that the system gives to outgoing
/// connections, one of which could take it before its use, and this process draws it once. Another
/// process may take it still: callers that can must try again with a new one.
pub fn free_port() -> Result<u16> {
    static WALK: Mutex<Option<Walk>> = Mutex::new(None);
    let mut walk = WALK.lock().unwrap_or_else(PoisonError::into_inner);
    let walk = match &mut *walk {
        Some(walk) => walk,
        none => none.insert(Walk::begin(&outgoing_ports(), random_number()?)),
    };
    walk.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).map_or_else(port_of_the_system, Ok)
}

/// A walk through all ports that may be drawn, from a random one on: processes that draw at the same
/// time rarely meet. Each port is passed once.
#[derive(Debug)]
struct Walk {
    ports: Vec<u16>,
    start: usize,
    passed: usize,
}

impl Walk {
    fn begin(outgoing: &RangeInclusive<u16>, random: usize) -> Self {
        let mut ports: Vec<u16> = DRAWN.filter(|port| !outgoing.contains(port)).collect();
        if ports.len() < ENOUGH {
            ports.clear();
        }
        let start = random.checked_rem(ports.len()).unwrap_or_default();
        Self { ports, start, passed: 0 }
    }
}

impl Iterator for Walk {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let (before, after) = self.ports.split_at(self.start);
        let port = after.iter().chain(before).nth(self.passed).copied()?;
        self.passed += 1;
        Some(port)
    }
}

/// The ports of outgoing connections; all of them where the system does not say.
fn outgoing_ports() -> RangeInclusive<u16> {
    let text = fs::read_to_string(OUTGOING).unwrap_or_default();
    let mut bounds = text.split_whitespace().filter_map(|bound| bound.parse().ok());
    match (bounds.next(), bounds.next()) {
        (Some(first), Some(last)) => first..=last,
        _ => 0..=u16::MAX,
    }
}

fn random_number() -> Result<usize> {
    usize::from_str_radix(&random_hex(4)?, 16).map_err(|_| Error::new("a random number is none"))
}

/// Whatever the system gives: the last resort.
fn port_of_the_system() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context(|| "cannot bind to a free port".into())?;
    Ok(listener.local_addr().context(|| "a bound port has no address".into())?.port())
}

/// Whether a server's last words say that somebody else has its port.
#[must_use]
pub fn says_port_is_taken(words: &str) -> bool {
    ["ddress already in use", "ddress in use", "EADDRINUSE"].iter().any(|sign| words.contains(sign))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_port_is_free_drawn_once_and_never_an_outgoing_connections() {
        let taken = TcpListener::bind(("127.0.0.1", free_port().unwrap())).unwrap();
        let drawn: Vec<u16> = (0..50).map(|_| free_port().unwrap()).collect();
        assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), drawn.len());
        assert!(!drawn.contains(&taken.local_addr().unwrap().port()));
        let outgoing = outgoing_ports();
        if outgoing != (0..=u16::MAX) {
            assert!(drawn.iter().all(|port| !outgoing.contains(port)), "{drawn:?} meet {outgoing:?}");
        }
    }

    #[test]
    fn a_walk_passes_every_port_once() {
        let outgoing = 32_768..=60_999;
        let walked: Vec<u16> = Walk::begin(&outgoing, 12_345).collect();
        assert_eq!(walked.first(), Some(&22_345));
        assert_eq!(walked.len(), 22_768 + 4_000);
        assert_eq!(walked.iter().collect::<BTreeSet<_>>().len(), walked.len());
        assert!(!walked.iter().any(|port| outgoing.contains(port)));
    }

    #[test]
    fn where_no_room_is_left_the_system_chooses() {
        assert_eq!(Walk::begin(&(1_024..=65_535), 7).next(), None);
        assert_ne!(port_of_the_system().unwrap(), 0);
    }

    #[test]
    fn last_words_of_those_who_found_their_port_taken() {
        for words in [
            "cannot listen at 127.0.0.1:8080: Address already in use (os error 98)",
            "could not bind IPv4 address \"127.0.0.1\": Address already in use",
            "listen EADDRINUSE: address already in use 127.0.0.1:8082",
            "bind: Address in use",
        ] {
            assert!(says_port_is_taken(words), "{words}");
        }
        assert!(!says_port_is_taken("the settings are wrong"));
    }
}
