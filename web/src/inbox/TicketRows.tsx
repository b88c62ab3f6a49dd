import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp, Inbox } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useKeys } from "@/app/keyboard";
import { useLive, useLiveStatus } from "@/live/live";
import type { TicketQuery } from "@/live/query";
import { useTicketList } from "@/live/useTicketList";
import { Button } from "@/ui/Button";
import { Empty, Failure, Skeleton } from "@/ui/States";

import { arrange, isSame } from "./frozen";
import { ROW_HEIGHT, TicketRow } from "./TicketRow";
import { useInbox, withoutMessage } from "./useInbox";

/** How many rows before the end the next page is asked for. */
const AHEAD = 20;

/** The rows of a list, of which only those are drawn that can be seen. */
export function TicketRows({ query }: { query: TicketQuery }) {
  const { t } = useTranslation("inbox");
  const { list, more, loadMore } = useTicketList(query);
  if (list.data === undefined) {
    if (!list.isError) return <Loading />;
    const detail = list.error instanceof ApiError ? list.error.problem.detail : t("failed.detail");
    return <Failure title={t("failed.title")} detail={detail} retryLabel={t("app:retry")} onRetry={() => void list.refetch()} />;
  }
  return (
    <>
      <Rows items={list.data.items} hasMore={list.data.next_cursor !== null} onEnd={loadMore} />
      {more === "failed" && (
        <p role="alert" className="flex items-center justify-between gap-2 border-t border-line px-3 py-1.5 text-bad">
          {t("failed.more")}
          <Button onClick={loadMore}>{t("app:retry")}</Button>
        </p>
      )}
    </>
  );
}

interface RowsProps {
  items: readonly Ticket[];
  hasMore: boolean;
  onEnd: () => void;
}

function Rows({ items, hasMore, onEnd }: RowsProps) {
  const { t } = useTranslation("inbox");
  const { tab, search, ticketId, open } = useInbox();
  const live = useLive();
  const hold = useHold();
  const [shown, setShown] = useState<readonly string[]>([]);
  const actual = useMemo(() => items.map((ticket) => ticket.id), [items]);
  const { ids, fresh, gone } = useMemo(() => arrange(shown, actual, hold.frozen), [shown, actual, hold.frozen]);
  if (!isSame(ids, shown)) setShown(ids);

  const byId = useMemo(() => new Map(items.map((ticket) => [ticket.id, ticket])), [items]);
  // What left the list stays as it was last seen.
  const [seen, setSeen] = useState<ReadonlyMap<string, Ticket>>(byId);
  const ticketOf = (id: string) => byId.get(id) ?? live.cache.known(id) ?? seen.get(id);
  if (gone.size === 0 && seen !== byId) setSeen(byId);

  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are used in this component alone
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => hold.scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 6,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= ids.length - AHEAD) onEnd();
  }, [hasMore, last, ids.length, onEnd]);

  const step = (by: number) => {
    const now = ids.findIndex((id) => id === ticketId);
    const next = ids[now === -1 ? 0 : now + by];
    if (next === undefined) return;
    rows.scrollToIndex(ids.indexOf(next));
    open(next);
  };
  useKeys([
    { keys: "j", label: t("keys.next"), act: () => step(1) },
    { keys: "Alt+ArrowDown", label: t("keys.next"), act: () => step(1) },
    { keys: "k", label: t("keys.previous"), act: () => step(-1) },
    { keys: "Alt+ArrowUp", label: t("keys.previous"), act: () => step(-1) },
  ]);
  const rowSearch = useMemo(() => withoutMessage(search), [search]);

  if (ids.length === 0) return <Nothing />;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <Pill count={fresh} onClick={hold.release} />
      <div ref={hold.scroller} {...hold.handlers} className="min-h-0 flex-1 overflow-y-auto">
        <ul aria-label={t(`tab.${tab}`)} className="relative" style={{ height: rows.getTotalSize() }}>
          {visible.map(({ key, index, start }) => {
            const ticket = ticketOf(ids[index] ?? "");
            return (
              <li
                key={key}
                aria-setsize={hasMore ? -1 : ids.length}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0"
                style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
              >
                {ticket !== undefined && (
                  <TicketRow ticket={ticket} tab={tab} search={rowSearch} chosen={ticket.id === ticketId} gone={gone.has(ticket.id)} />
                )}
              </li>
            );
          })}
        </ul>
      </div>
      <Stale />
    </div>
  );
}

/** Whether rows must stay where they are: the pointer or the keyboard is among them, or they are scrolled. */
function useHold() {
  const scroller = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [released, setReleased] = useState(false);
  const release = useCallback(() => {
    setReleased(true);
    scroller.current?.scrollTo({ top: 0 });
    // Long enough to take the new order; then the pointer counts again.
    requestAnimationFrame(() => setReleased(false));
  }, []);
  return {
    scroller,
    frozen: (pointed || focused || scrolled) && !released,
    release,
    handlers: {
      onPointerEnter: (event: React.PointerEvent) => setPointed(event.pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocus: (event: React.FocusEvent) => setFocused(event.target.matches(":focus-visible")),
      onBlur: () => setFocused(false),
      onScroll: (event: React.UIEvent<HTMLDivElement>) => setScrolled(event.currentTarget.scrollTop > ROW_HEIGHT / 2),
    },
  };
}

function Pill({ count, onClick }: { count: number; onClick: () => void }) {
  const { t } = useTranslation("inbox");
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={onClick}
          className="pointer-events-auto inline-flex min-h-7 items-center gap-1 rounded-full bg-accent px-3 text-meta font-semibold text-on-accent shadow-float hover:bg-accent-strong"
        >
          <ArrowUp size={12} aria-hidden />
          {t("fresh", { count })}
        </button>
      )}
    </div>
  );
}

/** Says as of when the list is while nothing arrives. */
function Stale() {
  const { t, i18n } = useTranslation("inbox");
  const { state, since } = useLiveStatus();
  if (state === "live") return null;
  return (
    <p className="border-t border-line bg-due-wash px-3 py-1 text-meta text-due">
      {t("stale", { time: new Date(since).toLocaleTimeString(i18n.language, { hour: "2-digit", minute: "2-digit" }) })}
    </p>
  );
}

function Nothing() {
  const { t } = useTranslation("inbox");
  const { tab, search, filters, narrow } = useInbox();
  const narrowed = filters > 0 || search.q !== undefined;
  return (
    <Empty
      icon={<Inbox size={28} aria-hidden />}
      title={t(narrowed ? "empty.narrowed" : `empty.${tab}`)}
      hint={t(narrowed ? "empty.narrowedHint" : `empty.${tab}Hint`)}
      action={
        narrowed ? (
          <Button onClick={() => narrow({ status: undefined, priority: undefined, team: undefined, tag: undefined, q: undefined })}>
            {t("filter.clear")}
          </Button>
        ) : undefined
      }
    />
  );
}

function Loading() {
  const { t } = useTranslation("inbox");
  return (
    <div aria-busy="true" className="min-h-0 flex-1 overflow-hidden">
      <span className="sr-only">{t("loading")}</span>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="flex gap-2.5 border-b border-line px-3 py-3">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-3 w-1/2" />
            <Skeleton className="h-3 w-5/6" />
            <Skeleton className="h-3 w-2/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
