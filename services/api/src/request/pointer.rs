//! From where a reader stumbled to a JSON pointer (RFC 6901).

use serde::de::Error as _;
use serde_path_to_error::Segment;

use crate::problem::Failure;

/// The refusal of an input that is well-formed but not what is wanted.
pub(crate) fn refusal(path: &serde_path_to_error::Path, message: &str) -> Failure {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => push(&mut pointer, key),
            Segment::Unknown => {}
        }
    }
    // An unknown or missing member is told of its parent: name the member itself.
    let member = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    if let Some(member) = member
        && pointer.rsplit('/').next() != Some(member)
    {
        push(&mut pointer, member);
    }
    Failure::invalid(&pointer, without_place(message))
}

fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

/// serde_json says where in the text it was; the pointer says it better.
fn without_place(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(text, _)| text)
}

/// Reads a `T` with `read`, and says where it could not.
pub(crate) fn tracked<'de, D, T>(deserializer: D) -> Result<T, Failure>
where
    D: serde::Deserializer<'de>,
    D::Error: std::fmt::Display,
    T: serde::Deserialize<'de>,
{
    serde_path_to_error::deserialize(deserializer).map_err(|error| refusal(error.path(), &error.inner().to_string()))
}

/// The error of readers that have no text of their own.
pub(crate) fn custom(text: &str) -> serde::de::value::Error {
    serde::de::value::Error::custom(text)
}
