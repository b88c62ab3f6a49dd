/** What of a list is in the address: its tab in the path, its filters and its order in the search. */
import type { Priority, Status } from "@/api/client";
import type { Sort, TicketQuery } from "@/live/query";

export const TABS = ["mine", "queue", "unassigned", "waiting", "all"] as const;
export type Tab = (typeof TABS)[number];

export const STATUSES = ["new", "open", "waiting", "on_hold", "resolved", "closed"] as const satisfies readonly Status[];
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies readonly Priority[];
/** The orders that people ask for. */
export const SORTS = ["sla_due_at", "priority", "waiting_since", "-updated_at", "-created_at"] as const satisfies readonly Sort[];

/** What a tab counts when no status is asked for: what somebody may still have to do something about. */
const ACTIVE: Status[] = ["new", "open", "waiting", "on_hold"];

export interface InboxSearch {
  status?: Status[];
  priority?: Priority[];
  /** Ids of teams. */
  team?: string[];
  tag?: string[];
  q?: string;
  sort?: Sort;
  /** The message to show, by its `seq`. */
  message?: number;
}

/** Reads the search of an address; what makes no sense is left out. */
export function readInboxSearch(raw: { [name: string]: unknown }): InboxSearch {
  const words = (value: unknown) => [value].flat().flatMap((one) => (typeof one === "string" ? one.split(",") : [])).filter(Boolean);
  const among = <T extends string>(value: unknown, known: readonly T[]) => known.filter((one) => words(value).includes(one));
  const some = <K extends string, T>(name: K, values: T[]) => (values.length === 0 ? {} : ({ [name]: values } as Record<K, T[]>));
  const sort = SORTS.find((one) => one === raw["sort"]);
  const q = typeof raw["q"] === "string" ? raw["q"].slice(0, 300) : "";
  const message = Number(raw["message"]);
  return {
    ...some("status", among(raw["status"], STATUSES)),
    ...some("priority", among(raw["priority"], PRIORITIES)),
    ...some("team", words(raw["team"])),
    ...some("tag", words(raw["tag"])),
    ...(q === "" ? {} : { q }),
    ...(sort === undefined ? {} : { sort }),
    ...(Number.isInteger(message) && message > 0 ? { message } : {}),
  };
}

/** The tab that an address names; an unknown one is one's own. */
export function readTab(text: string): Tab {
  return TABS.find((tab) => tab === text) ?? "mine";
}

export function sortOf(tab: Tab, search: InboxSearch): Sort {
  return search.sort ?? (tab === "all" ? "-updated_at" : "sla_due_at");
}

/** What a tab with these filters asks the API for. */
export function queryOf(tab: Tab, search: InboxSearch): TicketQuery {
  const { status, priority, team, tag, q } = search;
  const narrowed = {
    ...(priority === undefined ? {} : { priority }),
    ...(team === undefined ? {} : { team }),
    ...(tag === undefined ? {} : { tag }),
    ...(q === undefined ? {} : { q }),
    sort: sortOf(tab, search),
  };
  const statuses = { status: status ?? ACTIVE };
  switch (tab) {
    case "mine":
      return { assignee: ["me"], ...statuses, ...narrowed };
    case "queue":
      return { queue: ["waiting"], ...(status === undefined ? {} : { status }), ...narrowed };
    case "unassigned":
      return { assignee: ["none"], ...statuses, ...narrowed };
    case "waiting":
      return { waiting: true, ...statuses, ...narrowed };
    case "all":
      return { ...statuses, ...narrowed };
  }
}

/** The filters, taken away. */
export const NO_FILTERS = { status: undefined, priority: undefined, team: undefined, tag: undefined };

/** How many filters narrow the list, beside the text. */
export function filtersOf({ status, priority, team, tag }: InboxSearch): number {
  return [status, priority, team, tag].filter((one) => one !== undefined).length;
}
