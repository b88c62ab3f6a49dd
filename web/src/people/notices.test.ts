// @vitest-environment happy-dom
import { expect, it } from "vitest";

import type { LiveEvent } from "@/live/events";

import { noticeOf } from "./notices";

const ANA = { id: "ana", teams: [] };
const CUSTOMER = { id: "cleo", name: "Cleo", role: "customer" };
const mine = (id: string) => (id === "t1" ? { assignee: "ana", subject: "Printer" } : { assignee: "ben", subject: "Other" });

const assigned = (to: string, by: string) =>
  ({
    type: "ticket:assigned",
    ticket_id: "t1",
    actor: { kind: "user", id: by, name: by },
    data: { ticket: { id: "t1", subject: "Printer", preview: "Help", assignee: { id: to } }, changed: [] },
  }) as unknown as LiveEvent;

const moved = (by: string, role: string) =>
  ({
    type: "ticket:updated",
    ticket_id: "t9",
    actor: { kind: "user", id: by, name: by, role },
    data: { ticket: { id: "t9", subject: "Printer", preview: "Again", assignee: { id: "ana" } }, changed: ["status"] },
  }) as unknown as LiveEvent;

const said = (ticket: string, author: object) =>
  ({ type: "message:created", actor: { id: "cleo", name: "Cleo" }, data: { conversation_id: ticket, body: "Hello", author } }) as unknown as LiveEvent;

it.each([
  ["a ticket given to me", assigned("ana", "routing"), "assigned"],
  ["a ticket I took", assigned("ana", "ana"), null],
  ["a ticket given to somebody else", assigned("ben", "routing"), null],
  ["a customer's message in a ticket of mine", said("t1", CUSTOMER), "message"],
  ["a customer's message in somebody else's", said("t2", CUSTOMER), null],
  ["a resolved ticket of mine that a customer's message brings back", moved("cleo", "customer"), "message"],
  ["a ticket of mine that a colleague moves", moved("ben", "agent"), null],
  ["a colleague's message", said("t1", { id: "ben", name: "Ben", role: "agent" }), null],
])("%s", (_, event, why) => {
  expect(noticeOf(event, ANA, mine)?.why ?? null).toBe(why);
});
