import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { Skeleton } from "@/ui/States";
import { Moment } from "@/ui/time";

import { Card } from "./Card";
import { StatusPill } from "./marks";
import { useTicketsOf } from "./useTicket";

interface EarlierCardProps {
  ticket: Ticket;
  linkTo: (id: string, text: ReactNode) => ReactNode;
}

/** What else the customer has asked for. */
export function EarlierCard({ ticket, linkTo }: EarlierCardProps) {
  const { t } = useTranslation("ticket");
  const list = useTicketsOf(ticket.requester.id);
  const others = list.data?.items.filter((other) => other.id !== ticket.id);
  return (
    <Card name="earlier" title={t("card.earlier")}>
      {others === undefined ? (
        list.isError ? (
          <p className="text-soft">{t("earlier.failed")}</p>
        ) : (
          <Skeleton className="h-4 w-3/4" />
        )
      ) : others.length === 0 ? (
        <p className="text-soft">{t("earlier.none")}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {others.map((other) => (
            <li key={other.id} className="flex min-w-0 flex-col gap-0.5">
              {linkTo(other.id, other.subject)}
              <span className="flex items-center gap-2 text-meta text-soft tabular-nums">
                #{other.number} <StatusPill status={other.status} /> <Moment at={other.created_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
