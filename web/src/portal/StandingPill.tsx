import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { Pill, type Tone } from "@/ui/Pill";

import { standingOf, type Standing } from "./standing";

const TONES: Record<Standing, Tone> = {
  inLine: "plain",
  onIt: "accent",
  yourTurn: "due",
  later: "plain",
  solved: "ok",
  closed: "plain",
};

export function StandingPill({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const standing = standingOf(ticket);
  return (
    <Pill tone={TONES[standing]} className="shrink-0">
      {t(`standing.${standing}`)}
    </Pill>
  );
}
