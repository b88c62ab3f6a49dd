/** One signed-in person's live state: the connection, the cache it keeps true, and how screens get at both. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";

import { api, call, type Me, type Message, type Ticket } from "@/api/client";
import { useStore } from "@/api/store";

import { applyToTicket, applyToThread, type Thread } from "./apply";
import { LiveCache } from "./cache";
import { Connection, type LiveStatus } from "./connection";
import type { Ephemeral, LiveEvent } from "./events";

type Hearer = (event: LiveEvent) => void;
type EphemeralHearer = <N extends keyof Ephemeral>(name: N, payload: Ephemeral[N]) => void;

/** What screens use of it. */
export class Live {
  readonly cache: LiveCache;
  readonly connection: Connection;
  readonly #hearers = new Set<Hearer>();
  readonly #ephemeral = new Set<EphemeralHearer>();

  constructor(client: ReturnType<typeof useQueryClient>, me: Me) {
    this.cache = new LiveCache(client, { id: me.id, teams: me.teams }, { ticket: fetchTicket, messagesAfter });
    this.connection = new Connection(me.id, {
      event: (event) => {
        this.cache.apply(event);
        for (const hear of this.#hearers) hear(event);
      },
      reset: () => this.cache.reset(),
      ephemeral: (name, payload) => {
        for (const hear of this.#ephemeral) hear(name, payload);
      },
    });
  }

  /** Hears every durable event after it was applied. */
  onEvent(hear: Hearer): () => void {
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  }

  /** Hears what passes by: typing, presence, queues. */
  onEphemeral(hear: EphemeralHearer): () => void {
    this.#ephemeral.add(hear);
    return () => this.#ephemeral.delete(hear);
  }

  /** A ticket as it is now. */
  async ticket(id: string): Promise<Ticket> {
    await this.connection.settled();
    return this.cache.fresh(
      () => fetchTicket(id),
      (ticket, event) => applyToTicket(ticket, event, this.cache.viewer) ?? ticket,
    );
  }

  /** The last messages of a conversation. */
  async thread(id: string): Promise<Thread> {
    await this.connection.settled();
    const latest = async (): Promise<Thread> => {
      const page = await call(api.GET("/v1/conversations/{id}/messages", { params: { path: { id }, query: { limit: 50 } } }));
      return { messages: page.items, more: page.more, last_seq: page.items.at(-1)?.seq ?? 0, read_marks: page.read_marks };
    };
    return this.cache.fresh(latest, (thread, event) => {
      const next = applyToThread(thread, id, event);
      return next === "gap" ? thread : next;
    });
  }

  close(): void {
    this.connection.close();
    this.cache.close();
  }
}

function fetchTicket(id: string): Promise<Ticket> {
  return call(api.GET("/v1/tickets/{id}", { params: { path: { id } } }));
}

async function messagesAfter(conversation: string, seq: number): Promise<{ items: Message[]; more: boolean }> {
  const params = { path: { id: conversation }, query: { after_seq: seq, limit: 100 } };
  return call(api.GET("/v1/conversations/{id}/messages", { params }));
}

const Context = createContext<Live | null>(null);

/** Connects for as long as it is shown; another person's is another one (`key`). */
export function LiveProvider({ me, children }: { me: Me; children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(() => new Live(client, me));
  const teams = me.teams.join(" ");
  useEffect(() => () => live.close(), [live]);
  useEffect(() => {
    live.cache.setViewer({ id: me.id, teams: teams === "" ? [] : teams.split(" ") });
  }, [live, me.id, teams]);
  return <Context value={live}>{children}</Context>;
}

export function useLive(): Live {
  const live = useContext(Context);
  if (live === null) throw new Error("useLive outside LiveProvider");
  return live;
}

export function useLiveStatus(): LiveStatus {
  return useStore(useLive().connection.status);
}
