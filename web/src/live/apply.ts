/**
 * State + event = state: the one place where what is on a screen follows what happened.
 *
 * Pure: the shapes are those of the API's answers, what does not change comes back as the same object, and applying
 * an event again, or one that the state contains already, changes nothing. Replayed against the cases that the
 * server's own check writes (`cases.json`).
 */
import type { Message, Schemas, Ticket } from "@/api/client";

import { isTicketEvent, type LiveEvent } from "./events";
import { compare, matches, type TicketQuery } from "./query";

/** Whose screen it is. */
export interface Viewer {
  id: string;
  teams: readonly string[];
}

/** The loaded part of a conversation: messages in `seq` order without a gap, up to the last one. */
export interface Thread {
  messages: Message[];
  /** Whether there are older ones to load. */
  more: boolean;
  last_seq: number;
  /** Up to where others have read. */
  read_marks: { user_id: string; seq: number }[];
}

/** The loaded part of a list, in its order. */
export interface TicketList {
  items: Ticket[];
  /** Where the rest begins; `null` when all of it is here. */
  next_cursor: string | null;
}

/** The ticket after `event`; `null` when the viewer may no longer know of it. */
export function applyToTicket(ticket: Ticket, event: LiveEvent, viewer: Viewer): Ticket | null {
  switch (event.type) {
    case "ticket:removed":
      return event.data.ticket.id === ticket.id && event.data.ticket.version >= ticket.version ? null : ticket;
    case "message:created": {
      if (event.data.conversation_id !== ticket.id || event.data.seq <= ticket.last_seq) return ticket;
      const { ticket: effect, author } = event.data;
      const changed = { ...ticket, ...effect };
      return author.id === viewer.id ? readUpTo(changed, event.data.seq) : readUpTo(changed, ticket.read_seq ?? 0);
    }
    case "conversation:read": {
      const { conversation_id, user_id, seq } = event.data;
      if (conversation_id !== ticket.id || user_id !== viewer.id || seq <= (ticket.read_seq ?? 0)) return ticket;
      return readUpTo(ticket, seq);
    }
    default:
      if (!isTicketEvent(event) || event.data.ticket.id !== ticket.id) return ticket;
      return event.data.ticket.version > ticket.version ? replaced(ticket, event.data.ticket) : ticket;
  }
}

/** `next` in the place of `ticket`, which keeps what is its reader's own. */
function replaced(ticket: Ticket, next: Ticket): Ticket {
  const waits = next.queue.state === "waiting" && ticket.queue.state === "waiting";
  const standing = waits
    ? { position: ticket.queue.position ?? null, expected_wait_seconds: ticket.queue.expected_wait_seconds ?? null }
    : { position: null, expected_wait_seconds: null };
  return readUpTo({ ...next, queue: { ...next.queue, ...standing } }, ticket.read_seq ?? 0);
}

function readUpTo(ticket: Ticket, seq: number): Ticket {
  return { ...ticket, read_seq: seq, unread: Math.max(0, ticket.last_seq - seq) };
}

/** The ticket of an event as a screen that did not have it yet shows it; `readSeq`: how far it was read, if known. */
export function introduced(ticket: Ticket, readSeq: number): Ticket {
  return readUpTo({ ...ticket, queue: { ...ticket.queue, position: null, expected_wait_seconds: null } }, readSeq);
}

/** The list after `event`. `readSeq` tells how far a ticket was read that the list did not hold. */
export function applyToList(
  list: TicketList,
  query: TicketQuery,
  event: LiveEvent,
  viewer: Viewer,
  readSeq: (id: string) => number = () => 0,
): TicketList {
  const id = event.type === "ticket:removed" ? event.data.ticket.id : (event.ticket_id ?? event.conversation_id);
  const known = list.items.find((ticket) => ticket.id === id);
  if (known !== undefined) {
    const next = applyToTicket(known, event, viewer);
    return next === known ? list : put(list, query, known.id, next, viewer);
  }
  if (!isTicketEvent(event)) return list;
  return put(list, query, event.data.ticket.id, introduced(event.data.ticket, readSeq(event.data.ticket.id)), viewer);
}

/** The list with `ticket` at its place, or without the one of that id. What belongs beyond the loaded part is left to it. */
export function put(list: TicketList, query: TicketQuery, id: string, ticket: Ticket | null, viewer: Viewer): TicketList {
  const others = list.items.filter((other) => other.id !== id);
  if (ticket === null || !matches(ticket, query, viewer)) {
    return others.length === list.items.length ? list : { ...list, items: others };
  }
  const at = others.findIndex((other) => compare(ticket, other, query.sort) < 0);
  if (at === -1 && list.next_cursor !== null) return { ...list, items: others };
  return { ...list, items: others.toSpliced(at === -1 ? others.length : at, 0, ticket) };
}

/** The thread after `event`, or `"gap"` when messages before this one are missing and must be fetched. */
export function applyToThread(thread: Thread, conversation: string, event: LiveEvent): Thread | "gap" {
  if (event.type === "conversation:read" && event.data.conversation_id === conversation) {
    return { ...thread, read_marks: marked(thread.read_marks, event.data.user_id, event.data.seq) };
  }
  if (event.type !== "message:created" || event.data.conversation_id !== conversation) return thread;
  const { ticket: _, ...message } = event.data;
  if (message.seq <= thread.last_seq) return thread;
  if (message.seq > thread.last_seq + 1) return "gap";
  return { ...thread, ...appended(thread, [message]), read_marks: marked(thread.read_marks, message.author.id, message.seq) };
}

/** The thread with `messages` behind it; those it has already are passed over. */
export function appended(thread: Thread, messages: readonly Message[]): Thread {
  const fresh = messages.filter((message) => message.seq > thread.last_seq);
  const last = fresh.at(-1);
  return last === undefined ? thread : { ...thread, messages: [...thread.messages, ...fresh], last_seq: last.seq };
}

function marked(marks: Thread["read_marks"], user: string, seq: number): Thread["read_marks"] {
  const old = marks.find((mark) => mark.user_id === user);
  if (old === undefined) return [...marks, { user_id: user, seq }];
  return old.seq >= seq ? marks : marks.map((mark) => (mark === old ? { ...mark, seq } : mark));
}

/** What the viewer was told, the newest first, after `event`. */
export function applyToNotifications(list: Schemas["NotificationPage"], event: LiveEvent): Schemas["NotificationPage"] {
  if (event.type === "notification:created") {
    if (list.items.some((told) => told.id === event.data.id)) return list;
    return { ...list, items: [event.data, ...list.items], unread: list.unread + 1 };
  }
  if (event.type !== "notification:read") return list;
  const { ids, read_at } = event.data;
  const fresh = list.items.filter((told) => told.read_at == null && ids.includes(told.id)).length;
  const elsewhere = ids.filter((id) => !list.items.some((told) => told.id === id)).length;
  if (fresh + elsewhere === 0) return list;
  return {
    ...list,
    items: list.items.map((told) => (told.read_at == null && ids.includes(told.id) ? { ...told, read_at } : told)),
    unread: Math.max(0, list.unread - fresh - elsewhere),
  };
}

/** A ticket's history after `event`: each line once, in order. */
export function applyToTimeline(lines: LiveEvent[], ticket: string, event: LiveEvent): LiveEvent[] {
  if (event.ticket_id !== ticket || !isTicketEvent(event) || lines.some((line) => line.id === event.id)) return lines;
  return [...lines, event];
}
