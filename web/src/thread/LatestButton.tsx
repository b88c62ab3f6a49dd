import { ArrowDown } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/ui/Button";

/** Brings one back to the end, and says how much came there meanwhile. */
export function LatestButton({ missed, onClick }: { missed: number; onClick: () => void }) {
  const { t } = useTranslation("thread");
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-7 flex justify-center">
      <Button className="pointer-events-auto rounded-full shadow-float" onClick={onClick}>
        <ArrowDown size={14} aria-hidden />
        {missed > 0 ? t("newBelow", { count: missed }) : t("toLatest")}
      </Button>
    </div>
  );
}
