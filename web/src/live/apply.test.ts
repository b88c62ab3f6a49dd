import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import type { Message, Ticket } from "@/api/client";

import { applyToList, applyToNotifications, applyToThread, applyToTicket, applyToTimeline, introduced, put, type Thread, type Viewer } from "./apply";
import type { LiveEvent, TicketEvent } from "./events";
import { compare, matches, parameters, type TicketQuery } from "./query";

const ANA: Viewer = { id: "ana", teams: ["support"] };
const T0 = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();

function ticket(id: string, change: Partial<Ticket> = {}): Ticket {
  return {
    id,
    number: 1,
    subject: "Printer",
    preview: "",
    unread: 0,
    read_seq: 0,
    last_activity_at: at(0),
    cc: [],
    status: "open",
    priority: "normal",
    channel: "portal",
    tier: "normal",
    escalation_level: 0,
    team: { id: "support", slug: "support", name: "Support" },
    requester: { id: "cleo", name: "Cleo", role: "customer" },
    assignee: null,
    queue: { state: "waiting", position: null, eligible_at: at(0), expected_wait_seconds: null },
    sla: [],
    tags: [],
    custom_fields: {},
    waiting_since: at(0),
    follow_up_of: null,
    version: 1,
    last_seq: 0,
    created_at: at(0),
    updated_at: at(0),
    resolved_at: null,
    ...change,
  };
}

const ACTOR = { kind: "user" as const, id: "ben", name: "Ben", role: "agent" as const };

function changed(after: Ticket, type: TicketEvent["type"] = "ticket:updated"): LiveEvent {
  const { unread: _u, read_seq: _r, ...seen } = after;
  return { id: `e-${after.id}-${after.version}`, type, at: after.updated_at, ticket_id: after.id, actor: ACTOR, data: { ticket: seen, changed: [] } };
}

function message(conversation: string, seq: number, author = "cleo"): Message {
  return {
    id: `m${seq}`,
    conversation_id: conversation,
    seq,
    kind: "reply",
    body: `message ${seq}`,
    author: { id: author, name: author, role: "customer" },
    client_id: null,
    attachments: [],
    created_at: at(seq),
  };
}

function said(conversation: string, seq: number, author = "cleo"): LiveEvent {
  const effect = { last_seq: seq, preview: `message ${seq}`, last_activity_at: at(seq), updated_at: at(seq), waiting_since: at(seq) };
  return {
    id: `e-m${seq}`,
    type: "message:created",
    at: at(seq),
    conversation_id: conversation,
    ticket_id: conversation,
    actor: ACTOR,
    data: { ...message(conversation, seq, author), ticket: effect },
  };
}

function read(conversation: string, user: string, seq: number): LiveEvent {
  const data = { conversation_id: conversation, user_id: user, seq };
  return { id: `e-r${seq}`, type: "conversation:read", at: at(seq), conversation_id: conversation, ticket_id: conversation, actor: ACTOR, data };
}

function removed(id: string, version: number): LiveEvent {
  return { id: `e-x-${id}`, type: "ticket:removed", at: at(9), ticket_id: id, actor: ACTOR, data: { ticket: { id, version } } };
}

describe("a ticket", () => {
  it("is replaced by a whole one of higher version, and keeps what is its reader's own", () => {
    const before = ticket("a", { last_seq: 3, read_seq: 1, unread: 2, queue: { state: "waiting", position: 4, eligible_at: at(0), expected_wait_seconds: 60 } });
    const after = applyToTicket(before, changed(ticket("a", { version: 2, last_seq: 3, status: "on_hold" })), ANA);
    expect(after).toMatchObject({ status: "on_hold", version: 2, read_seq: 1, unread: 2, queue: { position: 4, expected_wait_seconds: 60 } });
  });

  it("loses its place in the queue when it waits no more", () => {
    const before = ticket("a", { queue: { state: "waiting", position: 4, eligible_at: at(0), expected_wait_seconds: 60 } });
    const queue = { state: "assigned" as const, eligible_at: at(0) };
    expect(applyToTicket(before, changed(ticket("a", { version: 2, queue })), ANA)?.queue).toMatchObject({ state: "assigned", position: null });
  });

  it("ignores what it contains already", () => {
    const now = ticket("a", { version: 3, last_seq: 5 });
    for (const event of [changed(ticket("a", { version: 3 })), changed(ticket("a", { version: 2 })), said("a", 5), read("a", "ana", 0), said("b", 9), removed("a", 2)]) {
      expect(applyToTicket(now, event, ANA)).toBe(now);
    }
  });

  it("counts a message of somebody else as unread and one's own as read", () => {
    const before = ticket("a", { last_seq: 1, read_seq: 1, unread: 0 });
    expect(applyToTicket(before, said("a", 2), ANA)).toMatchObject({ last_seq: 2, unread: 1, preview: "message 2", updated_at: at(2) });
    expect(applyToTicket(before, said("a", 2, "ana"), ANA)).toMatchObject({ last_seq: 2, unread: 0, read_seq: 2 });
  });

  it("is read as far as its reader read, not others", () => {
    const before = ticket("a", { last_seq: 4, read_seq: 1, unread: 3 });
    expect(applyToTicket(before, read("a", "ana", 3), ANA)).toMatchObject({ read_seq: 3, unread: 1 });
    expect(applyToTicket(before, read("a", "ben", 3), ANA)).toBe(before);
  });

  it("is gone when it left the viewer's sight", () => {
    expect(applyToTicket(ticket("a", { version: 2 }), removed("a", 2), ANA)).toBeNull();
  });
});

