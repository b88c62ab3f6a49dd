import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Failure } from "@/ui/States";

/** A page that failed: the rest of the app stays. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation("app");
  // A part of an older build that is not served any more: the page itself must be loaded anew.
  const message = error instanceof Error ? error.message : String(error);
  const isOld = /dynamically imported module|module script/i.test(message);
  return (
    <div className="min-w-0 flex-1">
      <Failure
        title={t("broken.title")}
        detail={t(isOld ? "broken.old" : "broken.detail", { error: message })}
        retryLabel={t(isOld ? "broken.reload" : "retry")}
        onRetry={isOld ? () => location.reload() : reset}
      />
    </div>
  );
}
