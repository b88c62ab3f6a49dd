import { defaultRangeExtractor, useVirtualizer, type Range } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { useKeys } from "@/app/keyboard";
import { useMay } from "@/ticket/people";

import { NewsPill } from "./NewsPill";
import { Nothing } from "./Nothing";
import { ROW_REM, TicketRow } from "./TicketRow";
import { useClaim } from "./useClaim";
import { useHold } from "./useHold";
import { useInbox, withoutMessage } from "./useInbox";
import { useRows } from "./useRows";

/** How many rows before the end the next page is asked for. */
const AHEAD = 20;

interface RowsProps {
  items: readonly Ticket[];
  hasMore: boolean;
  /** Whether more may be asked for now. */
  mayLoad: boolean;
  onEnd: () => void;
}

/** The rows of a list, of which only those are drawn that can be seen. */
export function Rows({ items, hasMore, mayLoad, onEnd }: RowsProps) {
  const { t } = useTranslation("inbox");
  const { tab, search, ticketId, open } = useInbox();
  const hold = useHold();
  const { rows, fresh } = useRows(items, hold);
  const claim = useClaim();
  const mayClaim = useMay("tickets.claim");
  const scroller = useRef<HTMLDivElement>(null);
  const [rowHeight] = useState(() => ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize));
  const indexOf = (id: string | null | undefined) => (id == null ? -1 : rows.findIndex(({ item }) => item.id === id));
  // A row that is not drawn would lose the focus.
  const focused = indexOf(hold.focused?.id);
  const drawn = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      return focused === -1 || seen.includes(focused) ? seen : [...seen, focused].sort((a, b) => a - b);
    },
    [focused],
  );
  // What its functions return is read in this render only, never handed to what is memoised.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.item.id ?? index,
    rangeExtractor: drawn,
    overscan: 6,
  });
  const last = virtual.range?.endIndex ?? 0;
  const wantsMore = hasMore && mayLoad && last >= rows.length - AHEAD;
  useEffect(() => {
    if (wantsMore) onEnd();
  });

  // Opened by a link, the row of the ticket is brought into sight once.
  const chosen = indexOf(ticketId);
  const shown = useRef(false);
  useEffect(() => {
    if (shown.current) return;
    shown.current = true;
    if (chosen !== -1) virtual.scrollToIndex(chosen);
  }, [virtual, chosen]);

  // Where the keyboard is among the rows, it goes along.
  const follow = useRef(false);
  useEffect(() => {
    if (!follow.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(ticketId ?? "")}"] > a`);
    if (row == null) return;
    follow.current = false;
    row.focus({ preventScroll: true });
  });
  const step = (by: number) => {
    const next = chosen === -1 ? 0 : chosen + by;
    const row = rows[next];
    if (row === undefined) return;
    follow.current = scroller.current?.contains(document.activeElement) ?? false;
    virtual.scrollToIndex(next);
    open(row.item.id);
  };
  useKeys([
    { keys: "j", label: t("keys.next"), act: () => step(1) },
    { keys: "Alt+ArrowDown", label: t("keys.next"), act: () => step(1) },
    { keys: "k", label: t("keys.previous"), act: () => step(-1) },
    { keys: "Alt+ArrowUp", label: t("keys.previous"), act: () => step(-1) },
  ]);

  const rowSearch = useMemo(() => withoutMessage(search), [search]);
  const toNews = () => {
    hold.release();
    scroller.current?.scrollTo({ top: 0 });
  };
  return (
    <div {...hold.handlers} className="relative flex min-h-0 flex-1 flex-col">
      <NewsPill count={fresh} onClick={toNews} />
      {rows.length === 0 ? (
        <Nothing />
      ) : (
        <div ref={scroller} onScroll={hold.onScroll} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
          <ul aria-label={t(`tab.${tab}`)} className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ key, index, start, size }) => {
              const row = rows[index];
              return (
                <li
                  key={key}
                  data-row={row?.item.id}
                  aria-setsize={hasMore ? -1 : rows.length}
                  aria-posinset={index + 1}
                  className="group absolute inset-x-0 top-0"
                  style={{ height: size, transform: `translateY(${start}px)` }}
                >
                  {row !== undefined && (
                    <TicketRow
                      ticket={row.item}
                      tab={tab}
                      search={rowSearch}
                      chosen={row.item.id === ticketId}
                      gone={row.gone}
                      onClaim={mayClaim ? claim : null}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
