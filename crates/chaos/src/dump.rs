//! The final look into the tables, as records.

use baton_testkit::{SmtpServer, admin};

use crate::Result;
use crate::history::{Letter, Record, Recorder, Settled};

/// What notes each committed end of a job. It is the run's own database: Baton knows nothing of it.
const LEDGER: &str = "
    create table chaos_job_ends (job uuid not null, was text not null);
    create function chaos_note_job_end() returns trigger language plpgsql security definer as $$
    begin
        insert into public.chaos_job_ends values (new.id, old.state);
        return null;
    end $$;
    create trigger chaos_job_ends after update on jobs for each row when (new.state = 'done')
        execute function chaos_note_job_end();
";

/// A Postgres that is killed forgets how much there is to vacuum; killed oftener than it looks, by default once a
/// minute, it never would.
const VACUUM: &[&str] = &["alter system set autovacuum_naptime = '5s'", "select pg_reload_conf()"];

/// Has the database note what its tables do not keep, and tidy up in time.
pub(crate) async fn prepare(url: &str) -> Result<()> {
    for statement in VACUUM {
        admin::run(url, statement).await?;
    }
    Ok(admin::run(url, LEDGER).await?)
}

/// What has not ended yet, in words; `None` when all has.
const OPEN: &str = "
    select string_agg(what, ', ') as line from (
        select count(*) || ' events without a place' as what from outbox having count(*) > 0
        union all select count(*) || ' jobs ' || state from jobs where state in ('ready', 'running') group by state
        union all select count(*) || ' clocks due' from sla_clocks where fire_at < now() + interval '10 seconds'
            having count(*) > 0) open
    having count(*) > 0";

/// What has not ended yet.
pub(crate) async fn open(url: &str) -> Result<Option<String>> {
    Ok(admin::lines(url, OPEN).await?.pop())
}

/// The head of the feed, and how many events wait for a place.
pub(crate) async fn head(url: &str) -> Result<(i64, i64)> {
    let number =
        async |query: &str| -> Result<i64> { Ok(admin::lines(url, query).await?.pop().ok_or("no row")?.parse()?) };
    let head = number("select position::text as line from feed_head").await?;
    Ok((head, number("select count(*)::text as line from outbox").await?))
}

/// Microseconds since 1970 less those of the run's beginning.
fn time(of: &str, began: i64) -> String {
    format!("(extract(epoch from {of}) * 1000000)::bigint - {began}")
}

/// What becomes of each row of what. Canaries go on all the time: only those up to `head` are of the run.
fn queries(began: i64, head: i64) -> Vec<(String, String)> {
    let time = |of: &str| time(of, began);
    vec![
        ("json_build_object('is', 'message', 'id', id, 'conversation', conversation_id, 'seq', seq, 'public_seq',
            public_seq, 'kind', kind, 'body', body, 'author', author_id, 'client_id', client_id)".to_owned(), "messages".to_owned()),
        (format!(
            "json_build_object('is', 'event', 'id', e.id, 'position', f.position, 'kind', e.type, 'at', {at},
                'rooms', to_json(e.rooms), 'by', coalesce(e.by->>'id', e.by->>'name'),
                'conversation', e.conversation_id,
                'message', case when e.type = 'message:created' then e.data->'message'->>'id' end,
                'ticket', case when e.type in ('ticket:created', 'ticket:updated', 'ticket:assigned',
                        'ticket:unassigned', 'ticket:escalated')
                    then json_build_object('assignee', e.data->'ticket'->'assignee'->>'id',
                        'queue', e.data->'ticket'->>'queue', 'team', e.data->'ticket'->'team'->>'id',
                        'subject', e.data->'ticket'->>'subject') end,
                'clock', case when e.type like 'sla:%' then e.data->'clock'->>'id' end,
                'due_at', case when e.type like 'sla:%' then {due} end)",
            at = time("e.at"),
            due = time("(e.data->'clock'->>'due_at')::timestamptz"),
        ), "events e left join feed f on f.org_id = e.org_id and f.event_id = e.id order by f.position".to_owned()),
        ("json_build_object('is', 'canary', 'position', position)".to_owned(),
            format!("feed where event_id is null and position <= {head}")),
        ("json_build_object('is', 'conversation', 'id', id, 'last_seq', last_seq, 'last_public_seq', last_public_seq)"
            .to_owned(), "conversations".to_owned()),
        ("json_build_object('is', 'staff', 'id', user_id, 'used', units_used)".to_owned(), "staff".to_owned()),
        ("json_build_object('is', 'decision', 'id', id, 'ticket', ticket_id, 'trigger', trigger, 'chosen', chosen,
            'units_free', (select (c->>'units_free')::bigint from jsonb_array_elements(candidates) c
                where c->>'user_id' = chosen::text))"
            .to_owned(), "assignments".to_owned()),
        (format!(
            "json_build_object('is', 'clock', 'id', id, 'state', state, 'due_at', {due}, 'warned_at', {warned})",
            due = time("due_at"),
            warned = time("warned_at"),
        ), "sla_clocks".to_owned()),
        ("json_build_object('is', 'job', 'id', id, 'key', key, 'state', state, 'attempts', attempts)"
            .to_owned(), "jobs".to_owned()),
        ("json_build_object('is', 'job_end', 'id', job, 'was', was)".to_owned(), "chaos_job_ends".to_owned()),
    ]
}

/// Writes what there is at the end: how it ended, the tables, the letters.
pub(crate) async fn write(url: &str, recorder: &Recorder, open: Option<String>, smtp: &SmtpServer) -> Result<()> {
    let (head, outbox) = head(url).await?;
    recorder.note(&Record::Settled(Settled { at: recorder.now(), head, outbox, open }));
    for (object, rows) in queries(recorder.began_unix(), head) {
        for line in admin::lines(url, &format!("select ({object})::text as line from {rows}")).await? {
            // Read before it is written: a row that is no record must fail here, not in the checker.
            recorder.note(&serde_json::from_str::<Record>(&line).map_err(|error| format!("{error}: {line}"))?);
        }
    }
    for letter in smtp.letters() {
        let message_id = letter.head("Message-ID").unwrap_or_default().trim_matches(['<', '>']).to_owned();
        recorder.note(&Record::Letter(Letter { message_id }));
    }
    Ok(())
}
