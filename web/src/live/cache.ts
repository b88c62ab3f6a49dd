/** Keeps what the screens have loaded in line with what happens: the events' way into the query cache. */
import type { QueryClient } from "@tanstack/react-query";

import type { Schemas, Ticket } from "@/api/client";

import {
  appended,
  applyToList,
  applyToNotifications,
  applyToThread,
  applyToTicket,
  applyToTimeline,
  put,
  type Thread,
  type TicketList,
  type Viewer,
} from "./apply";
import { isTicketEvent, type LiveEvent } from "./events";
import type { TicketQuery } from "./query";

/** The keys under which live state is kept. */
export const keys = {
  me: ["me"] as const,
  counts: ["counts"] as const,
  queues: ["queues"] as const,
  notifications: ["notifications"] as const,
  lists: ["tickets"] as const,
  list: (query: TicketQuery) => ["tickets", query] as const,
  ticket: (id: string) => ["ticket", id] as const,
  thread: (id: string) => ["thread", id] as const,
  timeline: (id: string) => ["timeline", id] as const,
  decisions: (id: string) => ["decisions", id] as const,
};

/** What the cache fetches by itself when an event alone does not tell enough. */
export interface Sources {
  ticket(id: string): Promise<Ticket>;
  messagesAfter(conversation: string, seq: number): Promise<{ items: Thread["messages"]; more: boolean }>;
}

/** Events of this many milliseconds are kept, to be applied again to what was asked for before they came. */
const KEPT_MS = 60_000;
/** Figures that follow from many tickets are fetched again at most this often. */
const FIGURES_EVERY_MS = 1_000;

/** So many tickets are fetched one by one. */
const FEW = 8;

interface Kept {
  at: number;
  event: LiveEvent;
}

