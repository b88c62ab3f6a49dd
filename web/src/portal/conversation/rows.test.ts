import { expect, test } from "vitest";

import type { Message, Status } from "@/api/client";
import type { LiveEvent } from "@/live/events";

import { linesOf, rowsOf, seenUpTo } from "./rows";

const ME = "me";
const ANA = "ana";

const message = (seq: number, author: string, at: string) =>
  ({ id: `m${seq}`, seq, author: { id: author, name: author }, created_at: at, client_id: null }) as unknown as Message;

const event = (id: string, type: string, at: string, status: Status, changed: string[]) =>
  ({ id, type, at, actor: { kind: "user", id: ANA, name: "Ana", role: "agent" }, data: { ticket: { status }, changed } }) as unknown as LiveEvent;

const history = [
  event("1", "ticket:created", "2026-01-05T09:00:00Z", "new", []),
  event("2", "ticket:assigned", "2026-01-05T09:01:00Z", "open", ["assignee", "status"]),
  event("3", "ticket:updated", "2026-01-05T09:10:00Z", "resolved", ["status"]),
  event("4", "ticket:updated", "2026-01-05T09:20:00Z", "open", ["status"]),
  event("5", "ticket:updated", "2026-01-05T09:30:00Z", "closed", ["status"]),
];

test("of a ticket's history only its turns are told", () => {
  expect(linesOf(history).map(({ id, what }) => [id, what])).toEqual([
    ["1", "opened"],
    ["3", "solved"],
    ["4", "reopened"],
    ["5", "closed"],
  ]);
});

const kinds = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => (row.kind === "message" ? row.message.seq : row.kind));
const messages = [
  message(1, ME, "2026-01-05T09:00:00Z"),
  message(2, ANA, "2026-01-05T09:05:00Z"),
  message(3, ANA, "2026-01-05T09:06:00Z"),
  message(4, ME, "2026-01-06T12:00:00Z"),
];

test("messages and lines stand in the order of their time, cut into days", () => {
  const rows = rowsOf({ messages, lines: linesOf(history.slice(0, 3)), more: false, readBefore: null });
  expect(kinds(rows)).toEqual(["day", "line", 1, 2, 3, "line", "day", 4]);
  expect(rows.filter((row) => row.kind === "message" && row.joined).map((row) => row.key)).toEqual(["m3"]);
});

test("lines from before the loaded messages wait for theirs", () => {
  const rows = rowsOf({ messages: messages.slice(1), lines: linesOf(history.slice(0, 3)), more: true, readBefore: null });
  expect(kinds(rows)).toEqual(["day", 2, 3, "line", "day", 4]);
});

test("what had not been read stands behind one divider, which parts bubbles", () => {
  const rows = rowsOf({ messages, lines: [], more: false, readBefore: 2 });
  expect(kinds(rows)).toEqual(["day", 1, 2, "unread", 3, "day", 4]);
  expect(rows.some((row) => row.kind === "message" && row.joined)).toBe(false);
});

test("seen is what somebody else has read of one's own messages", () => {
  expect(seenUpTo(messages, [{ user_id: ANA, seq: 3 }, { user_id: ME, seq: 4 }], ME)).toBe(1);
  expect(seenUpTo(messages, [{ user_id: ANA, seq: 4 }], ME)).toBe(4);
  expect(seenUpTo(messages, [], ME)).toBeNull();
});
