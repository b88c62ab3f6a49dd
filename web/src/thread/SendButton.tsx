import { ChevronDown, Lock, Send } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useStore } from "@/api/store";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "@/ui/Menu";

import { chooseSendKey, sendKey, type Sending } from "./sending";

interface SendButtonProps {
  kind: Schemas["MessageKind"];
  disabled: boolean;
  mayMove: boolean;
  onSend: (sending: Sending) => void;
}

const NOTE_LOOK = "bg-note-ink text-note hover:opacity-90";

/** Sends, and offers what can be done in the same step. */
export function SendButton({ kind, disabled, mayMove, onSend }: SendButtonProps) {
  const { t } = useTranslation("thread");
  const key = useStore(sendKey);
  const look = kind === "note" ? NOTE_LOOK : "";
  const choices: Sending[] = !mayMove ? ["next"] : kind === "note" ? ["resolve", "next"] : ["resolve", "wait", "next"];
  const sent = useRef(false);
  const choose = (sending: Sending) => {
    sent.current = true;
    onSend(sending);
  };
  /** After sending one writes on, or is asked something: not back to the button. */
  const leaveFocus = (event: Event) => {
    if (sent.current) event.preventDefault();
    sent.current = false;
  };
  const more = (
    <Button look="primary" aria-label={t("send.more")} className={cx("rounded-l-none border-l border-on-accent/40 px-2", look)}>
      <ChevronDown size={14} aria-hidden />
    </Button>
  );
  return (
    <div className="flex">
      <Button look="primary" type="submit" disabled={disabled} className={cx("rounded-r-none", look)}>
        {kind === "note" ? <Lock size={14} aria-hidden /> : <Send size={14} aria-hidden />}
        {t(`send.${kind}.plain`)}
      </Button>
      <Menu trigger={more} align="end" side="top" onCloseAutoFocus={leaveFocus}>
        {choices.map((sending) => (
          <MenuItem key={sending} disabled={disabled} onSelect={() => choose(sending)}>
            {t(`send.${kind}.${sending}`)}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuLabel>{t("send.key")}</MenuLabel>
        <MenuChoice
          value={key}
          options={[
            { value: "mod-enter", label: t("send.modEnter") },
            { value: "enter", label: t("send.enter") },
          ]}
          onChoose={chooseSendKey}
        />
      </Menu>
    </div>
  );
}
