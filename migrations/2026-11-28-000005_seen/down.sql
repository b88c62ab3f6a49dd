alter table workers drop column figures;

delete from feed where event_id is null;
alter table feed
    drop constraint feed_of_event_or_canary,
    alter column org_id set not null,
    alter column event_id set not null;
