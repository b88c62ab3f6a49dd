//! Our statements as a pgbench script, so that the service can be measured against Postgres itself.
//!
//! pgbench sends one statement and waits for its answer; the service sends the same ones in two flights. What the
//! script adds to the statements is where their values come from: columns behind the clock's, and `\gset`.

use baton_app::migrations::StatementsOfAPost;
use baton_domain::conversation::{Counters, Message, MessageKind};
use baton_domain::event::{By, Fact, MessageEffect, message_rooms};
use baton_domain::id::{ConversationId, OrgId, UserId};
use baton_domain::user::{Person, Role};
use uuid::Uuid;

/// What every message says; the bench's own have this length.
const BODY: &str = "I have looked into it: the invoice of last month was sent twice, and the second one is cancelled \
                    now. You need not do anything.";

/// Who posts, and where to.
#[derive(Debug)]
pub(crate) struct Posts {
    /// The organisation.
    pub(crate) org: OrgId,
    /// A member of its staff.
    pub(crate) author: UserId,
    /// Conversations of theirs.
    pub(crate) conversations: Vec<ConversationId>,
}

/// One posted message as pgbench runs it with `-M prepared`; without row-level security for a login whom it does not
/// touch, which then says the organisation in every condition.
///
/// # Errors
/// When a statement wants a value or has no condition that this knows of.
pub(crate) fn script(statements: &StatementsOfAPost, posts: &Posts, without_rls: bool) -> Result<String, String> {
    if posts.conversations.is_empty() {
        return Err("name at least one conversation".to_owned());
    }
    let values = values(posts);
    let of_lock = [("id", ":conversation::uuid".to_owned()), ("org", quoted(&posts.org.to_string()))];
    let filled = |statement: &str, values: &[(&str, String)]| -> Result<String, String> {
        let text = if without_rls { scoped(statement)? } else { statement.to_owned() };
        fill(&text, values)
    };
    let conversations: Vec<String> = posts.conversations.iter().map(ToString::to_string).collect();
    let [by, data, rooms] = event_texts()?;
    let lines = [
        "-- pgbench -n -M prepared -D n=0 -D run=$(date +%s | tail -c 9) -c 8 -j 2 -T 20 -f …".to_owned(),
        "\\set n :n + 1".to_owned(),
        "\\if :n = 1".to_owned(),
        format!(
            "select {} as body, {by} as by, {data} as data, {rooms} as rooms, 'message' || chr(58) || 'created' as type \\gset",
            quoted(BODY)
        ),
        "\\endif".to_owned(),
        format!("\\set c random(1, {})", conversations.len()),
        "\\set client 1000 + :client_id".to_owned(),
        "\\set m 100000000000 + :n".to_owned(),
        "begin;".to_owned(),
        format!(
            "{}, ({}::text[])[:c] as conversation \\gset",
            fill(&statements.scope, &values)?,
            quoted(&format!("{{{}}}", conversations.join(",")))
        ),
        format!("{} \\gset", filled(&statements.lock, &of_lock)?),
        "\\set seq :last_seq + 1".to_owned(),
        "\\set public_seq :last_public_seq + 1".to_owned(),
        format!("{};", filled(&statements.load, &values)?),
        format!("{};", filled(&statements.by_sender, &values)?),
        format!("{};", filled(&statements.save, &values)?),
        "commit;".to_owned(),
    ];
    Ok(lines.join("\n") + "\n")
}

/// What stands for each value of the statements.
fn values(posts: &Posts) -> Vec<(&'static str, String)> {
    let org = quoted(&posts.org.to_string());
    let id = |kind: &str| format!("(:run || '-' || :client || '-{kind}-8000-' || :m)::uuid");
    let now = ":now::timestamptz".to_owned();
    let conversation = ":conversation::uuid".to_owned();
    vec![
        ("org", org),
        ("ids", "array[:conversation]::uuid[]".to_owned()),
        ("conversation", conversation),
        ("author", quoted(&posts.author.to_string())),
        ("client_id", "(:run || '-' || :client || '-' || :m)".to_owned()),
        ("seq", ":seq::bigint".to_owned()),
        ("public_seq", ":public_seq::bigint".to_owned()),
        ("preview", ":body::text".to_owned()),
        ("id", id("7000")),
        ("kind", "'reply'".to_owned()),
        ("body", ":body::text".to_owned()),
        ("message_at", now.clone()),
        ("reply_at", now.clone()),
        ("updated_at", now.clone()),
        ("public_updated_at", now),
        ("waiting_since", "null::timestamptz".to_owned()),
        ("event", id("7001")),
        ("event_type", ":type::text".to_owned()),
        ("rooms", ":rooms::text[]".to_owned()),
        ("by", ":by::jsonb".to_owned()),
        ("data", ":data::jsonb".to_owned()),
        ("trace", "null::text".to_owned()),
    ]
}

