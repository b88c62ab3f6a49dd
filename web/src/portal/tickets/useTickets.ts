/** A list of the customer's tickets, kept true by events, with more of it on demand. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, call } from "@/api/client";
import { applyToList, type TicketList } from "@/live/apply";
import { keys } from "@/live/cache";
import { useLive, type Live } from "@/live/live";
import { parameters, type TicketQuery } from "@/live/query";

import { joined } from "./pages";

const PAGE = 20;
const MOST = 100;

async function fetchPage(live: Live, query: TicketQuery, limit: number, cursor?: string): Promise<TicketList> {
  await live.connection.settled();
  const asked = { ...parameters(query), limit, ...(cursor === undefined ? {} : { cursor }) };
  const page = () => call(api.GET("/v1/tickets", { params: { query: asked } }));
  return live.cache.fresh<TicketList>(
    async () => {
      const { items, next_cursor } = await page();
      return { items, next_cursor: next_cursor ?? null };
    },
    (list, event) => applyToList(list, query, event, live.cache.viewer),
  );
}

export function useTickets(query: TicketQuery) {
  const live = useLive();
  const client = useQueryClient();
  const key = keys.list(query);
  const list = useQuery({
    queryKey: key,
    // Fetched again, it is as long as it was.
    queryFn: () => {
      const shown = client.getQueryData<TicketList>(key)?.items.length ?? 0;
      return fetchPage(live, query, Math.min(MOST, Math.max(PAGE, shown)));
    },
    placeholderData: keepPreviousData,
  });
  const [more, setMore] = useState<"idle" | "loading" | "failed">("idle");

  const loadMore = async () => {
    const cursor = client.getQueryData<TicketList>(key)?.next_cursor;
    if (cursor == null) return;
    setMore("loading");
    try {
      const page = await fetchPage(live, query, PAGE, cursor);
      client.setQueryData<TicketList>(key, (now) => now && (now.next_cursor === cursor ? joined(now, page, query.sort) : now));
      setMore("idle");
    } catch {
      setMore("failed");
    }
  };

  return { list, more, loadMore: () => void loadMore() };
}
