import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { useLive } from "@/live/live";
import { Since, span } from "@/ui/time";

import { Card, Fact, Facts } from "./Card";

/** Whether the ticket waits for somebody to take it, where it stands, and since when the customer waits. */
export function QueueCard({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation("ticket");
  const { connection } = useLive();
  const [offsetMs] = useState(() => connection.offsetMs);
  const { state, position, eligible_at, expected_wait_seconds } = ticket.queue;
  return (
    <Card name="queue" title={t("card.queue")}>
      <Facts>
        <Fact label={t("queue.state")}>{t(`queue.${state}`)}</Fact>
        {state === "waiting" && position != null && (
          <Fact label={t("queue.position")}>
            <span className="tabular-nums">{t("queue.inLine", { position, team: ticket.team.name })}</span>
          </Fact>
        )}
        {state === "waiting" && expected_wait_seconds != null && (
          <Fact label={t("queue.expected")}>
            <span className="tabular-nums">{t("queue.about", { span: span(expected_wait_seconds * 1_000) })}</span>
          </Fact>
        )}
        {state === "waiting" && eligible_at != null && (
          <Fact label={t("queue.since")}>
            <Since at={eligible_at} offsetMs={offsetMs} />
          </Fact>
        )}
        <Fact label={t("queue.customer")}>
          {ticket.waiting_since == null ? <span className="text-soft">{t("queue.answered")}</span> : <Since at={ticket.waiting_since} offsetMs={offsetMs} />}
        </Fact>
      </Facts>
    </Card>
  );
}
