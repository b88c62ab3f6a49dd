import { X } from "lucide-react";

import { createStore, useStore } from "@/api/store";

import { IconButton } from "./Button";
import { cx } from "./cx";

interface Told {
  id: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; act: () => void };
}

const SHOWN_MS = 8_000;
const MOST = 4;
const told = createStore<readonly Told[]>([]);
let last = 0;

function withdraw(id: number): void {
  told.set(told.get().filter((toast) => toast.id !== id));
}

/** Tells the user something in passing, such as that what they did failed, with a way to try again or undo. */
export function tell(text: string, options: Partial<Pick<Told, "tone" | "action">> = {}): void {
  last += 1;
  const id = last;
  told.set([...told.get().slice(1 - MOST), { id, text, tone: "plain", ...options }]);
  setTimeout(() => withdraw(id), SHOWN_MS);
}

export function Toasts({ closeLabel }: { closeLabel: string }) {
  const toasts = useStore(told);
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-2 bottom-2 z-50 max-md:bottom-18 flex flex-col items-center gap-2">
      {toasts.map(({ id, text, tone, action }) => (
        <div
          key={id}
          className={cx(
            "pointer-events-auto flex max-w-120 items-center gap-2 rounded-lg border bg-card py-1 pr-1 pl-3 shadow-float",
            tone === "bad" ? "border-bad" : "border-line",
          )}
        >
          <span className="py-1">{text}</span>
          {action !== undefined && (
            <button
              type="button"
              className="rounded px-2 py-1 font-semibold whitespace-nowrap text-accent hover:bg-hover"
              onClick={() => {
                withdraw(id);
                action.act();
              }}
            >
              {action.label}
            </button>
          )}
          <IconButton label={closeLabel} icon={<X size={14} aria-hidden />} onClick={() => withdraw(id)} />
        </div>
      ))}
    </div>
  );
}
