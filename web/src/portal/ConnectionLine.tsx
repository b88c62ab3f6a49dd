import { WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import { health } from "@/api/health";
import { useStore } from "@/api/store";
import { useLiveStatus } from "@/live/live";
import { Moment } from "@/ui/time";

import { troubleOf, type Trouble } from "./connection";

/** Trouble that mends itself sooner is not worth a word. */
const PATIENCE_MS = 2_000;
const FIRST_PROBE_MS = 1_000;
const LONGEST_PROBE_MS = 10_000;

/** Says what is wrong with the connection and since when, while it is. */
export function ConnectionLine() {
  const { t } = useTranslation();
  const trouble = useTrouble();
  return (
    <div role="status">
      {trouble !== null && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-due-wash px-3 py-1.5 text-due">
          <WifiOff size={16} className="shrink-0" aria-hidden />
          <span>
            {t(`trouble.${trouble.word}`)} {t("trouble.since")} <Moment at={trouble.since} />
          </span>
        </p>
      )}
    </div>
  );
}

/** What is wrong for longer than a moment. */
function useTrouble(): { word: NonNullable<Trouble>; since: string } | null {
  const { state } = useLiveStatus();
  const answers = useStore(health);
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const word = troubleOf(state, answers, online);
  const wrong = word !== null;
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
  useProbe(answers === "down");
  return word === null || since === null ? null : { word, since };
}

function watchOnline(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** While the API is away, asks it now and then: its first answer clears the line. */
function useProbe(down: boolean): void {
  useEffect(() => {
    if (!down) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const after = (pause: number) => {
      timer = setTimeout(() => void probe(pause), pause);
    };
    const probe = async (pause: number) => {
      // How it went is noted in `health`.
      await api.GET("/v1/me").catch(() => undefined);
      if (!stopped) after(Math.min(pause * 2, LONGEST_PROBE_MS));
    };
    after(FIRST_PROBE_MS);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [down]);
}
