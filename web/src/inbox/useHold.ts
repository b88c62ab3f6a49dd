import { useCallback, useState, type FocusEvent, type PointerEvent, type UIEvent } from "react";

/** Scrolled less than this, a list is at its top. */
const TOP_PX = 8;

interface Focused {
  id: string;
  /** Whether it was reached by keys. */
  byKeys: boolean;
}

/** What holds the rows where they are: the pointer or the keyboard is among them, or they are scrolled. */
export interface Hold {
  pointed: boolean;
  scrolled: boolean;
  /** The row that has the focus. */
  focused: Focused | null;
  /** Counts how often the rows were let go all the same. */
  releases: number;
  release: () => void;
  handlers: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocus: (event: FocusEvent) => void;
    onBlur: (event: FocusEvent) => void;
  };
  onScroll: (event: UIEvent) => void;
}

export function useHold(): Hold {
  const [pointed, setPointed] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [focused, setFocused] = useState<Focused | null>(null);
  const [releases, setReleases] = useState(0);
  const release = useCallback(() => setReleases((count) => count + 1), []);
  return {
    pointed,
    scrolled,
    focused,
    releases,
    release,
    handlers: {
      // A finger does not rest anywhere.
      onPointerEnter: ({ pointerType }) => setPointed(pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocus: ({ target }) => {
        const id = target.closest<HTMLElement>("[data-row]")?.dataset["row"];
        setFocused(id === undefined ? null : { id, byKeys: target.matches(":focus-visible") });
      },
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(null);
      },
    },
    onScroll: ({ currentTarget }) => {
      const now = currentTarget.scrollTop > TOP_PX;
      if (now === scrolled) return;
      setScrolled(now);
      // Who comes back to the top wants to see what is new.
      if (!now) release();
    },
  };
}
