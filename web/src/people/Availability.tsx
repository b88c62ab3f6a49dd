import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, call, type Me, type Schemas } from "@/api/client";
import { keys } from "@/live/cache";
import { cx } from "@/ui/cx";
import { Menu, MenuChoice, MenuLabel } from "@/ui/Menu";
import { tell } from "@/ui/toast";

type Choice = Schemas["Availability"];

const CHOICES: readonly Choice[] = ["online", "busy", "away", "offline"];
const DOTS: Record<Choice, string> = {
  online: "bg-ok border-ok",
  busy: "bg-bad border-bad",
  away: "bg-due border-due",
  offline: "border-edge",
};

/** Whether one is given work, how much one carries, and the choice. */
export function Availability({ me, side }: { me: Me; side: "right" | "top" }) {
  const { t } = useTranslation("app");
  const client = useQueryClient();
  const chosen = me.availability ?? "offline";
  const set = useMutation({
    mutationFn: (status: Choice) => call(api.PUT("/v1/me/availability", { body: { status } })),
    onSuccess: (now) => client.setQueryData(keys.me, now),
    onError: (_, status) =>
      tell(t("availability.failed"), { tone: "bad", action: { label: t("retry"), act: () => set.mutate(status) } }),
  });
  const word = t(`words:availability.${chosen}`);
  const units = t("availability.units", { used: me.units_used ?? 0, limit: me.units_limit ?? 0 });
  return (
    <Menu
      side={side}
      align="end"
      trigger={
        <button
          type="button"
          aria-busy={set.isPending}
          className={cx("flex w-16 flex-col items-center gap-0.5 rounded-md py-1 text-[0.6875rem] leading-4 hover:bg-hover", set.isPending && "opacity-60")}
        >
          <span className="sr-only">{t("availability.open")}</span>
          <Dot value={chosen} />
          <span className="max-w-full truncate">{word}</span>
          <span aria-hidden className="text-soft tabular-nums">
            {me.units_used ?? 0}/{me.units_limit ?? 0}
          </span>
          <span className="sr-only">{units}</span>
        </button>
      }
    >
      <MenuLabel>{t("availability.label")}</MenuLabel>
      <MenuChoice
        value={chosen}
        options={CHOICES.map((value) => ({ value, label: <State value={value} /> }))}
        onChoose={(value) => set.mutate(value)}
      />
      <p className="max-w-60 px-2 pt-1 text-meta text-soft">{t(me.available === true ? "availability.receives" : `availability.not.${chosen}`)}</p>
      <Units used={me.units_used ?? 0} limit={me.units_limit ?? 0} text={units} />
    </Menu>
  );
}

function State({ value }: { value: Choice }) {
  const { t } = useTranslation();
  return (
    <>
      <Dot value={value} />
      {t(`words:availability.${value}`)}
    </>
  );
}

function Dot({ value }: { value: Choice }) {
  return <span aria-hidden className={cx("size-3 shrink-0 rounded-full border-2", DOTS[value])} />;
}

/** How much of one's capacity is taken. */
function Units({ used, limit, text }: { used: number; limit: number; text: string }) {
  const share = limit === 0 ? 1 : Math.min(1, used / limit);
  return (
    <div className="px-2 py-1.5 text-meta">
      <p className="tabular-nums">{text}</p>
      <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-line">
        <div className={cx("h-full rounded-full", share >= 1 ? "bg-due" : "bg-ok")} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
