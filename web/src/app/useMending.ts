/** Gets by itself at what could not be had: nobody has to reload or to press anything. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { api } from "@/api/client";
import { health } from "@/api/health";
import { restore, session } from "@/api/session";
import { useStore } from "@/api/store";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

export function useMending(): void {
  const client = useQueryClient();
  const { status } = useStore(session);
  const down = useStore(health) === "down";
  useEffect(() => (status === "unreachable" ? again(restore) : undefined), [status]);
  useEffect(() => (status === "in" && down ? again(ask) : undefined), [status, down]);
  useEffect(() => {
    if (!down) void client.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" });
  }, [client, down]);
}

/** Asks the API; how that went is noted in `health`. */
async function ask(): Promise<void> {
  await api.GET("/v1/me").catch(() => undefined);
}

/** Does `act` again and again, ever more rarely, and at once when the network is back. */
function again(act: () => Promise<void>): () => void {
  let pause = FIRST_PAUSE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const attempt = async () => {
    clearTimeout(timer);
    await act();
    plan();
  };
  const plan = () => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void attempt(), pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  };
  const hurry = () => void attempt();
  addEventListener("online", hurry);
  plan();
  return () => {
    stopped = true;
    clearTimeout(timer);
    removeEventListener("online", hurry);
  };
}
