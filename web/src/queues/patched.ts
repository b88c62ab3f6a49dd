import type { Schemas } from "@/api/client";
import type { Ephemeral } from "@/live/events";

export interface QueueList {
  items: Schemas["Queue"][];
}

/** The queues after something that passed by: how one stands, or who came and went. */
export function patched<N extends keyof Ephemeral>(list: QueueList, name: N, payload: Ephemeral[N]): QueueList {
  if (name === "queue:changed") {
    const { team_id, waiting, oldest_waiting_seconds } = payload as Ephemeral["queue:changed"];
    if (team_id === undefined || waiting === undefined) return list;
    const change = { waiting, oldest_waiting_seconds: oldest_waiting_seconds ?? null };
    return { ...list, items: list.items.map((queue) => (queue.team.id === team_id ? { ...queue, ...change } : queue)) };
  }
  if (name !== "presence:changed") return list;
  const { user_id, availability, available } = payload as Ephemeral["presence:changed"];
  const change = { availability: availability as Schemas["Availability"], available };
  return {
    ...list,
    items: list.items.map((queue) => {
      if (!queue.people.some((person) => person.user.id === user_id)) return queue;
      const people = queue.people.map((person) => (person.user.id === user_id ? { ...person, ...change } : person));
      const there = people.filter((person) => person.available);
      const free = there.reduce((sum, person) => sum + Math.max(0, person.units_limit - person.units_used), 0);
      return { ...queue, people, online: there.length, units_free: free };
    }),
  };
}
