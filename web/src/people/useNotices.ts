import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useLive } from "@/live/live";

import { chime, noticeOf, noticesOn, soundOn, type Notice } from "./notices";

/** Calls the user for what is theirs while they look elsewhere: by a desktop notice and a sound, from one tab only. */
export function useNotices(): void {
  const live = useLive();
  const navigate = useNavigate();
  const { t } = useTranslation("app");
  useEffect(() => {
    const known = (id: string) => {
      const ticket = live.cache.known(id);
      return ticket === undefined ? null : { assignee: ticket.assignee?.id ?? null, subject: ticket.subject };
    };
    const isLooking = (ticket: string) => document.hasFocus() && location.pathname.includes(ticket);
    const show = (notice: Notice) => {
      const title = t(`notice.${notice.why}`, { by: notice.by, subject: notice.subject });
      const shown = new Notification(title, { body: notice.text.slice(0, 200), tag: notice.ticket, icon: "/icon.svg" });
      shown.onclick = () => {
        window.focus();
        void navigate({ to: "/inbox/$tab/$ticketId", params: { tab: "mine", ticketId: notice.ticket } });
        shown.close();
      };
    };
    return live.onEvent((event) => {
      if (!live.connection.leads.get() || live.connection.status.get().state !== "live") return;
      const notice = noticeOf(event, live.cache.viewer, known);
      if (notice === null || isLooking(notice.ticket)) return;
      if (soundOn.get()) chime();
      if (noticesOn.get() && Notification.permission === "granted") show(notice);
    });
  }, [live, navigate, t]);
}
