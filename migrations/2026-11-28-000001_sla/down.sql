drop table notifications, sla_clocks, sla_policies;

update assignments set trigger = 'absence' where trigger = 'escalation';
alter table assignments drop constraint assignments_trigger_check;
alter table assignments add constraint assignments_trigger_check
    check (trigger in ('queue', 'manual', 'claim', 'absence'));

-- The older build knows no events of these types.
delete from feed where event_id in (select id from events where type like 'sla:%' or type like 'notification:%' or type = 'ticket:escalated');
delete from outbox where event_id in (select id from events where type like 'sla:%' or type like 'notification:%' or type = 'ticket:escalated');
delete from events where type like 'sla:%' or type like 'notification:%' or type = 'ticket:escalated';
drop index events_of_ticket;
create index events_of_ticket on events (org_id, conversation_id, id) where type like 'ticket:%';

update tickets set sla_due_at = null where sla_due_at is not null;
