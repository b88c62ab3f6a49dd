/** What stands in a conversation, in its order: days, messages, lines of history, and where the news begin. */
import type { Message } from "@/api/client";
import type { Thread } from "@/live/apply";

import type { Line } from "./lines";

export type Item =
  | { kind: "day"; key: string; at: string }
  | { kind: "news"; key: string }
  | { kind: "message"; key: string; message: Message; joined: boolean }
  | { kind: "line"; key: string; line: Line };

/** Messages of one person within this stand together under one name. */
const JOINED_MS = 5 * 60_000;

/** `newsFrom`: the first message that was unread when the thread was opened. */
export function itemsOf(thread: Thread, lines: readonly Line[], newsFrom: number | null): Item[] {
  const items: Item[] = [];
  let day = "";
  let above: Message | undefined;
  for (const happened of merged(thread, lines)) {
    const at = "line" in happened ? happened.line.at : happened.message.created_at;
    const today = new Date(at).toDateString();
    if (today !== day) {
      items.push({ kind: "day", key: `day ${today}`, at });
      day = today;
      above = undefined;
    }
    if ("line" in happened) {
      items.push({ kind: "line", key: happened.line.id, line: happened.line });
      above = undefined;
      continue;
    }
    const { message } = happened;
    if (message.seq === newsFrom) {
      items.push({ kind: "news", key: "news" });
      above = undefined;
    }
    items.push({ kind: "message", key: message.id, message, joined: above !== undefined && joins(above, message) });
    above = message;
  }
  return items;
}

/** Whether a message stands under the name above it. */
export function joins(above: Joinable, message: Joinable): boolean {
  const apart = Date.parse(message.created_at) - Date.parse(above.created_at);
  return above.author.id === message.author.id && above.kind === message.kind && apart < JOINED_MS;
}

type Joinable = Pick<Message, "kind" | "created_at"> & { author: Pick<Message["author"], "id"> };

/** Both by time. Lines from before the oldest loaded message wait for it; what a message did stands behind it. */
function merged(thread: Thread, lines: readonly Line[]): ({ message: Message } | { line: Line })[] {
  const oldest = thread.more ? (thread.messages[0]?.created_at ?? "") : "";
  const rest = lines.filter((line) => Date.parse(line.at) >= (oldest === "" ? 0 : Date.parse(oldest)));
  const all: ({ message: Message } | { line: Line })[] = [];
  let next = 0;
  const linesUntil = (stop: (line: Line) => boolean) => {
    for (let line = rest[next]; line !== undefined && stop(line); line = rest[next]) {
      all.push({ line });
      next += 1;
    }
  };
  for (const message of thread.messages) {
    const time = Date.parse(message.created_at);
    linesUntil((line) => Date.parse(line.at) < time || (Date.parse(line.at) === time && opens(line)));
    all.push({ message });
  }
  linesUntil(() => true);
  return all;
}

function opens(line: Line): boolean {
  return line.happenings.some(({ what }) => what === "created");
}

/** The first message of somebody else that was not read up to `readSeq`. */
export function firstUnread(thread: Thread, readSeq: number, viewer: string): number | null {
  return thread.messages.find((message) => message.seq > readSeq && message.author.id !== viewer)?.seq ?? null;
}

/** Who has read up to which message, by its `seq`; who wrote it has read it without saying so. */
export function readersOf(thread: Thread, viewer: string): Map<number, string[]> {
  const readers = new Map<number, string[]>();
  for (const { user_id, seq } of thread.read_marks) {
    const message = thread.messages.find((one) => one.seq === seq);
    if (message === undefined || user_id === viewer || message.author.id === user_id) continue;
    readers.set(seq, [...(readers.get(seq) ?? []), user_id]);
  }
  return readers;
}
