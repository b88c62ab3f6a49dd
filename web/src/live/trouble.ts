/** What stands between a screen and the truth, in one word, and since when. */
import { useEffect, useState, useSyncExternalStore } from "react";

import { health, type Health } from "@/api/health";
import { useStore } from "@/api/store";

import type { LiveStatus } from "./connection";
import { useLive } from "./live";

/** The word for it; `null` when all is well. */
export type Trouble = "offline" | "server" | "connecting" | "replaying" | "lag" | null;

/** Trouble that mends itself sooner is not worth a word. */
const PATIENCE_MS = 2_000;
/** Events that come later than this are late enough to be told. */
const LATE_MS = 5_000;

/** The cause that explains the others comes first. */
export function troubleOf(live: LiveStatus["state"], health: Health, online: boolean, lagMs: number): Trouble {
  // What gets through is no false alarm of the browser.
  if (!online && live !== "live") return "offline";
  if (health === "down") return "server";
  if (live !== "live") return live;
  return lagMs > LATE_MS ? "lag" : null;
}

/** What is wrong now; it mends itself. */
export function useTrouble(): Trouble {
  const { connection } = useLive();
  const { state } = useStore(connection.status);
  const answers = useStore(health);
  const lagMs = useStore(connection.lagMs);
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  return troubleOf(state, answers, online, lagMs);
}

/** Since when something is wrong, once that is longer than a moment. */
export function useTroubledSince(trouble: Trouble): string | null {
  const wrong = trouble !== null;
  const [since, setSince] = useState<string | null>(null);
  useEffect(() => {
    if (!wrong) return;
    const began = new Date().toISOString();
    const timer = setTimeout(() => setSince(began), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setSince(null);
    };
  }, [wrong]);
  return since;
}

function watchOnline(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}
