import { expect, it } from "vitest";

import { patched, type QueueList } from "./patched";

const person = (id: string, available: boolean) => ({ user: { id, name: id }, availability: available ? "online" : "offline", available, units_used: 1, units_limit: 3 });

const list = {
  items: [
    { team: { id: "support" }, waiting: 3, oldest_waiting_seconds: 60, online: 1, units_free: 2, people: [person("ana", true), person("ben", false)] },
    { team: { id: "billing" }, waiting: 0, oldest_waiting_seconds: null, online: 0, units_free: 0, people: [] },
  ],
} as unknown as QueueList;

it("takes how a queue stands now", () => {
  const after = patched(list, "queue:changed", { team_id: "support", waiting: 0, oldest_waiting_seconds: null });
  expect(after.items[0]).toMatchObject({ waiting: 0, oldest_waiting_seconds: null });
  expect(after.items[1]).toBe(list.items[1]);
});

it("takes who came, and counts anew", () => {
  const after = patched(list, "presence:changed", { user_id: "ben", availability: "online", available: true });
  expect(after.items[0]).toMatchObject({ online: 2, units_free: 4 });
  expect(after.items[1]).toBe(list.items[1]);
});

it("leaves the rest alone", () => {
  expect(patched(list, "queue:changed", { ticket_id: "t", position: 3 })).toBe(list);
  expect(patched(list, "room:revoked", { conversation_id: "c" })).toBe(list);
});
