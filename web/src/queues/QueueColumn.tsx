import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { ApiError } from "@/api/problem";
import { takeNext } from "@/inbox/TakeNext";
import { useLive } from "@/live/live";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { span, useNow } from "@/ui/time";
import { tell } from "@/ui/toast";

/** One team: what waits, and the people who take it. */
export function QueueColumn({ queue }: { queue: Schemas["Queue"] }) {
  const { t } = useTranslation("queues");
  const heading = `queue-${queue.team.id}`;
  return (
    <section aria-labelledby={heading} className="flex flex-col gap-3 rounded-lg border border-line bg-card p-4">
      <div className="flex items-baseline justify-between gap-2">
        <h2 id={heading} className="min-w-0 truncate font-semibold" title={queue.team.name}>
          {queue.team.name}
        </h2>
        <Link
          to="/inbox/$tab"
          params={{ tab: "queue" }}
          search={{ team: [queue.team.id] }}
          className="shrink-0 rounded text-meta font-medium text-accent underline"
        >
          {t("open")}
        </Link>
      </div>
      <Waiting queue={queue} />
      <People people={queue.people} />
    </section>
  );
}

function Waiting({ queue }: { queue: Schemas["Queue"] }) {
  const { t } = useTranslation("queues");
  // The answer says how long it was when it came; from there it ticks.
  const [told, setTold] = useState(() => ({ seconds: queue.oldest_waiting_seconds ?? null, at: Date.now() }));
  const now = useNow(1_000);
  if (told.seconds !== (queue.oldest_waiting_seconds ?? null)) setTold({ seconds: queue.oldest_waiting_seconds ?? null, at: now });
  return (
    <div className="flex items-center justify-between gap-2">
      <div>
        <p className={cx("text-title font-semibold tabular-nums", queue.waiting > 0 ? "text-due" : "text-ok")}>
          {queue.waiting === 0 ? t("nobody") : t("waiting", { count: queue.waiting })}
          {told.seconds !== null && (
            <span className="ml-2 text-body font-normal text-soft">
              {t("oldest")} {span(told.seconds * 1_000 + now - told.at)}
            </span>
          )}
        </p>
        <p className="text-meta text-soft tabular-nums">
          {t("online", { count: queue.online })} · {t("free", { count: queue.units_free })}
        </p>
      </div>
      <Take team={queue.team.id} disabled={queue.waiting === 0} />
    </div>
  );
}

function Take({ team, disabled }: { team: string; disabled: boolean }) {
  const { t } = useTranslation("queues");
  const live = useLive();
  const navigate = useNavigate();
  const take = useMutation({
    mutationFn: () => takeNext(team),
    onSuccess: (ticket) => {
      if (ticket === null) {
        tell(t("nothing"));
        return;
      }
      live.cache.learn(ticket);
      void navigate({ to: "/inbox/$tab/$ticketId", params: { tab: "mine", ticketId: ticket.id } });
    },
    onError: (error) => tell(error instanceof ApiError ? error.problem.detail : t("detail"), { tone: "bad" }),
  });
  return (
    <Button disabled={disabled || take.isPending} onClick={() => take.mutate()}>
      {t("take")}
    </Button>
  );
}

function People({ people }: { people: readonly Schemas["QueuePerson"][] }) {
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
              {person.availability === "online" && ` · ${t(person.available ? "available" : "notConnected")}`}
            </p>
          </div>
          <Units person={person} />
        </li>
      ))}
    </ul>
  );
}

function Units({ person }: { person: Schemas["QueuePerson"] }) {
  const { t } = useTranslation("queues");
  const share = person.units_limit === 0 ? 1 : Math.min(1, person.units_used / person.units_limit);
  return (
    <div className="w-28 shrink-0 text-right text-meta text-soft tabular-nums">
      {t("units", { used: person.units_used, limit: person.units_limit })}
      <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-line">
        <div className={cx("h-full rounded-full", share >= 1 ? "bg-due" : "bg-ok")} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
