import { TriangleAlert } from "lucide-react";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";

import type { Message } from "@/api/client";
import { Button } from "@/ui/Button";

interface ColleagueBarProps {
  /** What colleagues sent while one typed. */
  messages: readonly Message[];
  sendable: boolean;
  onSend: () => void;
  /** It was read; the draft goes on. */
  onSeen: () => void;
  ref: Ref<HTMLButtonElement>;
}

/** Two answers to one question confuse the customer: shows the colleague's before one's own goes. */
export function ColleagueBar({ messages, sendable, onSend, onSeen, ref }: ColleagueBarProps) {
  const { t } = useTranslation("thread");
  return (
    <div role="alert" className="flex flex-col gap-2 border-b border-due bg-due-wash px-4 py-2 text-due">
      <p className="flex items-center gap-1.5 font-semibold">
        <TriangleAlert size={14} aria-hidden className="shrink-0" />
        {t("colleague.title", { count: messages.length })}
      </p>
      <ul className="flex max-h-24 flex-col gap-1 overflow-y-auto">
        {messages.map((message) => (
          <li key={message.id} className="wrap-anywhere whitespace-pre-wrap">
            <span className="font-medium">{message.author.name}:</span> {message.body}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button ref={ref} disabled={!sendable} onClick={onSend}>
          {t("colleague.send")}
        </Button>
        <Button onClick={onSeen}>{t("colleague.goOn")}</Button>
      </div>
    </div>
  );
}
