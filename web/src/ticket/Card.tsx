import { ChevronDown } from "lucide-react";
import { useId, useState, type ReactNode } from "react";

import { cx } from "@/ui/cx";

interface CardProps {
  /** Under which it is remembered whether it is closed. */
  name: string;
  title: string;
  children: ReactNode;
}

const key = (name: string) => `baton:card:${name}`;

/** A part of what stands beside a ticket; closed ones stay closed. */
export function Card({ name, title, children }: CardProps) {
  const id = useId();
  const [open, setOpen] = useState(() => localStorage.getItem(key(name)) !== "closed");
  const toggle = () => {
    if (open) localStorage.setItem(key(name), "closed");
    else localStorage.removeItem(key(name));
    setOpen(!open);
  };
  return (
    <section className="border-b border-line">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          className="flex min-h-9 w-full items-center justify-between px-4 text-left font-semibold hover:bg-hover"
          onClick={toggle}
        >
          {title}
          <ChevronDown size={14} aria-hidden className={cx("shrink-0 text-soft", !open && "-rotate-90")} />
        </button>
      </h3>
      <div id={id} hidden={!open} className="px-4 pb-3">
        {children}
      </div>
    </section>
  );
}

/** Names and values, one under another. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(5.5rem,max-content)_1fr] gap-x-3 gap-y-1.5">{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid">
      <dt className="text-soft">{label}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}
