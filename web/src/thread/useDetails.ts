/** Whether the pane beside a conversation is open: where there is room for it this is remembered, elsewhere it is asked for. */
import { useState, useSyncExternalStore } from "react";

const KEY = "baton:details";
/** As the style sheets' `xl`. */
const wide = matchMedia("(min-width: 80rem)");

function subscribe(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}

export interface Details {
  open: boolean;
  /** Whether it lies over the conversation. */
  over: boolean;
  toggle: () => void;
}

export function useDetails(): Details {
  const beside = useSyncExternalStore(subscribe, () => wide.matches);
  const [kept, setKept] = useState(() => localStorage.getItem(KEY) !== "closed");
  const [asked, setAsked] = useState(false);
  const open = beside ? kept : asked;
  const toggle = () => {
    if (!beside) return setAsked(!asked);
    localStorage.setItem(KEY, kept ? "closed" : "open");
    setKept(!kept);
  };
  return { open, over: !beside && open, toggle };
}
