import type { Schemas } from "@/api/client";
import type { Ephemeral } from "@/live/events";

type Queue = Schemas["Queue"];

/**
 * The queues, read `ageSeconds` ago, after something that passed by: how one stands, or who came and went. How long the
 * oldest has waited is kept as of when they were read.
 */
export function patched<N extends keyof Ephemeral>(queues: Queue[], name: N, payload: Ephemeral[N], ageSeconds: number): Queue[] {
  if (name === "queue:changed") {
    const { team_id, waiting, oldest_waiting_seconds } = payload as Ephemeral["queue:changed"];
    if (team_id === undefined || waiting === undefined) return queues;
    const oldest = oldest_waiting_seconds == null ? null : oldest_waiting_seconds - ageSeconds;
    return queues.map((queue) => (queue.team.id === team_id ? { ...queue, waiting, oldest_waiting_seconds: oldest } : queue));
  }
  if (name !== "presence:changed") return queues;
  const { user_id, availability, available } = payload as Ephemeral["presence:changed"];
  return queues.map((queue) => withPerson(queue, user_id, { availability: availability as Schemas["Availability"], available }));
}

function withPerson(queue: Queue, id: string, change: Pick<Schemas["QueuePerson"], "availability" | "available">): Queue {
  if (!queue.people.some(({ user }) => user.id === id)) return queue;
  const people = queue.people.map((person) => (person.user.id === id ? { ...person, ...change } : person));
  const there = people.filter(({ available }) => available);
  const free = there.reduce((sum, { units_limit, units_used }) => sum + Math.max(0, units_limit - units_used), 0);
  return { ...queue, people, online: there.length, units_free: free };
}
