import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import { filtersOf, queryOf, readInboxSearch, readTab, type InboxSearch, type Tab } from "./search";

/** The list that the address names, and how to name another one. */
export function useInbox() {
  const { tab: text, ticketId } = useParams({ strict: false });
  // The router hands on what nobody asked for too, as it stands in the address.
  const raw = useSearch({ strict: false });
  const search = useMemo(() => readInboxSearch(raw), [raw]);
  const navigate = useNavigate();
  const tab = readTab(text ?? "mine");
  const query = useMemo(() => queryOf(tab, search), [tab, search]);
  return {
    tab,
    search,
    query,
    filters: filtersOf(search),
    ticketId: ticketId ?? null,
    /** Opens a ticket beside the list. */
    open: (id: string) => void navigate({ to: "/inbox/$tab/$ticketId", params: { tab, ticketId: id }, search: withoutMessage(search) }),
    show: (next: Tab) => void navigate({ to: "/inbox/$tab", params: { tab: next }, search: withoutMessage(search) }),
    /** Narrows or orders the list otherwise; what is `undefined` is taken away. Typing leaves no trail in the history. */
    narrow: (change: { [K in keyof InboxSearch]?: InboxSearch[K] | undefined }, replace = false) => {
      const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined)) as InboxSearch;
      if (ticketId === undefined) void navigate({ to: "/inbox/$tab", params: { tab }, search: next, replace });
      else void navigate({ to: "/inbox/$tab/$ticketId", params: { tab, ticketId }, search: next, replace });
    },
  };
}

/** A list's filters go along from ticket to ticket; the message that a link named does not. */
export function withoutMessage({ message: _, ...search }: InboxSearch): InboxSearch {
  return search;
}
