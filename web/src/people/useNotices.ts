import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useLive } from "@/live/live";

import { chime } from "./chime";
import { noticeOf, noticesOn, soundOn, type Notice } from "./notices";
import { isLookingAt, useLooking } from "./useLooking";

/** Calls the user for what is theirs while they look elsewhere: by a desktop notice and a sound, from one tab only. */
export function useNotices(): void {
  const live = useLive();
  const navigate = useNavigate();
  const { t } = useTranslation("app");
  useLooking();
  useEffect(() => {
    const known = (id: string) => {
      const ticket = live.cache.known(id);
      return ticket === undefined ? null : { assignee: ticket.assignee?.id ?? null, subject: ticket.subject };
    };
    const open = (ticketId: string) => {
      window.focus();
      void navigate({ to: "/inbox/$tab/$ticketId", params: { tab: "mine", ticketId } });
    };
    return live.onEvent((event) => {
      // What was missed is not called out afterwards.
      if (!live.connection.leads.get() || live.connection.status.get().state !== "live") return;
      const notice = noticeOf(event, live.cache.viewer, known);
      if (notice === null || isLookingAt(notice.ticket)) return;
      if (soundOn.get()) chime();
      if (noticesOn.get()) show(notice, t(`notice.${notice.why}`, { by: notice.by, subject: notice.subject }), open);
    });
  }, [live, navigate, t]);
}

function show({ ticket, text }: Notice, title: string, open: (ticket: string) => void): void {
  if (Notification.permission !== "granted") return;
  try {
    const shown = new Notification(title, { body: text.slice(0, 200), tag: ticket, icon: "/icon.svg" });
    shown.onclick = () => {
      open(ticket);
      shown.close();
    };
  } catch {
    // Phones that show notices only by service workers: the sound has to do.
  }
}
