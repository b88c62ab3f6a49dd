import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/api/client";
import { applyToTimeline } from "@/live/apply";
import { keys } from "@/live/cache";
import type { LiveEvent } from "@/live/events";
import { useLive } from "@/live/live";

const PAGE = 100;

async function fetchAll(id: string): Promise<LiveEvent[]> {
  const events: LiveEvent[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    const page = await call(api.GET("/v1/tickets/{id}/timeline", { params: { path: { id }, query } }));
    events.push(...(page.items as unknown as LiveEvent[]));
    cursor = page.next_cursor ?? null;
  } while (cursor !== null);
  return events;
}

/** What happened to a ticket. Without it the conversation is still whole. */
export function useHistory(id: string): LiveEvent[] {
  const live = useLive();
  const query = useQuery({
    queryKey: keys.timeline(id),
    queryFn: async () => {
      await live.connection.settled();
      return live.cache.fresh(() => fetchAll(id), (events, event) => applyToTimeline(events, id, event));
    },
  });
  return query.data ?? NOTHING;
}

const NOTHING: LiveEvent[] = [];
