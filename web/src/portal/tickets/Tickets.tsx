import { useTranslation } from "react-i18next";

import type { TicketList } from "@/live/apply";

import { plain } from "../looks";
import { TicketRow } from "./TicketRow";

interface TicketsProps {
  id: string;
  title: string;
  list: TicketList;
  more: "idle" | "loading" | "failed";
  onMore: () => void;
}

/** A part of the list under its heading. */
export function Tickets({ id, title, list, more, onMore }: TicketsProps) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h2 id={id} className="font-semibold text-soft">
        {title}
      </h2>
      <ul className="overflow-hidden rounded-lg border border-line bg-card">
        {list.items.map((ticket) => (
          <TicketRow key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {list.next_cursor !== null && (
        <button type="button" className={`${plain} self-center`} disabled={more === "loading"} onClick={onMore}>
          {t(more === "loading" ? "loading" : "tickets.more")}
        </button>
      )}
      {more === "failed" && (
        <p role="alert" className="text-center text-bad">
          {t("tickets.moreFailed")}
        </p>
      )}
    </section>
  );
}
