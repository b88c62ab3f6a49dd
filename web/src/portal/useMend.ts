import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { health } from "@/api/health";
import { useLive } from "@/live/live";

/** Fetches again what could not be had, once the API or the connection is back. */
export function useMend(): void {
  const client = useQueryClient();
  const { status } = useLive().connection;
  useEffect(() => {
    const mend = () => {
      if (health.get() !== "up") return;
      void client.refetchQueries({ predicate: ({ state }) => state.status === "error" && state.fetchStatus === "idle" });
    };
    const stops = [health.subscribe(mend), status.subscribe(() => status.get().state === "live" && mend())];
    return () => stops.forEach((stop) => stop());
  }, [client, status]);
}
