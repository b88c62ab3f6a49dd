import { useTranslation } from "react-i18next";

import { Skeleton } from "@/ui/States";

const BUBBLES = ["w-2/3 h-16", "ml-auto w-1/2 h-12", "w-3/5 h-20", "ml-auto w-2/3 h-12"];

/** A conversation that is on its way. */
export function ThreadSkeleton({ subject }: { subject: string | undefined }) {
  const { t } = useTranslation("thread");
  return (
    <div aria-busy="true" className="flex min-w-0 flex-1 flex-col">
      <p className="sr-only" role="status">
        {t("loading")}
      </p>
      <div className="flex min-h-20 flex-col gap-2 border-b border-line bg-panel px-4 py-3">
        {subject === undefined ? <Skeleton className="h-5 w-1/2" /> : <p className="truncate text-title font-semibold">{subject}</p>}
        <Skeleton className="h-4 w-1/3" />
      </div>
      <div className="flex flex-1 flex-col justify-end gap-4 overflow-hidden p-4">
        {BUBBLES.map((shape) => (
          <Skeleton key={shape} className={shape} />
        ))}
      </div>
    </div>
  );
}
