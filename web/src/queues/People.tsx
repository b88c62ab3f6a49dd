import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { Avatar } from "@/ui/Avatar";
import { cx } from "@/ui/cx";

type Person = Schemas["QueuePerson"];

/** Who receives a team's tickets, whether they are at work, and how much they carry. */
export function People({ people }: { people: readonly Person[] }) {
  const { t } = useTranslation("queues");
  if (people.length === 0) return <p className="text-meta text-soft">{t("noPeople")}</p>;
  return (
    <ul aria-label={t("people")} className="flex flex-col gap-2">
      {people.map((person) => (
        <li key={person.user.id} className="flex items-center gap-2">
          <Avatar name={person.user.name} presence={person.availability} />
          <div className="min-w-0 flex-1">
            <p className="truncate" title={person.user.name}>
              {person.user.name}
            </p>
            <p className="text-meta text-soft">
              {t(`words:availability.${person.availability}`)}
              {person.availability === "online" && !person.available && ` · ${t("notConnected")}`}
            </p>
          </div>
          <Units person={person} />
        </li>
      ))}
    </ul>
  );
}

function Units({ person: { units_used, units_limit } }: { person: Person }) {
  const { t } = useTranslation("queues");
  const share = units_limit === 0 ? 1 : Math.min(1, units_used / units_limit);
  return (
    <div className="w-28 shrink-0 text-right text-meta text-soft tabular-nums">
      {t("units", { used: units_used, limit: units_limit })}
      <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-line">
        <div className={cx("h-full rounded-full", share >= 1 ? "bg-due" : "bg-ok")} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
