import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { keys } from "@/live/cache";
import { useLive, useLiveStatus } from "@/live/live";

/** Keeps true whether one is given work: another tab or machine may have chosen, or the connection come to count. */
export function useOwnPresence(): void {
  const live = useLive();
  const client = useQueryClient();
  const { state } = useLiveStatus();
  useEffect(() => {
    if (state === "live") void client.invalidateQueries({ queryKey: keys.me });
  }, [client, state]);
  useEffect(
    () =>
      live.onEphemeral((name, payload) => {
        if (name !== "presence:changed" || !("user_id" in payload) || payload.user_id !== live.cache.viewer.id) return;
        void client.invalidateQueries({ queryKey: keys.me });
      }),
    [live, client],
  );
}
