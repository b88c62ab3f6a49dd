import type { ReactNode } from "react";

import { cx } from "./cx";

export type Tone = "plain" | "ok" | "due" | "bad" | "note" | "accent";

const TONES: Record<Tone, string> = {
  plain: "bg-hover text-soft",
  ok: "bg-ok-wash text-ok",
  due: "bg-due-wash text-due",
  bad: "bg-bad-wash text-bad",
  note: "bg-note text-note-ink",
  accent: "bg-chosen text-ink",
};

/** A short word that says how something stands. */
export function Pill({ tone = "plain", children, className }: { tone?: Tone; children: ReactNode; className?: string }) {
  return (
    <span
      className={cx(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-full px-2 text-meta font-medium whitespace-nowrap tabular-nums",
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
