import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { Avatar } from "@/ui/Avatar";

import { Card } from "./Card";
import { TierPill } from "./marks";
import { useTicketsOf } from "./useTicket";

/** Whose ticket it is. */
export function CustomerCard({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation("ticket");
  const { requester, tier } = ticket;
  const list = useTicketsOf(requester.id).data;
  const others = list?.items.filter((other) => other.id !== ticket.id).length;
  return (
    <Card name="customer" title={t("card.customer")}>
      <div className="flex items-start gap-3">
        <Avatar name={requester.name} />
        <div className="flex min-w-0 flex-col gap-0.5">
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium wrap-anywhere">{requester.name}</span>
            <TierPill tier={tier} />
          </p>
          {requester.email != null && (
            <a href={`mailto:${requester.email}`} className="text-accent underline wrap-anywhere">
              {requester.email}
            </a>
          )}
          {others !== undefined && (
            <p className="text-meta text-soft tabular-nums">
              {list?.next_cursor == null ? t("customer.others", { count: others }) : t("customer.many", { count: others })}
            </p>
          )}
        </div>
      </div>
    </Card>
  );
}
