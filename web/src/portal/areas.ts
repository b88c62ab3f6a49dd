/** The files of words that the portal uses; the first is what `t` looks in when no area is named. */
export const AREAS = ["portal", "thread", "signin"] as const;
