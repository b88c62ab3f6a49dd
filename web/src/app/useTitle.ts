import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { api, call } from "@/api/client";
import { keys } from "@/live/cache";

/** Names the tab after where one is and how much is one's own. */
export function useTitle(): void {
  const { t } = useTranslation("app");
  const area = useRouterState({ select: (state) => (state.location.pathname.startsWith("/queues") ? "queues" : "inbox") });
  const { data } = useQuery({ queryKey: keys.counts, queryFn: () => call(api.GET("/v1/tickets/counts")) });
  const mine = data?.mine ?? 0;
  useEffect(() => {
    document.title = `${mine > 0 ? `(${mine}) ` : ""}${t(`rail.${area}`)} · Baton`;
  }, [mine, area, t]);
}
