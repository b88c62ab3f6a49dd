/** What the screens know of a ticket: itself, its history, its decisions, its customer's others; all kept true. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { api, call, type Decision, type Ticket } from "@/api/client";
import { ApiError } from "@/api/problem";
import { applyToList, applyToTimeline, type TicketList } from "@/live/apply";
import { keys } from "@/live/cache";
import type { LiveEvent } from "@/live/events";
import { useLive } from "@/live/live";
import { parameters, type TicketQuery } from "@/live/query";

import { useMay } from "./people";

/** A ticket as it is, kept true; shown at once when some list knows it. */
export function useTicket(id: string) {
  const live = useLive();
  const query = useQuery({
    queryKey: keys.ticket(id),
    queryFn: () => live.ticket(id),
    placeholderData: () => live.cache.known(id),
  });
  const gone = query.error instanceof ApiError && query.error.problem.status === 404;
  useStanding(query.data);
  return { ticket: gone ? undefined : query.data, gone, error: query.data === undefined ? query.error : null, retry: query.refetch };
}

/** Places in a queue move with the tickets before it, which its own events do not tell. */
const STANDING_EVERY_MS = 3_000;

function useStanding(ticket: Ticket | undefined): void {
  const live = useLive();
  const client = useQueryClient();
  const id = ticket?.queue.state === "waiting" ? ticket.id : undefined;
  const team = ticket?.team.id;
  useEffect(() => {
    if (id === undefined) return;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const stop = live.onEphemeral((name, payload) => {
      if (name !== "queue:changed" || !("team_id" in payload) || payload.team_id !== team) return;
      soon ??= setTimeout(() => {
        soon = undefined;
        void client.invalidateQueries({ queryKey: keys.ticket(id) });
      }, STANDING_EVERY_MS);
    });
    return () => {
      stop();
      clearTimeout(soon);
    };
  }, [live, client, id, team]);
}

/** Everything that happened to a ticket. */
export function useTimeline(id: string): LiveEvent[] | undefined {
  const live = useLive();
  const whole = () => live.cache.fresh(() => timeline(id), (lines, event) => applyToTimeline(lines, id, event));
  const settled = async () => {
    await live.connection.settled();
    return whole();
  };
  return useQuery({ queryKey: keys.timeline(id), queryFn: settled }).data;
}

async function timeline(id: string): Promise<LiveEvent[]> {
  const lines: LiveEvent[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor === null ? {} : { cursor }) };
    const page: { items: unknown[]; next_cursor?: string | null } = await call(
      api.GET("/v1/tickets/{id}/timeline", { params: { path: { id }, query } }),
    );
    // The document knows a timeline's lines as events of any type; which data belongs to which type is ours to know.
    lines.push(...(page.items as LiveEvent[]));
    cursor = page.next_cursor ?? null;
  } while (cursor !== null);
  return lines;
}

/** Why a ticket went to whom, the newest first. */
export function useDecisions(id: string): Decision[] | undefined {
  const enabled = useMay("assignments.view");
  const decisions = async () => (await call(api.GET("/v1/tickets/{id}/assignments", { params: { path: { id } } }))).items;
  return useQuery({ queryKey: keys.decisions(id), queryFn: decisions, enabled }).data;
}

const EARLIER_SHOWN = 10;

/** The customer's tickets, the newest first; this many at most. */
export function useTicketsOf(requester: string) {
  const live = useLive();
  const query: TicketQuery = { requester: [requester], sort: "-created_at" };
  const fetch = async (): Promise<TicketList> => {
    const page = await call(api.GET("/v1/tickets", { params: { query: { ...parameters(query), limit: EARLIER_SHOWN } } }));
    return { items: page.items, next_cursor: page.next_cursor ?? null };
  };
  return useQuery({
    queryKey: keys.list(query),
    queryFn: async () => {
      await live.connection.settled();
      return live.cache.fresh(fetch, (list, event) => applyToList(list, query, event, live.cache.viewer));
    },
  });
}
