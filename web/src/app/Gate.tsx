import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { restore, session } from "@/api/session";
import { useStore } from "@/api/store";
import { Failure } from "@/ui/States";

import { Shell } from "./Shell";
import { Splash } from "./Splash";
import { useMending } from "./useMending";

const SignIn = lazy(async () => ({ default: (await import("@/signin/SignIn")).SignIn }));

/** Shows the app to who is signed in, and the sign-in to everybody else; the address stays. */
export function Gate() {
  const { t } = useTranslation("app");
  const state = useStore(session);
  const client = useQueryClient();
  useMending();
  const out = state.status === "out";
  // The next person on this machine sees nothing of the last one.
  useEffect(() => {
    if (out) client.clear();
  }, [out, client]);
  switch (state.status) {
    case "starting":
      return <Splash />;
    case "unreachable":
      return (
        <Failure
          title={t("unreachable.title")}
          detail={t("unreachable.detail")}
          retryLabel={t("retry")}
          onRetry={() => void restore()}
        />
      );
    case "out":
      return (
        <Suspense fallback={<Splash />}>
          <SignIn reason={state.reason} />
        </Suspense>
      );
    case "in":
      return <Shell key={state.user.id} />;
  }
}