export class LiveCache {
  readonly #client: QueryClient;
  readonly #sources: Sources;
  #viewer: Viewer;
  #recent: Kept[] = [];
  /** How far tickets were read that left a list and may come back. */
  readonly #readSeq = new Map<string, number>();
  readonly #fetching = new Set<string>();
  readonly #unknown = new Set<string>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  readonly #stale = new Set<"me" | "counts" | "queues">();
  #figures: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient, viewer: Viewer, sources: Sources) {
    this.#client = client;
    this.#viewer = viewer;
    this.#sources = sources;
  }

  get viewer(): Viewer {
    return this.#viewer;
  }

  setViewer(viewer: Viewer): void {
    this.#viewer = viewer;
  }

  /** Fetches, and applies to what came all that happened meanwhile: the answer may be from before it. */
  async fresh<T>(fetch: () => Promise<T>, apply: (state: T, event: LiveEvent) => T): Promise<T> {
    const asked = performance.now();
    const state = await fetch();
    const meanwhile = this.#recent.filter((kept) => kept.at >= asked);
    return meanwhile.reduce<T>((state, { event }) => apply(state, event), state);
  }

  /** Brings every screen up to date with `event`. */
  apply(event: LiveEvent): void {
    const now = performance.now();
    this.#recent = [...this.#recent.filter((kept) => kept.at > now - KEPT_MS), { at: now, event }];
    this.#applyToTickets(event);
    this.#applyToLists(event);
    this.#applyToThreads(event);
    this.#patch<Schemas["NotificationPage"]>(keys.notifications, (list) => applyToNotifications(list, event));
    this.#patch<LiveEvent[]>(["timeline"], (lines, [, id]) => applyToTimeline(lines, String(id), event));
    this.#markFigures(event);
  }

  /** What was missed cannot be told: everything on a screen is fetched again. */
  reset(): void {
    this.#recent = [];
    void this.#client.invalidateQueries();
  }

  /** Puts a ticket as an answer gave it on every screen; an answer may be older than what an event told. */
  learn(ticket: Ticket): void {
    this.#remember(ticket);
    const newer = (old: Ticket) => (old.version > ticket.version ? old : ticket);
    this.#client.setQueryData<Ticket>(keys.ticket(ticket.id), (old) => (old === undefined ? undefined : newer(old)));
    this.#patch<TicketList>(keys.lists, (list, [, query]) => {
      const known = list.items.find((other) => other.id === ticket.id);
      if (known !== undefined && known.version > ticket.version) return list;
      return put(list, query as TicketQuery, ticket.id, ticket, this.#viewer);
    });
  }

  /** A ticket that some screen holds already. */
  known(id: string): Ticket | undefined {
    const single = this.#client.getQueryData<Ticket>(keys.ticket(id));
    if (single !== undefined) return single;
    for (const [, list] of this.#client.getQueriesData<TicketList>({ queryKey: keys.lists })) {
      const found = list?.items.find((ticket) => ticket.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #patch<T>(prefix: readonly unknown[], change: (state: T, key: readonly unknown[]) => T): void {
    for (const [key, state] of this.#client.getQueriesData<T>({ queryKey: prefix })) {
      if (state === undefined) continue;
      const next = change(state, key);
      if (next !== state) this.#client.setQueryData(key, next);
    }
  }

  #applyToTickets(event: LiveEvent): void {
    this.#patch<Ticket>(["ticket"], (ticket) => {
      const next = applyToTicket(ticket, event, this.#viewer);
      if (next === null) {
        // Asked again, the server says whether it is really gone for us.
        void this.#client.invalidateQueries({ queryKey: keys.ticket(ticket.id) });
        return ticket;
      }
      return next;
    });
  }

  #applyToLists(event: LiveEvent): void {
    let held = false;
    let partial = false;
    const id = event.ticket_id ?? event.conversation_id ?? "";
    this.#patch<TicketList>(keys.lists, (list, [, query]) => {
      for (const ticket of list.items) if (ticket.id === id) this.#remember(ticket);
      held ||= list.items.some((ticket) => ticket.id === id);
      partial ||= list.next_cursor !== null;
      return applyToList(list, query as TicketQuery, event, this.#viewer, (id) => this.#readSeq.get(id) ?? 0);
    });
    // A message moves a ticket up that is not loaded; a ticket that comes back was read who knows how far.
    const unknown = event.type === "message:created" && !held && partial;
    const unread = isTicketEvent(event) && event.type !== "ticket:created" && !held && !this.#readSeq.has(id);
    if (unknown || unread) this.#askFor(id);
  }

  /** Fetches tickets that events told too little of: one by one while they are few, else the lists anew. */
  #askFor(id: string): void {
    this.#unknown.add(id);
    this.#asking ??= setTimeout(() => {
      this.#asking = undefined;
      const ids = [...this.#unknown];
      this.#unknown.clear();
      if (ids.length <= FEW) for (const one of ids) void this.#introduce(one);
      else void this.#client.invalidateQueries({ queryKey: keys.lists });
    }, FIGURES_EVERY_MS);
  }

  async #introduce(id: string): Promise<void> {
    if (this.#fetching.has(id)) return;
    this.#fetching.add(id);
    try {
      const apply = (ticket: Ticket | null, event: LiveEvent) => ticket && applyToTicket(ticket, event, this.#viewer);
      const ticket = await this.fresh<Ticket | null>(() => this.#sources.ticket(id), apply);
      if (ticket !== null) this.learn(ticket);
    } catch {
      // Out of sight, or out of reach: then the next reset brings it.
    } finally {
      this.#fetching.delete(id);
    }
  }

  #remember(ticket: Ticket): void {
    if (ticket.read_seq != null) this.#readSeq.set(ticket.id, ticket.read_seq);
  }

  #applyToThreads(event: LiveEvent): void {
    this.#patch<Thread>(["thread"], (thread, [, id]) => {
      const next = applyToThread(thread, String(id), event);
      if (next !== "gap") return next;
      void this.#fill(String(id), thread.last_seq);
      return thread;
    });
  }

  /** Fetches the messages that are missing before one that came. */
  async #fill(conversation: string, after: number): Promise<void> {
    if (this.#fetching.has(conversation)) return;
    this.#fetching.add(conversation);
    try {
      let seq = after;
      let more = true;
      while (more) {
        const page = await this.#sources.messagesAfter(conversation, seq);
        this.#client.setQueryData<Thread>(keys.thread(conversation), (thread) => thread && appended(thread, page.items));
        seq = page.items.at(-1)?.seq ?? seq;
        more = page.more && page.items.length > 0;
      }
    } catch {
      void this.#client.invalidateQueries({ queryKey: keys.thread(conversation) });
    } finally {
      this.#fetching.delete(conversation);
    }
  }

  /** Notes which figures follow from the event; they are fetched together, soon and not too often. */
  #markFigures(event: LiveEvent): void {
    if (event.type === "conversation:read" || event.type.startsWith("notification:")) return;
    this.#stale.add("counts");
    if (isTicketEvent(event) || event.type === "ticket:removed") {
      this.#stale.add("me").add("queues");
      const ticket = event.ticket_id ?? "";
      void this.#client.invalidateQueries({ queryKey: keys.decisions(ticket) });
    }
    this.#figures ??= setTimeout(() => {
      this.#figures = undefined;
      for (const figure of this.#stale) void this.#client.invalidateQueries({ queryKey: keys[figure] });
      this.#stale.clear();
    }, FIGURES_EVERY_MS);
  }

  close(): void {
    clearTimeout(this.#figures);
    clearTimeout(this.#asking);
  }
}

