import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellOff, ShieldAlert, Timer, TimerOff, UserCheck, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import { api, call, type Schemas } from "@/api/client";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { Empty, Failure, Skeleton } from "@/ui/States";
import { Moment } from "@/ui/time";

type Told = Schemas["Notification"];

const SIGNS: Record<Told["kind"], LucideIcon> = { assigned: UserCheck, sla_warning: Timer, sla_breached: TimerOff, escalated: ShieldAlert };

interface NotificationListProps {
  list: Schemas["NotificationPage"] | undefined;
  failed: boolean;
  onRetry: () => void;
  onClose: () => void;
}

export function NotificationList({ list, failed, onRetry, onClose }: NotificationListProps) {
  const { t } = useTranslation("app");
  // How it went comes back by event, as when they are read elsewhere.
  const read = useMutation({ mutationFn: (body: Schemas["MarkNotifications"]) => call(api.POST("/v1/notifications/read", { body })) });
  if (list === undefined) {
    if (!failed) return <Skeleton className="m-4 h-24" />;
    return <Failure title={t("notifications.failed")} detail={t("unreachable.detail")} retryLabel={t("retry")} onRetry={onRetry} />;
  }
  const newest = list.items[0];
  if (newest === undefined) return <Empty icon={<BellOff size={24} aria-hidden />} title={t("notifications.none")} hint={t("notifications.noneHint")} />;
  return (
    <>
      <header className="flex items-center justify-between gap-2 border-b border-line px-4 py-2">
        <h2 className="font-semibold">{t("notifications.title")}</h2>
        <Button look="quiet" disabled={list.unread === 0 || read.isPending} onClick={() => read.mutate({ up_to: newest.id })}>
          {t("notifications.readAll")}
        </Button>
      </header>
      <ul className="min-h-0 flex-1 overflow-y-auto">
        {list.items.map((told) => (
          <li key={told.id} className="border-b border-line last:border-0">
            <Item
              told={told}
              onOpen={() => {
                if (told.read_at == null) read.mutate({ ids: [told.id] });
                onClose();
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Item({ told, onOpen }: { told: Told; onOpen: () => void }) {
  const { t } = useTranslation("app");
  const Icon = SIGNS[told.kind];
  const unread = told.read_at == null;
  return (
    <Link
      to="/inbox/$tab/$ticketId"
      params={{ tab: "all", ticketId: told.ticket_id }}
      onClick={onOpen}
      className="flex gap-2.5 px-4 py-2 -outline-offset-2 hover:bg-hover"
    >
      <Icon size={16} aria-hidden className={cx("mt-0.5 shrink-0", told.kind === "assigned" ? "text-soft" : "text-bad")} />
      <span className="min-w-0 flex-1">
        <span className={cx("block truncate", unread && "font-semibold")} title={told.subject}>
          {told.subject}
        </span>
        <span className="block text-meta text-soft">
          {unread && <span className="sr-only">{t("notifications.unread")} </span>}
          {t(`notifications.kind.${told.kind}`)} · #{told.ticket_number} · <Moment at={told.created_at} />
        </span>
      </span>
      {unread && <span aria-hidden className="mt-1.5 size-2 shrink-0 rounded-full bg-accent" />}
    </Link>
  );
}
