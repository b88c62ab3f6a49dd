/** Where the user is looking, in whichever tab: nobody is called for what is before their eyes. */
import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";

const KEY = "baton:looking";

/** Notes the page of this tab while it has the focus. */
export function useLooking(): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    const look = () => {
      if (document.hasFocus()) localStorage.setItem(KEY, path);
    };
    const turn = () => {
      if (localStorage.getItem(KEY) === path) localStorage.removeItem(KEY);
    };
    look();
    addEventListener("focus", look);
    addEventListener("blur", turn);
    addEventListener("pagehide", turn);
    return () => {
      turn();
      removeEventListener("focus", look);
      removeEventListener("blur", turn);
      removeEventListener("pagehide", turn);
    };
  }, [path]);
}

export function isLookingAt(ticket: string): boolean {
  return localStorage.getItem(KEY)?.includes(ticket) ?? false;
}
