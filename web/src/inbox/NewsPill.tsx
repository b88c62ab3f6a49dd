import { ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";

/** How many tickets came that are not shown yet, and the way to them; lies over the rows, so that none of them moves. */
export function NewsPill({ count, onClick }: { count: number; onClick: () => void }) {
  const { t } = useTranslation("inbox");
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={onClick}
          className="pointer-events-auto inline-flex min-h-7 items-center gap-1 rounded-full bg-accent px-3 text-meta font-semibold text-on-accent shadow-float hover:bg-accent-strong"
        >
          <ArrowUp size={12} aria-hidden />
          {t("fresh", { count })}
        </button>
      )}
    </div>
  );
}
