import { WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { health } from "@/api/health";
import { useStore } from "@/api/store";
import { useLiveStatus } from "@/live/live";
import { Moment } from "@/ui/time";

import { troubleOf, type Trouble } from "./connection";

/** Trouble that mends itself sooner is not worth a word. */
const PATIENCE_MS = 2_000;

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
