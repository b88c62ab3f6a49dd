import { createStore } from "./store";

/** Whether the API answered when it was last asked, and if it did not, whether it is the database that is away. */
export type Health = "up" | "database" | "down";

export const health = createStore<Health>("up");

/**
 * Takes note of an answer: the API says of itself that it lacks its database, or has kept what it cannot store yet; what a
 * proxy says in its place, that it is down.
 */
export function noteAnswer({ status, headers }: Pick<Response, "status" | "headers">): void {
  const lacks = status === 503 && headers.get("content-type")?.startsWith("application/problem+json") === true;
  if (lacks || status === 202) health.set("database");
  else health.set(status === 502 || status === 503 || status === 504 ? "down" : "up");
}
