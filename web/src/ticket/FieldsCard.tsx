import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";

import { Card, Fact, Facts } from "./Card";
import { ChannelMark } from "./marks";
import { Tags } from "./Tags";
import type { TicketChange } from "./useTicketChange";

/** What else is known of the ticket. */
export function FieldsCard({ ticket, changing }: { ticket: Ticket; changing: TicketChange }) {
  const { t, i18n } = useTranslation("ticket");
  const custom = Object.entries(ticket.custom_fields as Record<string, unknown>);
  const moment = (at: string) => new Date(at).toLocaleString(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <Card name="fields" title={t("card.fields")}>
      <Facts>
        <Fact label={t("field.channel")}>
          <ChannelMark channel={ticket.channel} withText />
        </Fact>
        <Fact label={t("field.team")}>{ticket.team.name}</Fact>
        <Fact label={t("field.assignee")}>{ticket.assignee?.name ?? <span className="text-soft">{t("nobody")}</span>}</Fact>
        <Fact label={t("field.created")}>
          <time dateTime={ticket.created_at} className="tabular-nums">
            {moment(ticket.created_at)}
          </time>
        </Fact>
        {ticket.resolved_at != null && (
          <Fact label={t("field.resolved")}>
            <time dateTime={ticket.resolved_at} className="tabular-nums">
              {moment(ticket.resolved_at)}
            </time>
          </Fact>
        )}
        <Fact label={t("field.tags")}>
          <Tags ticket={ticket} changing={changing} />
        </Fact>
        {custom.map(([name, value]) => (
          <Fact key={name} label={name}>
            {typeof value === "string" ? value : JSON.stringify(value)}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}
