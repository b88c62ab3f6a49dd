import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { Ticket } from "@/api/client";
import { keys } from "@/live/cache";
import { useLive } from "@/live/live";

export interface Place {
  position: number | null;
  expected_wait_seconds: number | null;
}

/** Where a ticket stands in line, as the server last said; `null` when it does not wait. */
export function usePlace(ticket: Ticket): Place | null {
  const live = useLive();
  const client = useQueryClient();
  const { id, version } = ticket;
  const waits = ticket.queue.state === "waiting";
  const [heard, setHeard] = useState<Place | null>(null);

  useEffect(() => {
    if (!waits) return;
    const stop = live.onEphemeral((name, payload) => {
      if (name !== "queue:changed" || !("ticket_id" in payload) || payload.ticket_id !== id) return;
      setHeard({ position: payload.position ?? null, expected_wait_seconds: payload.expected_wait_seconds ?? null });
    });
    return () => {
      stop();
      setHeard(null);
    };
  }, [live, id, waits]);

  // What passed by while the connection was away was heard by nobody.
  useEffect(() => {
    const { status } = live.connection;
    let lost = status.get().state !== "live";
    return status.subscribe(() => {
      const back = lost && status.get().state === "live";
      lost = status.get().state !== "live";
      if (!back) return;
      setHeard(null);
      void client.invalidateQueries({ queryKey: keys.ticket(id) });
    });
  }, [live, client, id]);

  // Events leave the place out.
  const unknown = waits && heard === null && ticket.queue.position == null;
  useEffect(() => {
    if (unknown) void client.invalidateQueries({ queryKey: keys.ticket(id) });
  }, [unknown, version, client, id]);

  if (!waits) return null;
  return heard ?? { position: ticket.queue.position ?? null, expected_wait_seconds: ticket.queue.expected_wait_seconds ?? null };
}
