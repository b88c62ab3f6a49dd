do $$
declare
    name text;
begin
    for name in select c.relname from pg_class c
        where c.relkind = 'S' and c.relname like 'ticket\_number\_%' loop
        execute format('drop sequence %I', name);
    end loop;
end $$;

drop table idempotency_keys, workers, staff_connections, gateways, assignments, feed_head, feed, outbox, events,
    ticket_tags, tickets, read_marks, messages, conversations, queues, team_members, refresh_tokens, sessions, staff;
alter table organizations drop constraint organizations_id_default_team_id_fkey;
drop table teams, users, organizations;
drop function baton_org_by_slug(text), baton_next_ticket_number(), baton_create_number_sequence(uuid), baton_org();
revoke usage on schema public from baton_app, baton_system;
revoke select on __diesel_schema_migrations from baton_app, baton_system;
