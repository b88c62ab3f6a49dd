/** How pages of a conversation are put together: always in `seq` order, without a gap. */
import type { Message } from "@/api/client";
import type { Thread } from "@/live/apply";

/** The thread with older messages before it; what it has already, or would leave a gap, is passed over. */
export function prepended(thread: Thread, items: readonly Message[], more: boolean): Thread {
  const first = thread.messages[0]?.seq ?? Infinity;
  const older = items.filter((message) => message.seq < first);
  if (older.length === 0) return items.length === 0 && thread.more !== more ? { ...thread, more } : thread;
  if (older.at(-1)?.seq !== first - 1) return thread;
  return { ...thread, messages: [...older, ...thread.messages], more };
}

/** The latest messages as they were fetched again, with the older ones that had been loaded before, if they join. */
export function keepOlder(before: Thread | undefined, latest: Thread): Thread {
  return before === undefined ? latest : prepended(latest, before.messages, before.more);
}
