import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "@/api/queries";
import { restore, session } from "@/api/session";
import { useStore } from "@/api/store";
import { LiveProvider } from "@/live/live";

import { SignIn } from "./account/SignIn";
import { StaffHere } from "./account/StaffHere";
import { Failed } from "./States";

const Portal = lazy(async () => ({ default: (await import("./Portal")).Portal }));

/** Shows customers their portal, staff the way to their app, and the sign-in to everybody else; the address stays. */
export function Gate() {
  const { t } = useTranslation();
  const state = useStore(session);
  const client = useQueryClient();
  const out = state.status === "out";
  // The next person on this machine sees nothing of the last one.
  useEffect(() => {
    if (out) client.clear();
  }, [out, client]);
  switch (state.status) {
    case "starting":
      return <Splash />;
    case "unreachable":
      return <Failed title={t("unreachable.title")} detail={t("unreachable.detail")} onRetry={() => void restore()} />;
    case "out":
      return <SignIn reason={state.reason} />;
    case "in":
      return state.user.role === "customer" ? <Customer key={state.user.id} /> : <StaffHere name={state.user.name} />;
  }
}

function Customer() {
  const { t } = useTranslation();
  const me = useMe();
  if (me.isError && me.data === undefined) {
    return <Failed title={t("unreachable.title")} detail={t("unreachable.detail")} onRetry={() => void me.refetch()} />;
  }
  if (me.data === undefined) return <Splash />;
  return (
    <LiveProvider me={me.data}>
      <Suspense fallback={<Splash />}>
        <Portal me={me.data} />
      </Suspense>
    </LiveProvider>
  );
}

/** The moment before anything is known. */
function Splash() {
  const { t } = useTranslation();
  return (
    <div role="status" className="flex h-dvh items-center justify-center">
      <img src="/icon.svg" alt={t("loading")} width={48} height={48} />
    </div>
  );
}
