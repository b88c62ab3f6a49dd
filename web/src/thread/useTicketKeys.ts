import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

import { useKeys, type Binding } from "@/app/keyboard";
import type { OpenMenu } from "@/ticket/FieldMenus";

import type { ComposerHandle } from "./Composer";

interface TicketActs {
  /** Whether the ticket may be changed. */
  changing: boolean;
  composer: RefObject<ComposerHandle | null>;
  onMenu: (menu: OpenMenu) => void;
  onDetails: () => void;
  onResolve: () => void;
  onResolveAndNext: () => void;
}

/** What keys do while a ticket is shown. */
export function useTicketKeys({ changing, composer, onMenu, onDetails, onResolve, onResolveAndNext }: TicketActs): void {
  const { t } = useTranslation("thread");
  const all: Binding[] = [
    { keys: "r", label: t("keys.reply"), act: () => composer.current?.focus("reply") },
    { keys: "n", label: t("keys.note"), act: () => composer.current?.focus("note") },
    { keys: "\\", label: t("keys.details"), act: onDetails },
  ];
  const changes: Binding[] = [
    { keys: "e", label: t("keys.resolve"), act: onResolve },
    { keys: "Shift+e", label: t("keys.resolveAndNext"), act: onResolveAndNext },
    { keys: "a", label: t("keys.assignee"), act: () => onMenu("assignee") },
    { keys: "p", label: t("keys.priority"), act: () => onMenu("priority") },
    { keys: "t", label: t("keys.team"), act: () => onMenu("team") },
  ];
  useKeys(changing ? [...all, ...changes] : all);
}