describe("a list", () => {
  const MINE: TicketQuery = { assignee: ["me"], status: ["new", "open"], sort: "-updated_at" };
  const mine = (id: string, change: Partial<Ticket> = {}) => ticket(id, { assignee: { id: "ana", name: "Ana", role: "team_leader" }, ...change });

  it("takes in what matches, at its place", () => {
    const list = { items: [mine("c", { updated_at: at(30) }), mine("a", { updated_at: at(10) })], next_cursor: null };
    const after = applyToList(list, MINE, changed(mine("b", { updated_at: at(20), version: 2, last_seq: 2 }), "ticket:assigned"), ANA, () => 1);
    expect(after.items.map((one) => one.id)).toEqual(["c", "b", "a"]);
    expect(after.items[1]).toMatchObject({ read_seq: 1, unread: 1 });
  });

  it("lets go what does not match any more or left the viewer's sight", () => {
    const list = { items: [mine("a"), mine("b")], next_cursor: null };
    expect(applyToList(list, MINE, changed(mine("a", { version: 2, status: "resolved" })), ANA).items.map((one) => one.id)).toEqual(["b"]);
    expect(applyToList(list, MINE, removed("b", 5), ANA).items.map((one) => one.id)).toEqual(["a"]);
  });

  it("moves what changed its place", () => {
    const list = { items: [mine("b", { updated_at: at(2) }), mine("a", { updated_at: at(1) })], next_cursor: null };
    expect(applyToList(list, MINE, said("a", 5), ANA).items.map((one) => one.id)).toEqual(["a", "b"]);
  });

  it("leaves to the rest what belongs there", () => {
    const list = { items: [mine("b", { updated_at: at(9) })], next_cursor: "more" };
    const late = changed(mine("a", { updated_at: at(1), version: 2 }));
    expect(applyToList(list, MINE, late, ANA)).toMatchObject({ items: [{ id: "b" }], next_cursor: "more" });
    expect(applyToList({ ...list, next_cursor: null }, MINE, late, ANA).items).toHaveLength(2);
  });

  it("is the same object when nothing in it changed", () => {
    const list = { items: [mine("a")], next_cursor: null };
    for (const event of [said("z", 1), changed(ticket("z", { version: 2 })), removed("z", 1), changed(mine("a"))]) {
      expect(applyToList(list, MINE, event, ANA)).toBe(list);
    }
  });

  it("puts a ticket of an answer in its place once", () => {
    const list = { items: [mine("a")], next_cursor: null };
    const twice = put(put(list, MINE, "b", mine("b", { updated_at: at(5) }), ANA), MINE, "b", mine("b", { updated_at: at(5) }), ANA);
    expect(twice.items.map((one) => one.id)).toEqual(["b", "a"]);
  });
});

describe("a query", () => {
  const vip = ticket("a", { priority: "urgent", tags: ["vip", "print"], number: 42, waiting_since: null, sla: [] });

  it.each<[string, Partial<TicketQuery>, boolean]>([
    ["nothing narrows", {}, true],
    ["status", { status: ["resolved"] }, false],
    ["any of several", { status: ["resolved", "open"] }, true],
    ["nobody's", { assignee: ["none"] }, true],
    ["mine", { assignee: ["me"] }, false],
    ["team by slug", { team: ["support"] }, true],
    ["another team", { team: ["billing"] }, false],
    ["a tag of several", { tag: ["print", "x"] }, true],
    ["queue", { queue: ["assigned"] }, false],
    ["nobody waits", { waiting: true }, false],
    ["not escalated", { escalated: true }, false],
    ["part of the subject", { q: "print" }, true],
    ["the number", { q: "#42" }, true],
    ["neither", { q: "scanner" }, false],
  ])("%s", (_, query, expected) => {
    expect(matches(vip, { sort: "created_at", ...query }, ANA)).toBe(expected);
  });

  it("orders as the server does: what has none of it last, equals by id, a leading - turns all", () => {
    const rows = [ticket("c", { waiting_since: null }), ticket("b", { waiting_since: at(2) }), ticket("a", { waiting_since: at(2) }), ticket("d", { waiting_since: at(1) })];
    const order = (sort: TicketQuery["sort"]) => [...rows].sort((x, y) => compare(x, y, sort)).map((row) => row.id).join("");
    expect(order("waiting_since")).toBe("dabc");
    expect(order("-waiting_since")).toBe("cbad");
  });

  it("becomes parameters", () => {
    expect(parameters({ status: ["new", "open"], tag: [], q: "", waiting: true, sort: "-updated_at" })).toEqual({ status: "new,open", waiting: true, sort: "-updated_at" });
  });
});

