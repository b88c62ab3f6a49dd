import { Outlet } from "@tanstack/react-router";

import { useMe } from "@/api/queries";
import { LiveProvider } from "@/live/live";

import { Splash } from "./Splash";

/** Everything around the pages. */
export function Shell() {
  const me = useMe();
  if (me.data === undefined) return <Splash />;
  return (
    <LiveProvider me={me.data}>
      <div className="flex h-dvh">
        <Outlet />
      </div>
    </LiveProvider>
  );
}
