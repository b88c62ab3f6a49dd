/** What of a list is in the address. */
import type { Priority, Status } from "@/api/client";
import type { Sort } from "@/live/query";

export interface InboxSearch {
  status?: Status[];
  priority?: Priority[];
  team?: string[];
  tag?: string[];
  q?: string;
  sort?: Sort;
  /** The message to show, by its `seq`. */
  message?: number;
}

/** Reads the search of an address; what makes no sense is left out. */
export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  return raw as InboxSearch;
}