describe("a thread", () => {
  const thread: Thread = { messages: [message("a", 1), message("a", 2)], more: false, last_seq: 2, read_marks: [{ user_id: "cleo", seq: 2 }] };

  it("takes the next message; its author has read it", () => {
    const after = applyToThread(thread, "a", said("a", 3, "ben"));
    expect(after).toMatchObject({ last_seq: 3, read_marks: [{ user_id: "cleo", seq: 2 }, { user_id: "ben", seq: 3 }] });
    expect((after as Thread).messages.at(-1)).not.toHaveProperty("ticket");
  });

  it("passes over a repeat and says when there is a gap", () => {
    expect(applyToThread(thread, "a", said("a", 2))).toBe(thread);
    expect(applyToThread(thread, "b", said("a", 9))).toBe(thread);
    expect(applyToThread(thread, "a", said("a", 4))).toBe("gap");
  });

  it("moves read marks forward only", () => {
    expect(applyToThread(thread, "a", read("a", "dan", 1))).toMatchObject({ read_marks: [{ user_id: "cleo", seq: 2 }, { user_id: "dan", seq: 1 }] });
    expect((applyToThread(thread, "a", read("a", "cleo", 1)) as Thread).read_marks).toBe(thread.read_marks);
  });
});

describe("a timeline", () => {
  it("takes each line once and only its own ticket's", () => {
    const line = changed(ticket("a", { version: 2 }));
    const lines = applyToTimeline([], "a", line);
    expect(lines).toEqual([line]);
    expect(applyToTimeline(lines, "a", line)).toBe(lines);
    expect(applyToTimeline(lines, "b", line)).toBe(lines);
    expect(applyToTimeline(lines, "a", said("a", 1))).toBe(lines);
  });
});

describe("notifications", () => {
  const told = (id: string, read_at: string | null = null) => ({ id, kind: "assigned" as const, ticket_id: "a", ticket_number: 1, subject: "Printer", actor: ACTOR, created_at: at(0), read_at });
  const list = { items: [told("b"), told("a")], unread: 5, next_cursor: null };
  const happened = { id: "e", at: at(1), actor: ACTOR };

  it("begin with the newest, each once", () => {
    const after = applyToNotifications(list, { ...happened, type: "notification:created", data: told("c") });
    expect(after).toMatchObject({ unread: 6, items: [{ id: "c" }, { id: "b" }, { id: "a" }] });
    expect(applyToNotifications(after, { ...happened, type: "notification:created", data: told("c") })).toBe(after);
  });

  it("are read here or elsewhere, shown or not", () => {
    const read: LiveEvent = { ...happened, type: "notification:read", data: { ids: ["a", "old"], read_at: at(2) } };
    const after = applyToNotifications(list, read);
    expect(after).toMatchObject({ unread: 3, items: [{ id: "b", read_at: null }, { id: "a", read_at: at(2) }] });
  });
});

/** What the server's own check saw: for each action and each viewer, state before, events heard, state after. */
interface Case {
  name: string;
  viewer: { id: string; teams: string[] };
  before: { tickets: Ticket[]; threads: Record<string, Message[]> };
  events: LiveEvent[];
  after: { tickets: Ticket[]; threads: Record<string, Message[]> };
}

const CASES = new URL("./cases.json", import.meta.url);
const cases = JSON.parse(readFileSync(CASES, "utf8")) as Case[];

describe("the server's cases: state before + events = state after", () => {
  it.each(cases.map((one) => [one.name, one] as const))("%s", (_, { viewer, before, events, after }) => {
    const everything: TicketQuery = { sort: "created_at" };
    let list = { items: before.tickets, next_cursor: null as string | null };
    const threads = new Map(Object.entries(before.threads).map(([id, messages]) => [id, thread(messages)]));
    for (const event of events) {
      list = applyToList(list, everything, event, viewer);
      if (event.type === "ticket:created") threads.set(event.data.ticket.id, thread([]));
      if (event.type === "ticket:removed") threads.delete(event.data.ticket.id);
      for (const [id, old] of threads) {
        const next = applyToThread(old, id, event);
        if (next === "gap") throw new Error(`a gap in ${id}`);
        threads.set(id, next);
      }
    }
    // A ticket that came by event from elsewhere was read who knows how far, and its thread is not loaded.
    const loaded = new Set(list.items.filter((one) => threads.has(one.id)).map((one) => one.id));
    const shown = (tickets: Ticket[]) => tickets.map((one) => (loaded.has(one.id) ? one : { ...one, read_seq: 0, unread: 0 }));
    expect(shown(list.items)).toEqual(shown(after.tickets));
    for (const id of loaded) expect(threads.get(id)?.messages).toEqual(after.threads[id]);
  });

  function thread(messages: Message[]): Thread {
    return { messages, more: false, last_seq: messages.at(-1)?.seq ?? 0, read_marks: [] };
  }
});

it("introduces a ticket with all of it unread when nothing is known", () => {
  expect(introduced(ticket("a", { last_seq: 3 }), 0)).toMatchObject({ unread: 3, read_seq: 0 });
});
