import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { plain } from "./looks";

/** The moment before anything is known. */
export function Splash() {
  const { t } = useTranslation();
  return (
    <div role="status" className="flex h-dvh items-center justify-center">
      <img src="/icon.svg" alt={t("loading")} width={48} height={48} />
    </div>
  );
}

/** Where lines will be in a moment. */
export function Loading({ rows }: { rows: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="flex flex-col gap-3 p-4">
      <span className="sr-only">{t("loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} aria-hidden className="flex flex-col gap-2">
          <div className="h-4 w-2/3 animate-pulse rounded bg-line" />
          <div className="h-3 animate-pulse rounded bg-line" />
        </div>
      ))}
    </div>
  );
}

/** Nothing is here, and what one may do. */
export function Nothing({ title, hint, action }: { title: string; hint: string; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center justify-center gap-2 px-4 py-12 text-center">
      <h2 className="text-title font-semibold">{title}</h2>
      <p className="max-w-96 text-soft">{hint}</p>
      {action}
    </div>
  );
}

/** Something could not be had, and may be tried again. */
export function Failed({ title, detail, onRetry }: { title: string; detail: string; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex flex-col items-center justify-center gap-2 px-4 py-12 text-center">
      <p className="text-title font-semibold">{title}</p>
      <p className="max-w-96 text-soft">{detail}</p>
      <button type="button" className={plain} onClick={onRetry}>
        {t("retry")}
      </button>
    </div>
  );
}

/** The title of a screen, also of its tab. */
export function ScreenTitle({ children, className = "text-title font-semibold" }: { children: string; className?: string }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${children} · ${t("name")}`;
  }, [children, t]);
  return (
    <h1 title={children} className={className}>
      {children}
    </h1>
  );
}
