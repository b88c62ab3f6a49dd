import { Hourglass } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";

import { roughly } from "../standing";
import { usePlace } from "./usePlace";

/** While the ticket waits: its place in line and how long it may take. */
export function PlaceLine({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const place = usePlace(ticket);
  const active = ticket.status === "new" || ticket.status === "open";
  return (
    <div role="status">
      {place !== null && active && (
        <p className="flex items-center gap-2 border-b border-line bg-panel px-3 py-2 sm:px-4">
          <Hourglass size={16} aria-hidden className="shrink-0 text-soft" />
          <span className="tabular-nums">
            {place.position === null
              ? t("place.unknown")
              : place.position === 1
                ? t("place.next")
                : t("place.nth", { count: place.position, ordinal: true })}
            <Wait seconds={place.expected_wait_seconds} />
          </span>
        </p>
      )}
    </div>
  );
}

function Wait({ seconds }: { seconds: number | null }) {
  const { t } = useTranslation();
  if (seconds === null) return null;
  const { unit, count } = roughly(seconds);
  return (
    <>
      {" · "}
      {unit === "moment" ? t("place.moment") : t(`place.${unit}`, { count })}
    </>
  );
}
