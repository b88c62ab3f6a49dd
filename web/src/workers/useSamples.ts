import { useQuery, useQueryClient } from "@tanstack/react-query";

import { api, call, type Schemas } from "@/api/client";
import { keys } from "@/live/cache";
import { useLive } from "@/live/live";
import { useMay } from "@/ticket/people";

import { kept, type Sample } from "./samples";

/** Workers report every 5 s and tell nobody: while the page is shown they are looked at as often. */
const EVERY_MS = 5_000;
const KEY = ["workers"] as const;

/** What the looks of this page have seen, the newest last. */
export function useSamples() {
  const { connection } = useLive();
  const client = useQueryClient();
  const mayJobs = useMay("jobs.view");
  const look = async (): Promise<Sample[]> => {
    const [workers, jobs] = await Promise.all([call(api.GET("/v1/workers")), mayJobs ? call(api.GET("/v1/jobs/stats")) : null]);
    const queues = client.getQueryData<Schemas["Queue"][]>(keys.queues);
    const waiting = queues?.reduce((sum, queue) => sum + queue.waiting, 0) ?? null;
    const fresh = { at: Date.now() + connection.offsetMs, workers: workers.items, jobs, waiting };
    return kept(client.getQueryData<Sample[]>(KEY) ?? [], fresh);
  };
  // Another visit begins anew: lines with holes in them mislead.
  return useQuery({ queryKey: KEY, queryFn: look, refetchInterval: EVERY_MS, gcTime: 0, structuralSharing: false });
}
