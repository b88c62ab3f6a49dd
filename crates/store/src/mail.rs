//! What a mail to a member of staff is made of.

use baton_domain::id::{TicketId, UserId};
use baton_domain::mail::Language;
use baton_domain::notification::NotificationKind;
use baton_domain::ticket::Priority;
use diesel::Queryable;

use crate::Tx;
use crate::error::Result;
use crate::statement::{sql, statement};

/// Whom to write to, and of which ticket, as they stand now.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Subject {
    /// The recipient's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The organisation's name.
    pub organization: String,
    /// The organisation's language.
    pub language: Language,
    /// The ticket's number.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Who asks.
    pub requester: String,
    /// The team's name.
    pub team: String,
}

statement! {
    /// A recipient and a ticket, if both are still there.
    Find { recipient: UserId, ticket: TicketId } -> (
        sql::Text, sql::Text, sql::Text, sql::Text, sql::BigInt, sql::Text, sql::Text, sql::Text, sql::Text
    )
    "select u.name, u.email, o.name, o.language, t.number, t.subject, t.priority, r.name, m.name
     from users u
        join organizations o on o.id = u.org_id
        join tickets t on t.org_id = u.org_id and t.id = " [ticket: sql::Uuid] " and t.deleted_at is null
        join users r on r.org_id = t.org_id and r.id = t.requester_id
        join teams m on m.org_id = t.org_id and m.id = t.team_id
     where u.id = " [recipient: sql::Uuid] " and u.disabled_at is null and u.role <> 'customer'"
}

/// Whom to write to and of what; `None` if they work here no more or the ticket is gone.
pub async fn subject(tx: &Tx, recipient: UserId, ticket: TicketId) -> Result<Option<Subject>> {
    tx.row(Find { recipient, ticket }).await
}

/// An organisation's own texts for a kind of mail, as templates.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Template {
    /// The subject line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

statement! {
    /// An organisation's own texts.
    FindTemplate { kind: NotificationKind, language: Language } -> (sql::Text, sql::Text, sql::Text)
    "select subject, body_text, body_html from mail_templates where kind = " [kind: sql::Text] " and language = "
    [language: sql::Text]
}

/// The organisation's own texts for a kind of mail in a language, if it has any.
pub async fn template(tx: &Tx, kind: NotificationKind, language: Language) -> Result<Option<Template>> {
    tx.row(FindTemplate { kind, language }).await
}
