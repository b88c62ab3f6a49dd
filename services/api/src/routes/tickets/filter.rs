//! From a list's parameters to a filter.

use baton_app::tickets::{Filter, Key, Sort};
use baton_domain::access::Actor;
use baton_domain::id::TicketId;
use baton_domain::limits::{Checks, SUBJECT_CHARS};
use baton_wire::cursor::ListOf;
use baton_wire::tickets::{AssigneeFilter, SortBy, TicketsQuery};
use jiff::Timestamp;

use crate::problem::Failure;
use crate::routes::place;

/// What `query` asks for when `actor` asks, and the list that its cursors belong to.
pub(super) fn filter(query: TicketsQuery, actor: &Actor) -> Result<(Filter, ListOf), Failure> {
    check(&query, actor)?;
    let (cursor, limit) = (query.cursor.clone(), query.limit.rows());
    let list = ListOf::new("tickets", &TicketsQuery { cursor: None, limit: Default::default(), ..query.clone() });
    let after = place(&list, cursor.as_deref())?.map(|place| key(place, query.sort.by)).transpose()?;
    let person = |filter: &AssigneeFilter| match filter {
        AssigneeFilter::Me => Some(actor.user),
        AssigneeFilter::User(user) => Some(*user),
        AssigneeFilter::Nobody => None,
    };
    let filter = Filter {
        assignees: query.assignee.0.iter().filter_map(person).collect(),
        unassigned: query.assignee.0.contains(&AssigneeFilter::Nobody),
        statuses: query.status.0,
        priorities: query.priority.0,
        teams: query.team.0,
        requesters: query.requester.0,
        tags: query.tag.0,
        queues: query.queue.0,
        unanswered: query.waiting,
        escalated: query.escalated,
        from: query.from,
        to: query.to,
        text: query.q.filter(|text| !text.trim().is_empty()),
        sort: match query.sort.by {
            SortBy::UpdatedAt => Sort::UpdatedAt,
            SortBy::CreatedAt => Sort::CreatedAt,
            SortBy::Priority => Sort::Priority,
            SortBy::SlaDueAt => Sort::SlaDueAt,
            SortBy::WaitingSince => Sort::WaitingSince,
        },
        descending: query.sort.descending,
        after,
        limit,
    };
    Ok((filter, list))
}

/// Most values of one parameter.
const VALUES: usize = 50;

fn check(query: &TicketsQuery, actor: &Actor) -> Result<(), Failure> {
    let mut checks = Checks::new();
    if let Some(text) = &query.q {
        checks.optional_text("/q", text, SUBJECT_CHARS);
    }
    for (pointer, count) in [
        ("/assignee", query.assignee.0.len()),
        ("/team", query.team.0.len()),
        ("/requester", query.requester.0.len()),
        ("/tag", query.tag.0.len()),
    ] {
        checks.require(count <= VALUES, pointer, format!("has {count} values; at most {VALUES} are allowed"));
    }
    for (pointer, texts) in [("/team", &query.team.0), ("/tag", &query.tag.0)] {
        checks.require(!texts.iter().any(|text| text.contains('\0')), pointer, "must not contain the NUL character");
    }
    if !actor.role.is_staff() {
        // A filter or an order by what one may not see would show it.
        let internal = "is for staff";
        checks
            .require(query.tag.0.is_empty(), "/tag", internal)
            .require(query.waiting.is_none(), "/waiting", internal)
            .require(query.escalated.is_none(), "/escalated", internal);
        let visible = !matches!(query.sort.by, SortBy::WaitingSince | SortBy::SlaDueAt);
        checks.require(visible, "/sort", "this order is for staff");
    }
    Ok(checks.finish()?)
}

/// A cursor's place as a key. Its value goes to Postgres as a number or a time, so it must be one.
fn key((value, id): (String, TicketId), sort: SortBy) -> Result<Key, Failure> {
    let good = match sort {
        SortBy::Priority => value.parse::<i16>().is_ok(),
        SortBy::SlaDueAt | SortBy::WaitingSince if value == "infinity" => true,
        _ => value.parse::<Timestamp>().is_ok(),
    };
    if good {
        Ok(Key { value, id })
    } else {
        Err(Failure::invalid("/cursor", "is not a cursor that this API gave out"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_domain::id::{OrgId, SessionId, UserId};
    use baton_domain::user::Role;
    use uuid::Uuid;

    fn actor(role: Role) -> Actor {
        Actor {
            org: OrgId(Uuid::from_u128(1)),
            session: SessionId(Uuid::from_u128(2)),
            user: UserId(Uuid::from_u128(3)),
            name: "Ana".into(),
            email: "ana@example.org".into(),
            role,
            teams: Vec::new(),
        }
    }

    fn place_of(value: &str, sort: SortBy) -> bool {
        key((value.to_owned(), TicketId::from(Uuid::from_u128(1))), sort).is_ok()
    }

    #[test]
    fn a_cursor_holds_what_postgres_can_read() {
        for time in ["2024-05-01 10:00:00+00", "2024-05-01 10:00:00.123456+00", "2024-05-01 12:30:00+02:30"] {
            assert!(place_of(time, SortBy::UpdatedAt), "{time}");
        }
        assert!(place_of("2", SortBy::Priority) && place_of("infinity", SortBy::WaitingSince));
        for (value, sort) in [("x", SortBy::UpdatedAt), ("infinity", SortBy::CreatedAt), ("99999", SortBy::Priority)] {
            assert!(!place_of(value, sort), "{value}");
        }
    }

    #[test]
    fn a_cursor_goes_on_only_with_the_same_filters() {
        let (_, list) = filter(TicketsQuery::default(), &actor(Role::Agent)).unwrap();
        let cursor = list.cursor(&("2024-05-01 10:00:00+00", Uuid::from_u128(1)));
        let again = TicketsQuery { cursor: Some(cursor.clone()), ..TicketsQuery::default() };
        assert!(filter(again, &actor(Role::Agent)).unwrap().0.after.is_some());
        let other = TicketsQuery { cursor: Some(cursor), escalated: Some(true), ..TicketsQuery::default() };
        assert!(filter(other, &actor(Role::Agent)).is_err());
    }

    #[test]
    fn customers_cannot_ask_by_what_they_do_not_see() {
        let by_tag = TicketsQuery { tag: baton_wire::list::Several(vec!["vip".into()]), ..TicketsQuery::default() };
        assert!(filter(by_tag.clone(), &actor(Role::Agent)).is_ok());
        assert!(filter(by_tag, &actor(Role::Customer)).is_err());
        let waiting = TicketsQuery { waiting: Some(true), ..TicketsQuery::default() };
        assert!(filter(waiting.clone(), &actor(Role::Agent)).is_ok());
        assert!(filter(waiting, &actor(Role::Customer)).is_err());
    }
}
