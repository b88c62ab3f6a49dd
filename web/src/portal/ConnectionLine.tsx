import { WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useTrouble, useTroubledSince } from "@/live/trouble";
import { Moment } from "@/ui/time";

/** Says what is wrong with the connection and since when, while it is. */
export function ConnectionLine() {
  const { t } = useTranslation();
  const trouble = useTrouble();
  const since = useTroubledSince(trouble);
  return (
    <div role="status">
      {trouble !== null && since !== null && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-due-wash px-3 py-1.5 text-due">
          <WifiOff size={16} className="shrink-0" aria-hidden />
          <span>
            {t(`trouble.${trouble}`)} {t("trouble.since")} <Moment at={since} />
          </span>
        </p>
      )}
    </div>
  );
}
