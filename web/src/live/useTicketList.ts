/** A list of tickets, kept true by events, with more of it on demand. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { api, call } from "@/api/client";
import { health } from "@/api/health";

import { applyToList, put, type TicketList } from "./apply";
import { keys } from "./cache";
import type { LiveEvent } from "./events";
import { useLive, type Live } from "./live";
import { parameters, type TicketQuery } from "./query";

const PAGE = 50;
/** Most rows of one answer. */
const MOST = 100;

async function fetchPage(query: TicketQuery, limit: number, cursor: string | null): Promise<TicketList> {
  const asked = { ...parameters(query), limit, ...(cursor === null ? {} : { cursor }) };
  const { items, next_cursor } = await call(api.GET("/v1/tickets", { params: { query: asked } }));
  return { items, next_cursor: next_cursor ?? null };
}

/** `list` with `page` behind it. What an event moved up meanwhile stands where that put it. */
export function joined(list: TicketList, page: TicketList): TicketList {
  const known = new Set(list.items.map((ticket) => ticket.id));
  return { items: [...list.items, ...page.items.filter((ticket) => !known.has(ticket.id))], next_cursor: page.next_cursor };
}

/** What happened to a list while it was fetched. */
function caughtUp(live: Live, query: TicketQuery): (list: TicketList, event: LiveEvent) => TicketList {
  const { cache } = live;
  return (list, event) => {
    const next = applyToList(list, query, event, cache.viewer);
    if (next !== list || event.type !== "message:created" || list.items.some(({ id }) => id === event.ticket_id)) return next;
    // A message may move its ticket between two pages, so that none of them has it; what was shown before does.
    const moved = cache.known(event.data.conversation_id);
    return moved === undefined ? list : put(list, query, moved.id, moved, cache.viewer);
  };
}

/** The list from its beginning, at least `rows` long if there are as many: fetched again it is as long as it was. */
export async function fetchList(live: Live, query: TicketQuery, rows: number): Promise<TicketList> {
  await live.connection.settled();
  const pages = async () => {
    let list: TicketList = { items: [], next_cursor: null };
    do {
      list = joined(list, await fetchPage(query, rows > PAGE ? MOST : PAGE, list.next_cursor));
    } while (list.next_cursor !== null && list.items.length < rows);
    return list;
  };
  return live.cache.fresh(pages, caughtUp(live, query));
}

export function useTicketList(query: TicketQuery) {
  const live = useLive();
  const client = useQueryClient();
  const key = keys.list(query);
  const list = useQuery({
    queryKey: key,
    queryFn: () => fetchList(live, query, client.getQueryData<TicketList>(key)?.items.length ?? 0),
    // Events leave the same what they do not change; comparing a long list field by field would only take time.
    structuralSharing: false,
  });
  const loading = useRef(false);
  const [more, setMore] = useState<"idle" | "loading" | "failed">("idle");
  // What failed because the API was away is asked for again when it is back.
  useEffect(() => health.subscribe(() => health.get() === "up" && setMore((now) => (now === "failed" ? "idle" : now))), []);

  const loadMore = async () => {
    const cursor = client.getQueryData<TicketList>(key)?.next_cursor;
    if (cursor == null || loading.current) return;
    loading.current = true;
    setMore("loading");
    try {
      const page = await live.cache.fresh(() => fetchPage(query, MOST, cursor), caughtUp(live, query));
      client.setQueryData<TicketList>(key, (now) => (now?.next_cursor === cursor ? joined(now, page) : now));
      setMore("idle");
    } catch {
      setMore("failed");
    } finally {
      loading.current = false;
    }
  };

  return { list, more, loadMore: () => void loadMore() };
}
