/** What somebody wrote, wherever a conversation is shown. Who stands on which side is for the screen to say. */
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { cx } from "@/ui/cx";

import { linked } from "./text";

interface BubbleProps {
  /** Whose it is, as it is to be named. */
  author: string;
  at: string;
  body: string;
  kind: Schemas["MessageKind"];
  side: "start" | "end";
  /** Whether the line with name and time is left out: the bubble above has the same. */
  joined?: boolean;
  highlighted?: boolean;
  /** What one can do with it; shown with the pointer or the focus on it. */
  actions?: ReactNode;
  /** How it stands: sending, failed, read by. */
  footer?: ReactNode;
}

export function Bubble({ author, at, body, kind, side, joined = false, highlighted = false, actions, footer }: BubbleProps) {
  const { t } = useTranslation("thread");
  const note = kind === "note";
  const end = side === "end";
  return (
    <article
      aria-label={t(note ? "bubble.note" : "bubble.message", { author })}
      className={cx("group flex flex-col gap-0.5", note ? "items-stretch" : end ? "items-end" : "items-start")}
    >
      {!joined && (
        <header className={cx("flex max-w-full flex-wrap items-center gap-x-1.5 px-1 text-meta", note ? "text-note-ink" : "text-soft")}>
          {note && (
            <span className="inline-flex items-center gap-1 font-semibold">
              <Lock size={12} aria-hidden />
              {t("internalNote")}
            </span>
          )}
          <span className={cx("min-w-0 truncate font-medium", !note && "text-ink")} title={author}>
            {author}
          </span>
          <Clock at={at} />
        </header>
      )}
      <div className={cx("relative max-w-full", note && "w-full")}>
        <p
          className={cx(
            "min-w-0 rounded-lg border px-3 py-2 wrap-anywhere whitespace-pre-wrap",
            note
              ? "border-l-4 border-note-edge bg-note text-note-ink"
              : cx("max-w-[min(42rem,calc(100cqw-7rem))] pointer-coarse:max-w-[88cqw]", end ? "border-transparent bg-own" : "border-line bg-card"),
            highlighted && "outline-2 outline-offset-2 outline-accent",
          )}
        >
          <Text text={body} />
        </p>
        {actions !== undefined && (
          // Not taken away while it is not shown: the focus must be able to get there.
          <div
            className={cx(
              "pointer-events-none absolute top-0.5 flex opacity-0 group-focus-within:pointer-events-auto group-focus-within:opacity-100 group-hover:pointer-events-auto group-hover:opacity-100",
              note ? "right-1 rounded-md bg-note" : end ? "right-full mr-1" : "left-full ml-1",
            )}
          >
            {actions}
          </div>
        )}
      </div>
      {footer}
    </article>
  );
}

/** A message's text: addresses lead somewhere, everything else is as it was written. */
function Text({ text }: { text: string }) {
  return linked(text).map((piece, index) =>
    piece.href === undefined ? (
      piece.text
    ) : (
      <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer" className="text-accent underline">
        {piece.text}
      </a>
    ),
  );
}

function Clock({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString(i18n.language)} className="tabular-nums">
      {date.toLocaleTimeString(i18n.language, { hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}
