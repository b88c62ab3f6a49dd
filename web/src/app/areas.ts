/** The files of words that the agent app uses; the first is what `t` looks in when no area is named. */
export const AREAS = ["app", "inbox", "thread", "ticket", "queues", "jobs", "words", "signin"] as const;
