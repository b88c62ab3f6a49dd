/** How a ticket stands, in the customer's terms. */
import type { Ticket } from "@/api/client";

export type Standing = "inLine" | "onIt" | "yourTurn" | "later" | "solved" | "closed";

export function standingOf({ status, queue }: Pick<Ticket, "status" | "queue">): Standing {
  switch (status) {
    case "waiting":
      return "yourTurn";
    case "on_hold":
      return "later";
    case "resolved":
      return "solved";
    case "closed":
      return "closed";
    default:
      return queue.state === "waiting" ? "inLine" : "onIt";
  }
}

/** A wait in the figure that people plan with: minutes, then steps of five, then hours. */
export function roughly(seconds: number): { unit: "moment" | "minutes" | "hours"; count: number } {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return { unit: "moment", count: 0 };
  if (minutes < 15) return { unit: "minutes", count: minutes };
  if (minutes < 58) return { unit: "minutes", count: Math.round(minutes / 5) * 5 };
  return { unit: "hours", count: Math.round(minutes / 60) };
}
