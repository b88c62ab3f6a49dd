import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api, call, type Counts } from "@/api/client";
import { keys } from "@/live/cache";

import { TABS, type Tab } from "./search";
import { useInbox, withoutMessage } from "./useInbox";

const COUNTED: Record<Tab, Exclude<keyof Counts, "as_of">> = {
  mine: "mine",
  queue: "team_queue",
  unassigned: "unassigned",
  waiting: "waiting",
  all: "all",
};

/** The lists there are, with how much each holds now. */
export function Tabs() {
  const { t, i18n } = useTranslation("inbox");
  const { tab, search } = useInbox();
  const { data } = useQuery({ queryKey: keys.counts, queryFn: () => call(api.GET("/v1/tickets/counts")) });
  return (
    <nav aria-label={t("tabs")} className="-mx-3 flex overflow-x-auto px-1">
      {TABS.map((one) => (
        <Link
          key={one}
          to="/inbox/$tab"
          params={{ tab: one }}
          search={withoutMessage(search)}
          aria-current={one === tab ? "page" : undefined}
          className="flex shrink-0 items-baseline gap-1 border-b-2 border-transparent px-2 py-1.5 whitespace-nowrap text-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink"
        >
          {t(`tab.${one}`)}
          {data !== undefined && <span className="text-meta tabular-nums">{data[COUNTED[one]].toLocaleString(i18n.language)}</span>}
        </Link>
      ))}
    </nav>
  );
}
