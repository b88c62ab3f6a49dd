/** What stands under what in a conversation: messages, and the few things that happened to its ticket. */
import type { Message } from "@/api/client";
import { isTicketEvent, type LiveEvent } from "@/live/events";

/** Something that happened, as far as it is worth a line to the customer. */
export interface Line {
  id: string;
  at: string;
  what: "opened" | "solved" | "reopened" | "closed";
  /** Who did it; `null` when it was nobody in person. */
  by: { id: string; name: string } | null;
}

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "line"; key: string; line: Line }
  | { kind: "message"; key: string; message: Message; joined: boolean };

/** Messages of one person closer together than this stand under one name. */
const JOINED_MS = 5 * 60_000;

/** The lines of a ticket's history. */
export function linesOf(events: readonly LiveEvent[]): Line[] {
  const lines: Line[] = [];
  let solved = false;
  for (const event of events) {
    if (!isTicketEvent(event)) continue;
    const { status } = event.data.ticket;
    const { id, name, kind } = event.actor;
    const by = kind === "user" && id != null ? { id, name } : null;
    const add = (what: Line["what"]) => lines.push({ id: event.id, at: event.at, what, by });
    if (event.type === "ticket:created") add("opened");
    else if (event.data.changed.includes("status")) {
      if (status === "resolved") add("solved");
      else if (status === "closed") add("closed");
      else if (solved) add("reopened");
    }
    solved = status === "resolved" || status === "closed";
  }
  return lines;
}

interface Shown {
  messages: readonly Message[];
  lines: readonly Line[];
  /** Whether there are messages before these: lines from before them wait with them. */
  more: boolean;
  /** The last message that had been read when the conversation was opened; `null` when all had been. */
  readBefore: number | null;
}

/** All of it in the order in which it happened, cut into days. */
export function rowsOf({ messages, lines, more, readBefore }: Shown): Row[] {
  const begin = more ? Date.parse(messages[0]?.created_at ?? "") : -Infinity;
  const dated = [
    ...messages.map((message) => ({ at: Date.parse(message.created_at), message, line: null })),
    ...lines.map((line) => ({ at: Date.parse(line.at), message: null, line })).filter(({ at }) => at >= begin),
  ].sort((a, b) => a.at - b.at || rank(a.line) - rank(b.line));

  const rows: Row[] = [];
  let day = "";
  let divided = readBefore === null;
  for (const { at, message, line } of dated) {
    const today = new Date(at).toDateString();
    if (today !== day) rows.push({ kind: "day", key: `day ${today}`, at: new Date(at).toISOString() });
    day = today;
    if (line !== null) {
      rows.push({ kind: "line", key: line.id, line });
      continue;
    }
    if (!divided && message.seq > (readBefore ?? 0)) {
      rows.push({ kind: "unread", key: "unread" });
      divided = true;
    }
    rows.push({ kind: "message", key: message.client_id ?? message.id, message, joined: follows(rows.at(-1), message.author.id, at) });
  }
  return rows;
}

/** Of one moment: the ticket is opened by its first message, and a message may solve or open it again. */
function rank(line: Line | null): number {
  return line === null ? 1 : line.what === "opened" ? 0 : 2;
}

/** Whether a message stands under the name of the one above it. */
export function follows(above: Row | undefined, author: string, at: number): boolean {
  if (above?.kind !== "message" || above.message.author.id !== author) return false;
  return at - Date.parse(above.message.created_at) < JOINED_MS;
}

/** The last own message that somebody else has read; `null` when there is none. */
export function seenUpTo(messages: readonly Message[], marks: readonly { user_id: string; seq: number }[], me: string): number | null {
  const read = Math.max(0, ...marks.filter((mark) => mark.user_id !== me).map((mark) => mark.seq));
  return messages.findLast((message) => message.author.id === me && message.seq <= read)?.seq ?? null;
}
