//! Cursors: where a reader stopped, opaque to them.
//!
//! A cursor is no secret and no proof: whatever comes back is checked like any other input.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The form in which cursors are written now; an older form would be told by another number.
const VERSION: u8 = 1;
/// Longest cursor that is looked at, in characters.
const MAX_CHARS: usize = 1_024;

/// A text that is no cursor, or one of another list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCursor {
    /// Not one of ours.
    #[error("is not a cursor that this API gave out")]
    Unreadable,
    /// Ours, but of a list with other filters or another sort.
    #[error("belongs to a list with other filters or another sort; start again without a cursor")]
    OtherList,
}

fn encode(bytes: &[u8]) -> String {
    let mut versioned = Vec::with_capacity(bytes.len() + 1);
    versioned.push(VERSION);
    versioned.extend_from_slice(bytes);
    URL_SAFE_NO_PAD.encode(versioned)
}

fn decode(text: &str) -> Result<Vec<u8>, BadCursor> {
    if text.len() > MAX_CHARS {
        return Err(BadCursor::Unreadable);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor::Unreadable)?;
    match bytes.split_first() {
        Some((&VERSION, rest)) => Ok(rest.to_vec()),
        _ => Err(BadCursor::Unreadable),
    }
}

/// How far the feed of events was heard: the position of the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedCursor(pub i64);

impl std::fmt::Display for FeedCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&encode(&self.0.to_be_bytes()))
    }
}

impl std::str::FromStr for FeedCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let bytes = <[u8; 8]>::try_from(decode(text)?).map_err(|_| BadCursor::Unreadable)?;
        let position = i64::from_be_bytes(bytes);
        if position < 0 { Err(BadCursor::Unreadable) } else { Ok(Self(position)) }
    }
}

/// Which list a cursor belongs to: its name, sort and filters, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOf(String);

impl ListOf {
    /// The list `name`, as `query` (its filters and sort, without limit and cursor) asks for it.
    pub fn new(name: &str, query: &impl std::fmt::Debug) -> Self {
        // FNV-1a: the same in every build, unlike std's hasher. A collision costs an odd page, nothing more.
        let text = format!("{query:?}");
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(format!("{name}.{hash:x}"))
    }

    /// A cursor of this list that goes on after `place`.
    pub fn cursor(&self, place: &impl Serialize) -> String {
        let body = Written { of: &self.0, at: place };
        // A place is made of texts and numbers, which always serialise; an unreadable cursor is refused later.
        encode(&serde_json::to_vec(&body).unwrap_or_default())
    }

    /// The place that a cursor of this list names.
    pub fn place<P: DeserializeOwned>(&self, cursor: &str) -> Result<P, BadCursor> {
        let read: Read = serde_json::from_slice(&decode(cursor)?).map_err(|_| BadCursor::Unreadable)?;
        if read.of != self.0 {
            return Err(BadCursor::OtherList);
        }
        serde_json::from_value(read.at).map_err(|_| BadCursor::Unreadable)
    }
}

#[derive(Serialize)]
struct Written<'a, P> {
    of: &'a str,
    at: &'a P,
}

#[derive(Deserialize)]
struct Read {
    of: String,
    at: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let (one, two) = (ListOf::new("tickets", &("-updated_at", 1)), ListOf::new("tickets", &("priority", 1)));
        let cursor = one.cursor(&("2024-01-01", 7));
        assert_eq!(one.place::<(String, i64)>(&cursor), Ok(("2024-01-01".to_owned(), 7)));
        assert_eq!(two.place::<(String, i64)>(&cursor), Err(BadCursor::OtherList));
        assert_eq!(one.place::<(i64, i64)>(&cursor), Err(BadCursor::Unreadable));
        assert_eq!(one.place::<(i64, i64)>(&FeedCursor(3).to_string()), Err(BadCursor::Unreadable));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "x", "AQ", "!!!!", "0", &"A".repeat(5_000), &FeedCursor(-1).to_string()] {
            assert_eq!(text.parse::<FeedCursor>(), Err(BadCursor::Unreadable), "{text}");
        }
    }

    proptest! {
        #[test]
        fn feed_cursors_come_back(position in 0..i64::MAX) {
            prop_assert_eq!(FeedCursor(position).to_string().parse(), Ok(FeedCursor(position)));
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,60}") {
            let _ = text.parse::<FeedCursor>();
            let _ = ListOf::new("x", &1).place::<i64>(&text);
        }
    }
}
