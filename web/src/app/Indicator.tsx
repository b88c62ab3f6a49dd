import { Circle, CircleCheck, CloudAlert, LoaderCircle, WifiOff, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useTrouble, useTroubledSince, type Trouble } from "@/live/trouble";
import { cx } from "@/ui/cx";
import { Moment } from "@/ui/time";

const SIGNS: Record<NonNullable<Trouble>, LucideIcon> = {
  offline: WifiOff,
  server: CloudAlert,
  connecting: LoaderCircle,
  replaying: LoaderCircle,
  lag: Circle,
};

/** How the connection stands, in a sign and a word: calm while all is well. */
export function Indicator() {
  const { t } = useTranslation("app");
  const trouble = useTrouble();
  const Icon = trouble === null ? CircleCheck : SIGNS[trouble];
  const word = t(`connection.${trouble ?? "live"}`);
  return (
    <div
      role="status"
      aria-label={t("connection.label", { state: word })}
      title={t(`connection.${trouble ?? "live"}Detail`)}
      className={cx(
        "flex w-16 flex-col items-center gap-0.5 py-1 text-[0.6875rem] leading-4",
        trouble === null ? "text-ok" : "text-due",
      )}
    >
      <Icon size={16} aria-hidden />
      <span className="max-w-full truncate">{word}</span>
    </div>
  );
}

/** Says what is wrong and since when, while it is; gone by itself. */
export function Banner() {
  const { t } = useTranslation("app");
  const trouble = useTrouble();
  const since = useTroubledSince(trouble);
  return (
    <div role="status">
      {trouble !== null && since !== null && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-due-wash px-3 py-1.5 text-due">
          <CloudAlert size={16} className="shrink-0" aria-hidden />
          <span>
            {t(`connection.${trouble}Detail`)} {t("connection.since")} <Moment at={since} />
          </span>
        </p>
      )}
    </div>
  );
}
