import { useEffect, useState, useSyncExternalStore } from "react";

import { api, call } from "@/api/client";
import { isPassing } from "@/api/problem";

/** Long enough that what is only passed by does not count. */
const LOOKED_MS = 400;
const AGAIN_MS = 5_000;

function subscribe(listener: () => void): () => void {
  addEventListener("visibilitychange", listener);
  return () => removeEventListener("visibilitychange", listener);
}

/** Whether this tab is the one that is looked at. */
export function useVisible(): boolean {
  return useSyncExternalStore(subscribe, () => document.visibilityState === "visible");
}

/** Says that the conversation was read up to `lastSeq` while its end is `seen`, unless that is known. */
export function useMarkRead(conversation: string, lastSeq: number, readSeq: number, seen: boolean): void {
  const visible = useVisible();
  const [attempt, setAttempt] = useState(0);
  const due = visible && seen && lastSeq > readSeq;
  useEffect(() => {
    if (!due) return;
    let timer = setTimeout(() => {
      const said = call(api.POST("/v1/conversations/{id}/read", { params: { path: { id: conversation } }, body: { seq: lastSeq } }));
      said.catch((error: unknown) => {
        if (isPassing(error)) timer = setTimeout(() => setAttempt((count) => count + 1), AGAIN_MS);
      });
    }, LOOKED_MS);
    return () => clearTimeout(timer);
  }, [conversation, lastSeq, due, attempt]);
}
