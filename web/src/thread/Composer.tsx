import { useImperativeHandle, useLayoutEffect, useRef, type KeyboardEvent, type Ref } from "react";
import { useTranslation } from "react-i18next";

import type { Message, Schemas } from "@/api/client";
import { useStore } from "@/api/store";
import { cx } from "@/ui/cx";

import { ColleagueBar } from "./ColleagueBar";
import { useDraft, type Draft } from "./drafts";
import { ModeSwitch } from "./ModeSwitch";
import { SendButton } from "./SendButton";
import { left, sendKey, sends, THEN, type Sending } from "./sending";
import { useOutbox } from "./useOutbox";
import { useTypingSignal } from "./useTyping";

type Kind = Schemas["MessageKind"];

/** What keys and other parts of the screen do with it. */
export interface ComposerHandle {
  focus: (kind: Kind) => void;
  /** Takes a text back that was not sent. */
  insert: (text: string, kind: Kind) => void;
}

interface ComposerProps {
  conversation: string;
  viewer: string;
  /** The loaded messages, to notice what colleagues send meanwhile. */
  messages: readonly Message[];
  lastSeq: number;
  mayNote: boolean;
  /** Whether the ticket may be moved along with what is sent. */
  mayMove: boolean;
  onNext: () => void;
  ref: Ref<ComposerHandle>;
}

/** Where one writes: to the customer, or a note that stays with staff. Another one for another ticket (`key`). */
export function Composer({ conversation, viewer, messages, lastSeq, mayNote, mayMove, onNext, ref }: ComposerProps) {
  const { t } = useTranslation("thread");
  const outbox = useOutbox();
  const [draft, setDraft] = useDraft(viewer, conversation);
  const signal = useTypingSignal(conversation);
  const box = useRef<HTMLTextAreaElement>(null);
  const anyway = useRef<HTMLButtonElement>(null);
  const key = useStore(sendKey);
  const kind: Kind = mayNote ? (draft?.kind ?? "reply") : "reply";
  const body = draft?.body ?? "";
  const remaining = left(body);
  const sendable = body.trim() !== "" && (remaining ?? 0) >= 0;
  const news = draft === null || body === "" || kind === "note" ? [] : fromColleagues(messages, draft.base, viewer);
  useLayoutEffect(() => {
    if (box.current !== null) grow(box.current);
  }, [body]);

  const write = (change: Partial<Draft>) => {
    const started = draft !== null && draft.body !== "";
    setDraft({ body, kind, base: started ? draft.base : lastSeq, ...change });
  };
  const focus = (next: Kind) => {
    if (mayNote) write({ kind: next });
    box.current?.focus();
  };
  useImperativeHandle(ref, () => ({
    focus,
    insert: (text, from) => {
      write({ body: body === "" ? text : `${body}\n\n${text}`, kind: from });
      box.current?.focus();
    },
  }));

  const send = (sending: Sending) => {
    if (!sendable) return box.current?.focus();
    const status = THEN[sending];
    outbox.add({ conversation, body: body.trim(), kind, ...(status === undefined ? {} : { then: { status } }) });
    setDraft({ body: "", kind, base: lastSeq });
    signal.stopped();
    if (sending === "next") onNext();
    else box.current?.focus();
  };
  /** Words that do not know of the colleague's go only when one has seen these. */
  const ask = (sending: Sending) => (news.length > 0 ? anyway.current?.focus() : send(sending));
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") return box.current?.blur();
    if (!sends(event.nativeEvent, key)) return;
    event.preventDefault();
    ask("plain");
  };

  return (
    <form
      aria-label={t(kind === "note" ? "composer.noteForm" : "composer.replyForm")}
      className={cx("shrink-0 border-t", kind === "note" ? "border-note-edge bg-note" : "border-line bg-panel")}
      onSubmit={(event) => {
        event.preventDefault();
        ask("plain");
      }}
    >
      {news.length > 0 && (
        <ColleagueBar ref={anyway} messages={news} sendable={sendable} onSend={() => send("plain")} onSeen={() => write({ base: lastSeq })} />
      )}
      <div className="flex flex-col gap-2 px-4 py-2">
        {mayNote && <ModeSwitch kind={kind} onChoose={focus} />}
        <textarea
          ref={box}
          rows={2}
          value={body}
          aria-label={t(kind === "note" ? "composer.note" : "composer.reply")}
          placeholder={t(kind === "note" ? "composer.notePlaceholder" : "composer.replyPlaceholder")}
          aria-invalid={remaining !== null && remaining < 0}
          className={cx(
            "max-h-[40vh] min-h-14 w-full resize-none rounded-md border px-3 py-2 text-body",
            kind === "note" ? "border-note-edge bg-note text-note-ink placeholder:text-note-ink" : "border-edge bg-card",
          )}
          onChange={(event) => {
            write({ body: event.target.value });
            if (kind === "note" || event.target.value === "") signal.stopped();
            else signal.typed();
          }}
          onKeyDown={onKeyDown}
        />
        <div className="flex flex-wrap items-center justify-end gap-2">
          {remaining !== null && (
            <p role="status" className={cx("mr-auto text-meta tabular-nums", remaining < 0 ? "font-semibold text-bad" : "text-soft")}>
              {remaining < 0 ? t("composer.tooLong", { count: -remaining }) : t("composer.left", { count: remaining })}
            </p>
          )}
          <SendButton kind={kind} disabled={!sendable} mayMove={mayMove} onSend={ask} />
        </div>
      </div>
    </form>
  );
}

/** The replies of other staff that came after the draft was begun. */
function fromColleagues(messages: readonly Message[], base: number, viewer: string): Message[] {
  return messages.filter(
    ({ seq, kind, author }) => seq > base && kind === "reply" && author.id !== viewer && author.role !== "customer",
  );
}

/** Makes the box as high as its text. */
function grow(node: HTMLTextAreaElement): void {
  node.style.height = "auto";
  node.style.height = `${node.scrollHeight + node.offsetHeight - node.clientHeight}px`;
}
