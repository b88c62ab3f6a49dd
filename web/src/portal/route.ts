/** The portal's addresses. */
import { usePathname } from "wouter/use-browser-location";

export type Route =
  | { screen: "tickets" }
  | { screen: "ask" }
  | { screen: "ticket"; id: string }
  | { screen: "unknown" };

export const BASE = "/portal";

export const paths = {
  tickets: `${BASE}/`,
  /** A new ticket; `earlier` is the closed one that it follows. */
  ask: (earlier?: string) => (earlier === undefined ? `${BASE}/new` : `${BASE}/new?follows=${encodeURIComponent(earlier)}`),
  ticket: (id: string) => `${BASE}/tickets/${encodeURIComponent(id)}`,
};

const ID = "[0-9a-f-]{36}";
const TICKET = new RegExp(`^/tickets/(${ID})$`, "i");

/** What the address shows. */
export function routeOf(pathname: string): Route {
  const path = pathname.slice(BASE.length).replace(/\/+$/, "");
  if (!pathname.startsWith(BASE)) return { screen: "unknown" };
  if (path === "") return { screen: "tickets" };
  if (path === "/new") return { screen: "ask" };
  const id = TICKET.exec(path)?.[1];
  return id === undefined ? { screen: "unknown" } : { screen: "ticket", id };
}

export function useRoute(): Route {
  return routeOf(usePathname());
}
