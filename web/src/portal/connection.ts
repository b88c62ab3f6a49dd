/** What stands between the customer and a conversation that is up to date. */
import type { Health } from "@/api/health";
import type { LiveStatus } from "@/live/connection";

/** The word for it; `null` when all is well. */
export type Trouble = "offline" | "server" | "connecting" | "replaying" | null;

/** The cause that explains the others comes first. */
export function troubleOf(live: LiveStatus["state"], health: Health, online: boolean): Trouble {
  // What gets through is no false alarm of the browser.
  if (!online && live !== "live") return "offline";
  if (health === "down") return "server";
  return live === "live" ? null : live;
}
