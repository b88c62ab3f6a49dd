import { ChevronDown, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";

import { Menu } from "@/ui/Menu";

interface FieldMenuProps {
  /** What the field is, for who cannot see where it stands. */
  label: string;
  /** How it stands. */
  shown: ReactNode;
  pending: boolean;
  /** Whether the user may change it; otherwise it is only shown. */
  editable: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

/** A field of the ticket as a button that shows its value and opens its choices. */
export function FieldMenu({ label, shown, pending, editable, open, onOpenChange, children }: FieldMenuProps) {
  const named = (
    <>
      <span className="sr-only">{label}: </span>
      {shown}
    </>
  );
  if (!editable) return <span className="inline-flex min-h-7 min-w-0 items-center px-1.5">{named}</span>;
  const trigger = (
    <button
      type="button"
      aria-busy={pending}
      disabled={pending}
      className="inline-flex min-h-7 max-w-52 min-w-0 items-center gap-1 rounded-md border border-transparent px-1.5 hover:border-line hover:bg-hover disabled:opacity-60 data-[state=open]:border-line data-[state=open]:bg-hover"
    >
      {named}
      {pending ? (
        <LoaderCircle size={12} aria-hidden className="shrink-0 animate-spin text-soft" />
      ) : (
        <ChevronDown size={12} aria-hidden className="shrink-0 text-soft" />
      )}
    </button>
  );
  return (
    <Menu trigger={trigger} open={open} onOpenChange={onOpenChange}>
      {children}
    </Menu>
  );
}
