/** A conversation on the screen: its last messages, older ones as one scrolls, new ones as they come. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { api, call } from "@/api/client";
import type { Thread } from "@/live/apply";
import { keys } from "@/live/cache";
import { useLive } from "@/live/live";

import { keepOlder, prepended } from "./pages";

const PAGE = 50;
const LONG_PAGE = 100;

export interface OpenThread {
  thread: Thread | undefined;
  /** Why it could not be loaded. */
  error: Error | null;
  retry: () => void;
  older: "idle" | "loading" | "failed";
  loadOlder: () => void;
  /** Loads back to that message; whether it is there then. */
  loadTo: (seq: number) => Promise<boolean>;
}

export function useThread(id: string): OpenThread {
  const live = useLive();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: keys.thread(id),
    queryFn: async () => {
      const latest = await live.thread(id);
      return keepOlder(client.getQueryData<Thread>(keys.thread(id)), latest);
    },
  });
  const [older, setOlder] = useState<OpenThread["older"]>("idle");
  const busy = useRef(false);

  useEffect(() => {
    live.connection.show([id]);
    return () => live.connection.show([]);
  }, [live, id]);

  const loadPage = useCallback(
    async (limit: number) => {
      const first = client.getQueryData<Thread>(keys.thread(id))?.messages[0]?.seq;
      if (first === undefined) return;
      const params = { path: { id }, query: { before_seq: first, limit } };
      const page = await call(api.GET("/v1/conversations/{id}/messages", { params }));
      client.setQueryData<Thread>(keys.thread(id), (thread) => thread && prepended(thread, page.items, page.more));
    },
    [client, id],
  );

  const guarded = useCallback(
    async (pages: () => Promise<void>) => {
      if (busy.current) return;
      busy.current = true;
      setOlder("loading");
      try {
        await pages();
        setOlder("idle");
      } catch {
        setOlder("failed");
      } finally {
        busy.current = false;
      }
    },
    [],
  );

  const loadOlder = useCallback(() => void guarded(() => loadPage(PAGE)), [guarded, loadPage]);

  const loadTo = useCallback(
    async (seq: number) => {
      const thread = () => client.getQueryData<Thread>(keys.thread(id));
      const missing = () => thread()?.more === true && (thread()?.messages[0]?.seq ?? 0) > seq;
      await guarded(async () => {
        while (missing()) await loadPage(LONG_PAGE);
      });
      return thread()?.messages.some((message) => message.seq === seq) ?? false;
    },
    [client, id, guarded, loadPage],
  );

  return { thread: query.data, error: query.data === undefined ? query.error : null, retry: () => void query.refetch(), older, loadOlder, loadTo };
}
