import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { Popover } from "radix-ui";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, call, type Schemas } from "@/api/client";
import { applyToNotifications } from "@/live/apply";
import { keys } from "@/live/cache";
import { useLive } from "@/live/live";
import { Skeleton } from "@/ui/States";

const NotificationList = lazy(async () => ({ default: (await import("./NotificationList")).NotificationList }));

/** What was told to the user, with how much of it is unread. */
export function Notifications({ side }: { side: "right" | "top" }) {
  const { t } = useTranslation("app");
  const [open, setOpen] = useState(false);
  const list = useNotifications();
  const unread = list.data?.unread ?? 0;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          title={t("notifications.title")}
          aria-label={t("notifications.open", { count: unread })}
          className="relative flex size-10 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink"
        >
          <Bell size={18} aria-hidden />
          {unread > 0 && (
            <span aria-hidden className="absolute top-0.5 right-0.5 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-bad px-1 text-[0.625rem] font-semibold text-on-bad tabular-nums">
              {unread > 99 ? "99+" : unread}
            </span>
          )}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side={side}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t("notifications.title")}
          className="z-40 flex max-h-[min(32rem,var(--radix-popover-content-available-height))] w-96 max-w-[calc(100vw-1rem)] flex-col rounded-lg border border-line bg-card shadow-float"
        >
          <Suspense fallback={<Skeleton className="m-4 h-24" />}>
            <NotificationList list={list.data} failed={list.isError} onRetry={() => void list.refetch()} onClose={() => setOpen(false)} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function useNotifications() {
  const live = useLive();
  return useQuery({
    queryKey: keys.notifications,
    queryFn: async (): Promise<Schemas["NotificationPage"]> => {
      await live.connection.settled();
      return live.cache.fresh(() => call(api.GET("/v1/notifications", { params: { query: { limit: 50 } } })), applyToNotifications);
    },
  });
}
