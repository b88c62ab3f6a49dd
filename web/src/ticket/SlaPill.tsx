import { Timer, TimerOff } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { useLive } from "@/live/live";
import { dueAt } from "@/live/query";
import { Pill } from "@/ui/Pill";
import { span, useNow } from "@/ui/time";

const MINUTE = 60_000;
/** So close to its due time a promise is about to break. */
const NEAR_MS = 30 * MINUTE;
/** So close each second counts. */
const CLOSE_MS = 5 * MINUTE;

/** When the next promise to the customer breaks, or for how long one is broken; nothing when none presses. */
export function SlaPill({ ticket }: { ticket: Ticket }) {
  const due = dueAt(ticket);
  return due === Infinity ? null : <Pressing due={due} />;
}

function Pressing({ due }: { due: number }) {
  const { t } = useTranslation("ticket");
  const { connection } = useLive();
  const rough = due - useNow(30_000) - connection.offsetMs;
  const left = due - useNow(Math.abs(rough) < CLOSE_MS ? 1_000 : 30_000) - connection.offsetMs;
  const broken = left <= 0;
  const Icon = broken ? TimerOff : Timer;
  return (
    <Pill tone={broken ? "bad" : left < NEAR_MS ? "due" : "plain"}>
      <Icon size={12} aria-hidden />
      {t(broken ? "sla.overdue" : "sla.due", { span: span(Math.abs(left)) })}
    </Pill>
  );
}
