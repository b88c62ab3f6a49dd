import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePathname } from "wouter/use-browser-location";

import type { Me } from "@/api/client";
import { useMe } from "@/api/queries";
import { LiveProvider } from "@/live/live";

import { ConnectionLine } from "./ConnectionLine";
import { ConversationPage } from "./conversation/ConversationPage";
import { Header } from "./Header";
import { NothingHere } from "./NothingHere";
import { useRoute } from "./route";
import { Failed, Loading, Splash } from "./States";
import { TicketsPage } from "./tickets/TicketsPage";

const AskPage = lazy(async () => ({ default: (await import("./ask/AskPage")).AskPage }));

/** Everything that a signed-in customer sees. */
export function Portal() {
  const { t } = useTranslation();
  const me = useMe();
  if (me.data !== undefined) {
    return (
      <LiveProvider me={me.data}>
        <Page me={me.data} />
      </LiveProvider>
    );
  }
  if (!me.isError) return <Splash />;
  return <Failed title={t("unreachable.title")} detail={t("unreachable.detail")} onRetry={() => void me.refetch()} />;
}

function Page({ me }: { me: Me }) {
  const { t } = useTranslation();
  const main = useRef<HTMLElement>(null);
  const path = usePathname();
  const first = useRef(path);
  // Reading goes on where the new screen begins.
  useEffect(() => {
    if (first.current === path) return;
    first.current = "";
    main.current?.focus();
  }, [path]);
  return (
    <div className="flex h-dvh flex-col">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2 focus:rounded focus:bg-card focus:p-2">
        {t("skip")}
      </a>
      <Header me={me} />
      <ConnectionLine />
      <main id="main" ref={main} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Suspense fallback={<Loading rows={4} />}>
          <Screen me={me} />
        </Suspense>
      </main>
    </div>
  );
}

function Screen({ me }: { me: Me }) {
  const route = useRoute();
  switch (route.screen) {
    case "tickets":
      return <TicketsPage />;
    case "ask":
      return <AskPage me={me} />;
    case "ticket":
      return <ConversationPage key={route.id} id={route.id} me={me} />;
    case "unknown":
      return <NothingHere />;
  }
}
