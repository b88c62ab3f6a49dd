import { expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { patched } from "./patched";

const person = (id: string, available: boolean) => ({ user: { id, name: id }, availability: available ? "online" : "offline", available, units_used: 1, units_limit: 3 });

const queues = [
  { team: { id: "support" }, waiting: 3, oldest_waiting_seconds: 60, online: 1, units_free: 2, people: [person("ana", true), person("ben", false)] },
  { team: { id: "billing" }, waiting: 0, oldest_waiting_seconds: null, online: 0, units_free: 0, people: [] },
] as unknown as Schemas["Queue"][];

it("takes how a queue stands now", () => {
  const after = patched(queues, "queue:changed", { team_id: "support", waiting: 0, oldest_waiting_seconds: null }, 0);
  expect(after[0]).toMatchObject({ waiting: 0, oldest_waiting_seconds: null });
  expect(after[1]).toBe(queues[1]);
});

it("keeps the wait as of when all were read", () => {
  const after = patched(queues, "queue:changed", { team_id: "support", waiting: 2, oldest_waiting_seconds: 50 }, 30);
  expect(after[0]).toMatchObject({ waiting: 2, oldest_waiting_seconds: 20 });
});

it("takes who came, and counts anew", () => {
  const after = patched(queues, "presence:changed", { user_id: "ben", availability: "online", available: true }, 0);
  expect(after[0]).toMatchObject({ online: 2, units_free: 4 });
  expect(after[1]).toBe(queues[1]);
});

it("leaves the rest alone", () => {
  expect(patched(queues, "queue:changed", { ticket_id: "t", position: 3 }, 0)).toBe(queues);
  expect(patched(queues, "room:revoked", { conversation_id: "c" }, 0)).toBe(queues);
});
