import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { api, call, type Schemas } from "@/api/client";
import { keys } from "@/live/cache";
import { useLive } from "@/live/live";

import { patched } from "./patched";

/** The queues, patched by what passes by and fetched again when tickets move. */
export function useQueueWall() {
  const live = useLive();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEphemeral((name, payload) => {
        // What is patched is as old as before: its waits go on from when all of it was read.
        const updatedAt = client.getQueryState(keys.queues)?.dataUpdatedAt ?? 0;
        const age = (Date.now() - updatedAt) / 1000;
        client.setQueryData<Schemas["Queue"][]>(keys.queues, (queues) => queues && patched(queues, name, payload, age), { updatedAt });
      }),
    [live, client],
  );
  return useQuery({ queryKey: keys.queues, queryFn: async () => (await call(api.GET("/v1/queues"))).items });
}
