import { Check, CircleAlert, Clock, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/ui/TextButton";

import { Bubble } from "./Bubble";
import type { Outgoing } from "./outbox";

interface OutgoingBubbleProps {
  outgoing: Outgoing;
  author: string;
  joined?: boolean;
  onRetry: () => void;
  /** Takes its text back into the composer. */
  onEdit: () => void;
  onDiscard: () => void;
}

/** A message of one's own that is not stored yet, and how it stands. */
export function OutgoingBubble({ outgoing, author, joined = false, onRetry, onEdit, onDiscard }: OutgoingBubbleProps) {
  const footer =
    outgoing.state === "failed" ? (
      <Failed refusal={outgoing.refusal} onRetry={onRetry} onEdit={onEdit} onDiscard={onDiscard} />
    ) : (
      <Standing state={outgoing.state} />
    );
  return (
    <Bubble
      author={author}
      at={new Date(outgoing.at).toISOString()}
      body={outgoing.body}
      kind={outgoing.kind}
      side="end"
      joined={joined}
      footer={footer}
    />
  );
}

const SIGNS = { queued: Clock, sending: LoaderCircle, sent: Check };

/** How one's own message stands, in a word and a sign. */
export function Standing({ state }: { state: keyof typeof SIGNS }) {
  const { t } = useTranslation("thread");
  const Icon = SIGNS[state];
  return (
    <p className="flex items-center gap-1 self-end px-1 text-meta text-soft">
      <Icon size={12} aria-hidden className={state === "sending" ? "animate-spin" : ""} />
      {t(`state.${state}`)}
    </p>
  );
}

type FailedProps = { refusal: Outgoing["refusal"] } & Pick<OutgoingBubbleProps, "onRetry" | "onEdit" | "onDiscard">;

function Failed({ refusal, onRetry, onEdit, onDiscard }: FailedProps) {
  const { t } = useTranslation("thread");
  const reason = t(`refused.${refusal?.code}`, { defaultValue: refusal?.detail ?? "" });
  return (
    <div role="alert" className="flex max-w-full flex-wrap items-center justify-end gap-x-1 self-end text-meta text-bad">
      <CircleAlert size={14} aria-hidden className="shrink-0" />
      <span className="min-w-0 wrap-anywhere">{t("state.failed", { reason })}</span>
      <Button look="quiet" className="px-2" onClick={onRetry}>
        {t("state.retry")}
      </Button>
      <Button look="quiet" className="px-2" onClick={onEdit}>
        {t("state.edit")}
      </Button>
      <Button look="quiet" className="px-2" onClick={onDiscard}>
        {t("state.discard")}
      </Button>
    </div>
  );
}
