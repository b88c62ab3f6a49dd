import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Message, Ticket } from "@/api/client";

import type { Thread, TicketList } from "./apply";
import { keys, LiveCache, type Sources } from "./cache";
import type { LiveEvent } from "./events";
import type { TicketQuery } from "./query";

const ALL: TicketQuery = { sort: "-updated_at" };
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const ticket = (id: string, change: object = {}) =>
  ({ id, version: 1, last_seq: 0, read_seq: 0, unread: 0, updated_at: at(0), tags: [], sla: [], queue: { state: "none" }, ...change }) as unknown as Ticket;

const message = (seq: number) => ({ id: `m${seq}`, conversation_id: "a", seq, body: `m${seq}`, author: { id: "cleo" } }) as unknown as Message;

const said = (conversation: string, seq: number) =>
  ({
    id: `e${conversation}${seq}`,
    type: "message:created",
    at: at(seq),
    ticket_id: conversation,
    conversation_id: conversation,
    data: { ...message(seq), conversation_id: conversation, ticket: { last_seq: seq, preview: "", updated_at: at(seq) } },
  }) as unknown as LiveEvent;

const updated = (one: Ticket) =>
  ({ id: `u${one.id}${one.version}`, type: "ticket:updated", at: at(1), ticket_id: one.id, data: { ticket: one, changed: [] } }) as unknown as LiveEvent;

function setUp(sources: Partial<Sources> = {}) {
  const client = new QueryClient();
  const never = () => Promise.reject(new Error("not asked for"));
  const cache = new LiveCache(client, { id: "ana", teams: [] }, { ticket: never, messagesAfter: never, ...sources });
  const list = (items: Ticket[], next_cursor: string | null = null) => client.setQueryData<TicketList>(keys.list(ALL), { items, next_cursor });
  const ids = () => client.getQueryData<TicketList>(keys.list(ALL))?.items.map((one) => one.id);
  return { client, cache, list, ids };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("an answer that was on its way", () => {
  it("gets what happened meanwhile", async () => {
    const { cache } = setUp();
    let answer: (one: Ticket) => void = () => undefined;
    const asked = cache.fresh(
      () => new Promise<Ticket>((resolve) => (answer = resolve)),
      (one, event) => (event.type === "message:created" ? { ...one, last_seq: event.data.seq } : one),
    );
    cache.apply(said("a", 7));
    answer(ticket("a"));
    expect((await asked).last_seq).toBe(7);
  });

  it("does not get what happened before it was asked for", async () => {
    const { cache } = setUp();
    cache.apply(said("a", 7));
    vi.advanceTimersByTime(5);
    const state = await cache.fresh(() => Promise.resolve(0), (count: number) => count + 1);
    expect(state).toBe(0);
  });
});

describe("an answer to a write", () => {
  it("is shown everywhere, unless an event told of something newer", () => {
    const { client, cache, list, ids } = setUp();
    list([ticket("a", { version: 2 })]);
    client.setQueryData(keys.ticket("a"), ticket("a", { version: 2 }));
    cache.learn(ticket("a", { version: 3, subject: "new" }));
    expect(client.getQueryData<Ticket>(keys.ticket("a"))).toMatchObject({ version: 3 });
    cache.learn(ticket("a", { version: 1, subject: "old" }));
    expect(client.getQueryData<Ticket>(keys.ticket("a"))).toMatchObject({ version: 3, subject: "new" });
    cache.learn(ticket("b", { updated_at: at(9) }));
    expect(ids()).toEqual(["b", "a"]);
  });
});

describe("a thread with a gap", () => {
  it("is filled from the server", async () => {
    const messagesAfter = vi.fn(async () => ({ items: [message(2), message(3), message(4)], more: false }));
    const { client, cache } = setUp({ messagesAfter });
    client.setQueryData<Thread>(keys.thread("a"), { messages: [message(1)], more: false, last_seq: 1, read_marks: [] });
    cache.apply(said("a", 4));
    await vi.runAllTimersAsync();
    expect(messagesAfter).toHaveBeenCalledExactlyOnceWith("a", 1);
    expect(client.getQueryData<Thread>(keys.thread("a"))?.messages.map((one) => one.seq)).toEqual([1, 2, 3, 4]);
  });
});

describe("a message in a ticket that is not loaded", () => {
  it("brings the ticket where it belongs", async () => {
    const { cache, list, ids } = setUp({ ticket: async (id) => ticket(id, { updated_at: at(8), last_seq: 8 }) });
    list([ticket("a", { updated_at: at(5) })], "more");
    cache.apply(said("z", 8));
    await vi.runAllTimersAsync();
    expect(ids()).toEqual(["z", "a"]);
  });

  it("asks for the list anew when there are many, not for each", async () => {
    const one = vi.fn(async (id: string) => ticket(id));
    const { client, cache, list } = setUp({ ticket: one });
    list([ticket("a")], "more");
    const again = vi.spyOn(client, "invalidateQueries");
    for (let i = 0; i < 50; i += 1) cache.apply(said(`z${i}`, 1));
    await vi.runAllTimersAsync();
    expect(one).not.toHaveBeenCalled();
    expect(again).toHaveBeenCalledWith({ queryKey: keys.lists });
  });
});

it("fetches figures together and not too often", async () => {
  const { client, cache } = setUp({ ticket: async (id) => ticket(id) });
  const again = vi.spyOn(client, "invalidateQueries");
  for (let i = 0; i < 20; i += 1) cache.apply(updated(ticket("a", { version: i + 2 })));
  await vi.runAllTimersAsync();
  const asked = again.mock.calls.map(([filter]) => JSON.stringify(filter?.queryKey));
  for (const key of [keys.counts, keys.me, keys.queues]) expect(asked.filter((text) => text === JSON.stringify(key))).toHaveLength(1);
});
