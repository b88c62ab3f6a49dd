import { describe, expect, it } from "vitest";

import type { Message, Ticket } from "@/api/client";
import type { Thread } from "@/live/apply";
import type { LiveEvent } from "@/live/events";

import { firstUnread, itemsOf, readersOf, type Item } from "./items";
import { linesOf } from "./lines";

const minute = (n: number) => new Date(Date.UTC(2026, 0, 5, 12, n)).toISOString();
const said = (seq: number, at: number, author = "gus", kind: Message["kind"] = "reply") =>
  ({ id: `m${seq}`, seq, kind, created_at: minute(at), author: { id: author, name: author, role: "customer" } }) as Message;
const thread = (messages: Message[], more = false): Thread => ({ messages, more, last_seq: messages.at(-1)?.seq ?? 0, read_marks: [] });

const ana = { id: "ana", name: "Ana", role: "team_leader" as const };
const base = { status: "new", priority: "normal", assignee: null, subject: "x", tags: ["a"], team: { id: "t" }, escalation_level: 0 };
const event = (at: number, type: string, changed: string[], parts: Partial<Ticket>) =>
  ({ id: `e${at}`, at: minute(at), type, ticket_id: "1", actor: { kind: "user", name: "Ben" }, data: { ticket: { ...base, ...parts }, changed } }) as LiveEvent;
const history = [
  event(0, "ticket:created", [], {}),
  event(2, "ticket:assigned", ["status", "assignee", "queue"], { status: "open", assignee: ana }),
  { id: "r", at: minute(3), type: "ticket:removed", ticket_id: "1", actor: { kind: "system", name: "x" }, data: { ticket: { id: "1", version: 3 } } } as LiveEvent,
  event(4, "ticket:updated", ["status", "tags", "waiting_since"], { status: "resolved", assignee: ana, tags: ["b"] }),
  event(5, "ticket:unassigned", ["assignee", "queue"], { status: "resolved", tags: ["b"] }),
];
const short = (item: Item) => (item.kind === "message" ? `${item.joined ? "+" : ""}${item.message.seq}` : item.kind === "line" ? item.line.id : item.kind);

describe("a ticket's history", () => {
  it("says what each event changed", () => {
    expect(linesOf(history).map((line) => line.happenings)).toEqual([
      [{ what: "created" }],
      [{ what: "assigned", to: ana }],
      [
        { what: "status", from: "open", to: "resolved" },
        { what: "tags", added: ["b"], removed: ["a"] },
      ],
      [{ what: "unassigned", from: ana }],
    ]);
  });

  it("does not invent what was before it", () => {
    expect(linesOf(history.slice(3)).map((line) => line.happenings)).toEqual([[{ what: "status", to: "resolved" }], [{ what: "unassigned", from: ana }]]);
  });
});

describe("a conversation's items", () => {
  const lines = linesOf(history);

  it("stand by time, what opened the ticket before its first message, what a message did behind it", () => {
    const messages = [said(1, 0), said(2, 1), said(3, 4, "ana")];
    expect(itemsOf(thread(messages), lines, null).map(short)).toEqual(["day", "e0", "1", "+2", "e2", "3", "e4", "e5"]);
  });

  it("leave out lines from before what is loaded", () => {
    expect(itemsOf(thread([said(30, 3)], true), lines, null).map(short)).toEqual(["day", "30", "e4", "e5"]);
  });

  it("begin anew after the line of news, a day, another person, a note, a while", () => {
    const messages = [said(1, 0), said(2, 1), said(3, 2, "ana"), said(4, 2, "ana", "note"), said(5, 9, "ana", "note"), said(6, 24 * 60, "ana", "note")];
    expect(itemsOf(thread(messages), [], 2).map(short)).toEqual(["day", "1", "news", "2", "3", "4", "5", "day", "6"]);
  });
});

describe("who has read what", () => {
  const messages = [said(1, 0), said(2, 1, "ana"), said(3, 2)];

  it("finds the first unread message of others", () => {
    expect(firstUnread(thread(messages), 1, "ana")).toBe(3);
    expect(firstUnread(thread(messages), 3, "ana")).toBeNull();
  });

  it("names readers at the last message that they read, but not its author nor oneself", () => {
    const read_marks = [
      { user_id: "gus", seq: 3 },
      { user_id: "ben", seq: 2 },
      { user_id: "eva", seq: 2 },
      { user_id: "ana", seq: 1 },
      { user_id: "old", seq: 0 },
    ];
    expect([...readersOf({ ...thread(messages), read_marks }, "eva")]).toEqual([
      [2, ["ben"]],
      [1, ["ana"]],
    ]);
  });
});
