import { Lock, MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { cx } from "@/ui/cx";
import { Keys } from "@/ui/Keys";

interface ModeSwitchProps {
  kind: Schemas["MessageKind"];
  onChoose: (kind: Schemas["MessageKind"]) => void;
}

/** To the customer or to staff only; the one that holds can be seen and heard. */
export function ModeSwitch({ kind, onChoose }: ModeSwitchProps) {
  const { t } = useTranslation("thread");
  const modes = [
    { mode: "reply", Icon: MessageSquare, keys: "R", label: t("composer.toCustomer") },
    { mode: "note", Icon: Lock, keys: "N", label: t("internalNote") },
  ] as const;
  return (
    <div role="group" aria-label={t("composer.mode")} className="flex flex-wrap gap-1">
      {modes.map(({ mode, Icon, keys, label }) => (
        <button
          key={mode}
          type="button"
          aria-pressed={kind === mode}
          className={cx(
            "inline-flex min-h-7 items-center gap-1.5 rounded-md border px-2 text-meta font-medium",
            kind !== mode && "border-transparent hover:border-edge",
            kind === mode && (mode === "note" ? "border-note-edge bg-card" : "border-edge bg-card"),
            kind === "note" ? "text-note-ink" : kind === mode ? "text-ink" : "text-soft",
          )}
          onClick={() => onChoose(mode)}
        >
          <Icon size={12} aria-hidden />
          {label}
          <span aria-hidden className="max-sm:hidden">
            <Keys keys={keys} />
          </span>
        </button>
      ))}
    </div>
  );
}
