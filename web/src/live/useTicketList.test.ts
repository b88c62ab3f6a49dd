import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";

import type { Ticket } from "@/api/client";

import { keys, LiveCache } from "./cache";
import type { LiveEvent } from "./events";
import type { Live } from "./live";
import type { TicketQuery } from "./query";
import { fetchList, joined } from "./useTicketList";

/** The tickets as the server has them, the newest first. */
let stored: Ticket[] = [];
/** What happens before a page is answered, by the page's number. */
let before: Record<number, () => void> = {};

vi.mock("./live", () => ({ useLive: () => undefined }));
vi.mock("@/api/client", () => ({
  call: (asked: unknown) => asked,
  api: {
    GET: (_: string, { params }: { params: { query: { limit: number; cursor?: string } } }) => {
      const { limit, cursor } = params.query;
      const from = cursor === undefined ? 0 : stored.findIndex(({ updated_at }) => updated_at < cursor);
      before[from / limit]?.();
      const start = cursor === undefined ? 0 : stored.findIndex(({ updated_at }) => updated_at < cursor);
      const items = start === -1 ? [] : stored.slice(start, start + limit);
      const last = items.at(-1);
      return Promise.resolve({ items, next_cursor: last === undefined || last === stored.at(-1) ? null : last.updated_at });
    },
  },
}));

const QUERY: TicketQuery = { sort: "-updated_at" };
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const ticket = (number: number, change: object = {}) =>
  ({ id: `t${number}`, number, version: 1, last_seq: 1, read_seq: 0, unread: 1, subject: "", updated_at: at(number), tags: [], sla: [], queue: { state: "none" }, ...change }) as unknown as Ticket;

const updated = (one: Ticket) =>
  ({ id: `u${one.id}`, type: "ticket:updated", at: one.updated_at, ticket_id: one.id, data: { ticket: one, changed: [] } }) as unknown as LiveEvent;

const said = (id: string, second: number) =>
  ({
    id: `m${id}`,
    type: "message:created",
    at: at(second),
    ticket_id: id,
    conversation_id: id,
    data: { id: "m", conversation_id: id, seq: 2, body: "", author: { id: "cleo" }, ticket: { last_seq: 2, preview: "now", updated_at: at(second) } },
  }) as unknown as LiveEvent;

function setUp(shown: number) {
  const client = new QueryClient();
  const never = () => Promise.reject(new Error("not asked for"));
  const cache = new LiveCache(client, { id: "ana", teams: [] }, { ticket: never, messagesAfter: never });
  client.setQueryData(keys.list(QUERY), { items: stored.slice(0, shown), next_cursor: null });
  return { cache, live: { cache, connection: { settled: () => Promise.resolve() } } as unknown as Live };
}

beforeEach(() => {
  stored = Array.from({ length: 250 }, (_, index) => ticket(1000 - index));
  before = {};
});

it("is as long again as it was, each ticket once", async () => {
  const { live } = setUp(230);
  const list = await fetchList(live, QUERY, 230);
  expect(list.items.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
  expect((await fetchList(live, QUERY, 0)).items).toHaveLength(50);
});

it("knows what happened to its first page while it fetched the next", async () => {
  const { live, cache } = setUp(230);
  before[1] = () => cache.apply(updated(ticket(1000, { version: 2, subject: "changed" })));
  expect((await fetchList(live, QUERY, 230)).items[0]).toMatchObject({ id: "t1000", subject: "changed" });
});

it("keeps a ticket that a message moved out of the pages to come", async () => {
  const { live, cache } = setUp(230);
  before[1] = () => {
    // t800 would have been on the third page; it is answered to, and the first is here already.
    stored = [ticket(800, { last_seq: 2, updated_at: at(2000) }), ...stored.filter(({ id }) => id !== "t800")];
    cache.apply(said("t800", 2000));
  };
  const list = await fetchList(live, QUERY, 230);
  expect(list.items[0]).toMatchObject({ id: "t800", preview: "now", unread: 2 });
  expect(list.items.filter(({ id }) => id === "t800")).toHaveLength(1);
});

it("takes a page behind what is there, without what is there already", () => {
  const list = joined({ items: [ticket(3), ticket(2)], next_cursor: "x" }, { items: [ticket(2), ticket(1)], next_cursor: null });
  expect(list.items.map(({ id }) => id)).toEqual(["t3", "t2", "t1"]);
});
