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
    <nav aria-label={t("tabs")} className="-mx-2 flex">
      {TABS.map((one) => (
        <Link
          key={one}
          to="/inbox/$tab"
          params={{ tab: one }}
          search={withoutMessage(search)}
          aria-current={one === tab ? "page" : undefined}
          className="flex min-w-0 flex-auto flex-col-reverse items-center rounded-t-md border-b-2 border-transparent px-1 py-1 text-meta text-soft hover:bg-hover hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink"
        >
          <span className="max-w-full truncate" title={t(`tab.${one}`)}>
            {t(`tab.${one}`)}
          </span>
          <span className="text-body tabular-nums">{data === undefined ? "–" : data[COUNTED[one]].toLocaleString(i18n.language)}</span>
        </Link>
      ))}
    </nav>
  );
}
