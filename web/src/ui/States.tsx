import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "./Button";
import { cx } from "./cx";

/** Where something will be in a moment. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded bg-line", className)} />;
}

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  /** What to do next, in a sentence. */
  hint?: string;
  action?: ReactNode;
}

/** Nothing is here, and why, and what one may do. */
export function Empty({ icon, title, hint, action }: EmptyProps) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-8 text-center">
      {icon !== undefined && <div className="text-soft">{icon}</div>}
      <p className="font-semibold">{title}</p>
      {hint !== undefined && <p className="max-w-80 text-soft">{hint}</p>}
      {action}
    </div>
  );
}

interface FailureProps {
  title: string;
  /** What went wrong and what would help. */
  detail: string;
  retryLabel: string;
  onRetry: () => void;
}

/** Something could not be had, and may be tried again. */
export function Failure({ title, detail, retryLabel, onRetry }: FailureProps) {
  return (
    <div role="alert" className="flex h-full flex-col items-center justify-center gap-2 p-8 text-center">
      <CircleAlert className="text-bad" size={24} aria-hidden />
      <p className="font-semibold">{title}</p>
      <p className="max-w-80 text-soft">{detail}</p>
      <Button onClick={onRetry}>{retryLabel}</Button>
    </div>
  );
}
