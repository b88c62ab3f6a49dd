import { useTranslation } from "react-i18next";

import type { Schemas, Ticket } from "@/api/client";
import { Pill, type Tone } from "@/ui/Pill";
import { Moment, span } from "@/ui/time";

import { Card } from "./Card";

type Clock = Schemas["Clock"];

const TONES: Record<Schemas["ClockState"], Tone> = { running: "accent", paused: "due", met: "ok", breached: "bad", cancelled: "plain" };

/** Every promise to the customer: what was promised, when it is due, and whether it was kept. */
export function SlaCard({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation("ticket");
  return (
    <Card name="sla" title={t("card.sla")}>
      {ticket.sla.length === 0 ? (
        <p className="text-soft">{t("sla.none")}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {ticket.sla.map((clock) => (
            <li key={clock.id} className="flex flex-col gap-0.5">
              <span className="flex items-center justify-between gap-2">
                {t(`sla.metric.${clock.metric}`)}
                <Pill tone={TONES[clock.state]}>{t(`sla.state.${clock.state}`)}</Pill>
              </span>
              <Story clock={clock} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Story({ clock }: { clock: Clock }) {
  const { t } = useTranslation("ticket");
  return (
    <p className="text-meta text-soft tabular-nums">
      {t("sla.dueAt")} <Moment at={clock.due_at} />
      {clock.met_at != null && (
        <>
          {" · "}
          {t("sla.doneAt")} <Moment at={clock.met_at} />
        </>
      )}
      {clock.paused_seconds > 0 && ` · ${t("sla.paused", { span: span(clock.paused_seconds * 1_000) })}`}
      {` · ${clock.policy.name}`}
    </p>
  );
}
