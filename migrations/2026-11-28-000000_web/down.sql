drop index assignments_of_team, tickets_unanswered;
