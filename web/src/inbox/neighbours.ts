import { useQueryClient } from "@tanstack/react-query";

import type { TicketList } from "@/live/apply";
import { keys } from "@/live/cache";

import { useInbox } from "./useInbox";

/** The tickets before and after the open one in the list that it was opened from. Asked when needed: lists move. */
export function useNeighbours() {
  const { query, ticketId, open, tab, show } = useInbox();
  const client = useQueryClient();
  const at = (step: 1 | -1): string | null => {
    const items = client.getQueryData<TicketList>(keys.list(query))?.items ?? [];
    const index = items.findIndex((ticket) => ticket.id === ticketId);
    if (index === -1) return items[0]?.id ?? null;
    return items[index + step]?.id ?? null;
  };
  const go = (step: 1 | -1) => {
    const id = at(step);
    if (id !== null) open(id);
    return id !== null;
  };
  return {
    /** Opens the next one; `false` when there is none. */
    openNext: () => go(1),
    openPrevious: () => go(-1),
    /** Opens `id`, or the list when there was none: for what is decided before a ticket leaves its list. */
    nextId: () => at(1),
    openOrClose: (id: string | null) => (id === null ? show(tab) : open(id)),
  };
}
