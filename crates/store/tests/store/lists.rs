//! A list is put together from many ways into the table; whatever it is asked, it shows what one plain
//! look at all tickets shows, in that order, page after page.

use baton_domain::access::TicketScope;
use baton_domain::id::TicketId;
use baton_domain::id::UserId;
use baton_domain::ticket::{Priority, QueueState, Status};
use baton_store::tickets::{self, ListQuery, Sort};

use crate::helpdesk::{Helpdesk, SORTS};
use crate::session::Session;

fn any<T: std::fmt::Display>(column: &str, of: &[T]) -> String {
    let list: Vec<_> = of.iter().map(|value| format!("'{value}'")).collect();
    format!("{column} in ({})", list.join(", "))
}

/// The plain look, past every policy and index of the store's own.
async fn plainly(desk: &Helpdesk, owner: &Session, query: &ListQuery) -> Vec<TicketId> {
    let mut wanted = vec![format!("org_id = '{}'", desk.org), "deleted_at is null".to_owned()];
    match &query.scope {
        TicketScope::All => {}
        TicketScope::Teams { teams, user } => {
            wanted.push(format!("({} or assignee_id = '{user}')", any("team_id", teams)));
        }
        TicketScope::Requester(user) => wanted.push(format!("requester_id = '{user}'")),
    }
    if !query.statuses.is_empty() {
        wanted.push(any("status", &query.statuses));
    }
    if !query.priorities.is_empty() {
        wanted.push(any("priority", &query.priorities));
    }
    if !query.teams.is_empty() {
        wanted.push(any("team_id", &query.teams));
    }
    match (query.assignees.is_empty(), query.unassigned) {
        (true, false) => {}
        (true, true) => wanted.push("assignee_id is null".to_owned()),
        (false, false) => wanted.push(any("assignee_id", &query.assignees)),
        (false, true) => wanted.push(format!("({} or assignee_id is null)", any("assignee_id", &query.assignees))),
    }
    if !query.requesters.is_empty() {
        wanted.push(any("requester_id", &query.requesters));
    }
    if !query.queues.is_empty() {
        wanted.push(any("queue_state", &query.queues));
    }
    match query.unanswered {
        Some(true) => wanted.push("waiting_since is not null".to_owned()),
        Some(false) => wanted.push("waiting_since is null".to_owned()),
        None => {}
    }
    if !query.tags.is_empty() {
        let tag = any("tag", &query.tags);
        wanted.push(format!("id in (select ticket_id from ticket_tags g where g.org_id = tickets.org_id and {tag})"));
    }
    let column = match query.sort {
        Sort::UpdatedAt if matches!(query.scope, TicketScope::Requester(_)) => "public_updated_at",
        Sort::UpdatedAt => "updated_at",
        Sort::CreatedAt => "created_at",
        Sort::Priority => "array_position(array['urgent', 'high', 'normal', 'low'], priority)",
        Sort::SlaDueAt => "coalesce(sla_due_at, 'infinity')",
        Sort::WaitingSince => "coalesce(waiting_since, 'infinity')",
    };
    let direction = if query.descending { "desc" } else { "asc" };
    let sql =
        format!("select id from tickets where {} order by {column} {direction}, id {direction}", wanted.join(" and "));
    owner.column(&sql).await.into_iter().map(|id| id.parse().unwrap()).collect()
}

/// More than the inbox asks: filters together, and each alone that the inbox has not.
fn odd_lists(desk: &Helpdesk) -> Vec<(String, ListQuery)> {
    let somebody_else = UserId(uuid::Uuid::from_u128(404));
    let mut lists = Vec::new();
    for (who, scope) in desk.scopes() {
        for (index, sort) in SORTS.into_iter().enumerate() {
            let plain = ListQuery { descending: index % 2 == 0, ..desk.query(scope.clone(), sort) };
            let both = vec![desk.leader, somebody_else];
            for (what, query) in [
                ("mine or nobody's", ListQuery { assignees: vec![desk.leader], unassigned: true, ..plain.clone() }),
                ("of two people", ListQuery { assignees: both.clone(), ..plain.clone() }),
                ("of two people or nobody", ListQuery { assignees: both, unassigned: true, ..plain.clone() }),
                ("of a stranger", ListQuery { assignees: vec![somebody_else], ..plain.clone() }),
                (
                    "mine elsewhere",
                    ListQuery { assignees: vec![desk.leader], teams: desk.teams[2..].to_vec(), ..plain.clone() },
                ),
                ("urgent or low", ListQuery { priorities: vec![Priority::Urgent, Priority::Low], ..plain.clone() }),
                ("handed out", ListQuery { queues: vec![QueueState::Assigned, QueueState::None], ..plain.clone() }),
                ("answered", ListQuery { unanswered: Some(false), ..plain.clone() }),
                ("tagged", ListQuery { tags: vec!["tag-1".into(), "tag-2".into()], ..plain.clone() }),
                ("of a customer", ListQuery { requesters: vec![desk.customer], ..plain.clone() }),
                (
                    "closed, of a team, nobody's",
                    ListQuery {
                        statuses: vec![Status::Closed],
                        teams: vec![desk.teams[0]],
                        unassigned: true,
                        ..plain.clone()
                    },
                ),
            ] {
                lists.push((format!("{who}: {what} by {sort:?}"), query));
            }
        }
    }
    lists
}

#[tokio::test]
async fn every_list_is_what_a_plain_look_shows() {
    let desk = Helpdesk::of(700, 10).await;
    let owner = desk.owner().await;
    owner
        .run(&format!("update tickets set deleted_at = now() where org_id = '{}' and number % 11 = 0", desk.org))
        .await;
    let db = desk.database.app().await;
    let mut empty = 0;
    let mut lists = desk.lists();
    lists.extend(odd_lists(&desk));
    let all = lists.len();
    for (name, mut query) in lists {
        query.limit = 90;
        let expected = plainly(&desk, &owner, &query).await;
        let mut shown = Vec::new();
        let tx = db.begin("pages", desk.org).await.unwrap();
        loop {
            let page = tickets::list(&tx, query.clone()).await.unwrap();
            let full = page.len() as i64 == query.limit;
            query.after = page.last().map(|row| row.key.clone());
            shown.extend(page.into_iter().map(|row| row.seen.ticket.id));
            if !full {
                break;
            }
        }
        tx.commit().await.unwrap();
        empty += usize::from(expected.is_empty());
        let differs = shown.iter().zip(&expected).position(|(shown, expected)| shown != expected);
        let lengths = (shown.len(), expected.len());
        assert!(shown == expected, "{name}: lengths {lengths:?}, the first difference at {differs:?}");
    }
    assert!(empty * 2 < all, "{empty} of {all} lists are empty and show nothing");
}
