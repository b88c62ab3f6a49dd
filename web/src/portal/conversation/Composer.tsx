import { SendHorizontal } from "lucide-react";
import { useId, type KeyboardEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import type { Draft } from "@/thread/drafts";
import { useOutbox } from "@/thread/useOutbox";
import { useTypingSignal } from "@/thread/useTyping";

import { primary } from "../looks";

/** The longest that the API takes. */
const BODY_CHARS = 20_000;
/** From here on it is said how much is left. */
const NEARLY = 19_000;

interface ComposerProps {
  conversation: string;
  /** The last message that is there. */
  base: number;
  draft: Draft | null;
  onDraft: (draft: Draft | null) => void;
  box: RefObject<HTMLTextAreaElement | null>;
  /** What sending will do besides, where it does. */
  hint: string | null;
}

export function Composer({ conversation, base, draft, onDraft, box, hint }: ComposerProps) {
  const { t } = useTranslation();
  const id = useId();
  const outbox = useOutbox();
  const { typed, stopped } = useTypingSignal(conversation);
  const body = draft?.body ?? "";

  const write = (text: string) => {
    onDraft({ body: text, kind: "reply", base: draft?.base ?? base });
    if (text === "") stopped();
    else typed();
  };

  const send = () => {
    if (body.trim() === "") return;
    outbox.add({ conversation, body: body.trim(), kind: "reply" });
    onDraft(null);
    stopped();
    box.current?.focus();
  };

  const sendByKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="flex flex-col gap-1 border-t border-line bg-panel px-3 py-2 sm:px-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {hint !== null && <p className="text-meta text-soft">{hint}</p>}
      <div className="flex items-end gap-2">
        <textarea
          ref={box}
          rows={2}
          maxLength={BODY_CHARS}
          aria-label={t("composer.label")}
          aria-describedby={id}
          placeholder={t("composer.placeholder")}
          value={body}
          onChange={(event) => write(event.target.value)}
          onKeyDown={sendByKey}
          className="field-sizing-content max-h-[30dvh] min-h-14 min-w-0 flex-1 resize-none rounded-md border border-edge bg-card px-3 py-2"
        />
        <button type="submit" className={primary} aria-disabled={body.trim() === ""}>
          <SendHorizontal size={16} aria-hidden />
          {t("composer.send")}
        </button>
      </div>
      <p id={id} className="text-meta text-soft tabular-nums">
        {body.length >= NEARLY ? (
          t("composer.left", { count: BODY_CHARS - body.length })
        ) : (
          <span className="pointer-coarse:hidden">{t("composer.keys")}</span>
        )}
      </p>
    </form>
  );
}
