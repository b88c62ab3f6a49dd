import { useEffect, useState, useSyncExternalStore, type RefObject } from "react";

import { api, call, type Ticket } from "@/api/client";

/** Whether an element is in its scrolling ancestor's sight. */
export function useInSight(target: RefObject<Element | null>): boolean {
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const element = target.current;
    if (element === null) return;
    const observer = new IntersectionObserver(([entry]) => setInSight(entry?.isIntersecting ?? false));
    observer.observe(element);
    return () => observer.disconnect();
  }, [target]);
  return inSight;
}

function watchVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/** Tells the server what was read: all of it, once its end is on a screen that is looked at. */
export function useRead(ticket: Ticket, lastSeq: number, endInSight: boolean): void {
  const looked = useSyncExternalStore(watchVisibility, () => document.visibilityState === "visible");
  const { id } = ticket;
  const due = endInSight && looked && lastSeq > (ticket.read_seq ?? 0);
  useEffect(() => {
    if (!due) return;
    // That it was read comes back as an event; when this fails it is said with the next message or visit.
    call(api.POST("/v1/conversations/{id}/read", { params: { path: { id } }, body: { seq: lastSeq } })).catch(() => undefined);
  }, [due, id, lastSeq]);
}
