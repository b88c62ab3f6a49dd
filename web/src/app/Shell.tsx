import { Outlet, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Me } from "@/api/client";
import { useMe } from "@/api/queries";
import { LiveProvider } from "@/live/live";
import { useNotices } from "@/people/useNotices";
import { useOwnPresence } from "@/people/useOwnPresence";
import { CustomerHere } from "@/signin/CustomerHere";
import { useOutbox } from "@/thread/useOutbox";
import { Failure } from "@/ui/States";

import { Banner } from "./Indicator";
import { Help } from "./Help";
import { useKeys } from "./keyboard";
import { Rail } from "./Rail";
import { Splash } from "./Splash";
import { useTitle } from "./useTitle";

/** Everything around the pages. */
export function Shell() {
  const { t } = useTranslation("app");
  const me = useMe();
  if (me.data === undefined) {
    if (!me.isError) return <Splash />;
    return (
      <Failure
        title={t("unreachable.title")}
        detail={t("unreachable.detail")}
        retryLabel={t("retry")}
        onRetry={() => void me.refetch()}
      />
    );
  }
  if (me.data.role === "customer") return <CustomerHere name={me.data.name} />;
  return (
    <LiveProvider me={me.data}>
      <Frame me={me.data} />
    </LiveProvider>
  );
}

function Frame({ me }: { me: Me }) {
  const { t } = useTranslation("app");
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  useOwnPresence();
  useNotices();
  // Sends what was written before, whatever page it is.
  useOutbox();
  useTitle();
  const inbox = { keys: "g i", label: t("keys.inbox"), act: () => void navigate({ to: "/inbox/$tab", params: { tab: "mine" } }) };
  const queues = { keys: "g q", label: t("keys.queues"), act: () => void navigate({ to: "/queues" }) };
  useKeys(me.permissions.includes("queues.view") ? [inbox, queues] : [inbox]);
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#content"
        onClick={(event) => {
          // The address is the list's and the ticket's: it stays as it is.
          event.preventDefault();
          main.current?.focus();
        }}
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t("skip")}
      </a>
      <Banner />
      <div className="flex min-h-0 flex-1 flex-col-reverse md:flex-row">
        <Rail me={me} />
        <main id="content" ref={main} tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      <Help />
    </div>
  );
}
