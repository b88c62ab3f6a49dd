import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { queryOf } from "@/inbox/search";
import { useTicketList } from "@/live/useTicketList";

/** What is mine to do, as the inbox asks for it: held wherever one is, for the title and for notices. */
const MINE = queryOf("mine", {});

const AREAS = ["inbox", "queues"] as const;

/** Names the tab after where one is and how many tickets of one's own have something unread. */
export function useTitle(): void {
  const { t } = useTranslation("app");
  const area = useRouterState({ select: ({ location }) => AREAS.find((one) => location.pathname.startsWith(`/${one}`)) });
  const { list } = useTicketList(MINE);
  const unread = list.data?.items.filter((ticket) => (ticket.unread ?? 0) > 0).length ?? 0;
  useEffect(() => {
    const place = area === undefined ? "" : `${t(`rail.${area}`)} · `;
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${place}Baton`;
  }, [unread, area, t]);
}
