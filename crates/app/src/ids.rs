//! Where identifiers are drawn.

/// A fresh UUIDv7 as the id type asked for.
#[expect(clippy::disallowed_methods, reason = "the one place where ids are drawn")]
pub fn new_id<T: From<uuid::Uuid>>() -> T {
    uuid::Uuid::now_v7().into()
}