/// `by`, `data` and `rooms` of an event as large as a real one, which nobody hears.
fn event_texts() -> Result<[String; 3], String> {
    let nil = ConversationId(Uuid::nil());
    let author = Person { id: UserId(nil.0), name: "A member of the staff".to_owned(), email: None, role: Role::Agent };
    let message = Message {
        id: nil.0.into(),
        conversation_id: nil,
        counters: Counters { seq: 1, public_seq: 1 },
        kind: MessageKind::Reply,
        body: BODY.to_owned(),
        author: author.clone(),
        client_id: Some("12345678-1000-100000000000".to_owned()),
        created_at: "2026-01-01T00:00:00.123456Z".parse().map_err(|_| "a constant time cannot be read")?,
    };
    let place = baton_domain::access::TicketPlace { team: nil.0.into(), assignee: None, requester: author.id };
    let rooms: Vec<String> =
        message_rooms(OrgId(nil.0), nil, &place, MessageKind::Reply).iter().map(ToString::to_string).collect();
    let effect = MessageEffect { preview: BODY.to_owned(), waiting_since: None };
    let fact = serde_json::to_value(Fact::MessageCreated { message: Box::new(message), effect });
    let data = fact.map_err(|error| error.to_string())?.get("data").cloned().unwrap_or_default();
    let by = By::User { id: author.id, name: author.name, role: author.role };
    let by = serde_json::to_string(&by).map_err(|error| error.to_string())?;
    Ok([quoted(&by), quoted(&data.to_string()), quoted(&format!("{{{}}}", rooms.join(",")))])
}

/// A literal. pgbench takes `:name` for a variable inside quotes as well, so that no colon may stand there.
fn quoted(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a"))
}

/// Puts each value in its place.
fn fill(statement: &str, values: &[(&str, String)]) -> Result<String, String> {
    let mut parts = statement.split("${");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (field, rest) = part.split_once('}').ok_or_else(|| format!("a value without an end: {part}"))?;
        let (_, value) =
            values.iter().find(|(name, _)| *name == field).ok_or_else(|| format!("no value for `{field}`"))?;
        text += value;
        text += rest;
    }
    Ok(text)
}

/// The statement with the organisation in every condition, where a policy would put it.
fn scoped(statement: &str) -> Result<String, String> {
    let text = statement
        .replace("where id = ", "where org_id = ${org} and id = ")
        .replace("where m.conversation_id = ", "where m.org_id = ${org} and m.conversation_id = ");
    if text == statement { Err(format!("no condition was found in: {statement}")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_app::migrations::statements_of_a_post;

    fn posts() -> Posts {
        let id = Uuid::from_u128;
        Posts { org: id(1).into(), author: id(2).into(), conversations: vec![id(3).into(), id(4).into()] }
    }

    #[test]
    fn every_value_has_its_place() {
        for without_rls in [false, true] {
            let script = script(&statements_of_a_post(), &posts(), without_rls).unwrap();
            assert!(!script.contains("${"), "{script}");
            assert_eq!(script.lines().filter(|line| line.ends_with(';') || line.ends_with("\\gset")).count(), 8);
            assert_eq!(script.contains("and m.conversation_id"), without_rls);
        }
    }

    #[test]
    fn colons_stay_out_of_literals() {
        assert_eq!(quoted("a:b 'c' \\"), "E'a\\x3ab ''c'' \\\\'");
    }

    #[test]
    fn nobody_posts_nowhere() {
        let nowhere = Posts { conversations: Vec::new(), ..posts() };
        assert!(script(&statements_of_a_post(), &nowhere, false).is_err());
    }
}
