import { useSyncExternalStore } from "react";

/** From here on the rail stands at the left; the same width as `md:`. */
const wide = matchMedia("(min-width: 48rem)");

function watch(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}

export function useWide(): boolean {
  return useSyncExternalStore(watch, () => wide.matches);
}
