/**
 * The files of words that the agent app uses from the start, the others come with their pages (`router.tsx`); the first
 * is what `t` looks in when no area is named.
 */
export const AREAS = ["app", "inbox", "thread", "ticket", "queues", "words", "signin"] as const;
