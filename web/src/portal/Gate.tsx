import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { restore, session, type SessionState } from "@/api/session";
import { useStore } from "@/api/store";
import { useMending } from "@/app/useMending";

import { Boundary } from "./Boundary";
import { Failed, Splash } from "./States";

const SignIn = lazy(async () => ({ default: (await import("./account/SignIn")).SignIn }));
const StaffHere = lazy(async () => ({ default: (await import("./account/StaffHere")).StaffHere }));
const Portal = lazy(async () => ({ default: (await import("./Portal")).Portal }));

/** Shows customers their portal, staff the way to their app, and the sign-in to everybody else; the address stays. */
export function Gate() {
  const { t } = useTranslation();
  useMending();
  const state = useStore(session);
  const client = useQueryClient();
  const out = state.status === "out";
  // The next person on this machine sees nothing of the last one.
  useEffect(() => {
    if (out) client.clear();
  }, [out, client]);
  if (state.status === "unreachable") {
    return <Failed title={t("unreachable.title")} detail={t("unreachable.detail")} onRetry={() => void restore()} />;
  }
  return (
    <Boundary title={t("broken.title")} detail={t("broken.detail")}>
      <Suspense fallback={<Splash />}>{inside(state)}</Suspense>
    </Boundary>
  );
}

function inside(state: SessionState): ReactNode {
  if (state.status === "out") return <SignIn reason={state.reason} />;
  if (state.status !== "in") return <Splash />;
  return state.user.role === "customer" ? <Portal key={state.user.id} /> : <StaffHere name={state.user.name} />;
}
