import { useTranslation } from "react-i18next";

import { useLiveStatus } from "@/live/live";
import { useTroubledSince } from "@/live/trouble";
import { Moment } from "@/ui/time";

/** Says as of when the list is while nothing arrives. */
export function Stale() {
  const { t } = useTranslation("inbox");
  const { state } = useLiveStatus();
  const since = useTroubledSince(state === "live" ? null : state);
  if (state === "live" || since === null) return null;
  return (
    <p className="border-t border-line bg-due-wash px-3 py-1 text-meta text-due">
      {t("stale")} <Moment at={since} />
    </p>
  );
}
