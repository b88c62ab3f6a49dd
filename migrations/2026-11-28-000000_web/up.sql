-- What a customer waits for an answer to, which is little: the tab "Waiting on me".
create index tickets_unanswered on tickets (org_id, team_id, status, updated_at, id)
    where deleted_at is null and waiting_since is not null;
-- How fast a team's queue moves: its last assignments.
create index assignments_of_team on assignments (org_id, team_id, at) where chosen is not null;
