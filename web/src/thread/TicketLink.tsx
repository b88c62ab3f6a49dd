import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** Leads to another ticket. */
export function TicketLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link to="/inbox/$tab/$ticketId" params={{ tab: "all", ticketId: id }} className="inline-block max-w-full min-w-0 truncate py-0.5 text-accent underline">
      {children}
    </Link>
  );
}
