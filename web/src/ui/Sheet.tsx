import { Dialog } from "radix-ui";
import { X } from "lucide-react";
import type { ReactNode } from "react";

import { cx } from "./cx";
import { IconButton } from "./Button";

interface SheetProps {
  title: string;
  /** A sentence under the title, where it needs one. */
  description?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  closeLabel: string;
  children: ReactNode;
  wide?: boolean;
}

/** A dialog over the page: what is behind waits. */
export function Sheet({ title, description, open, onOpenChange, closeLabel, children, wide = false }: SheetProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-shade" />
        <Dialog.Content
          // Its close button's tip would cover the title and take the first Escape.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className={cx(
            "fixed top-1/2 left-1/2 z-30 flex max-h-[min(90dvh,48rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-card shadow-float outline-none",
            wide ? "max-w-2xl" : "max-w-md",
          )}
        >
          <header className="flex items-start gap-2 border-b border-line px-4 py-3">
            <div className="flex-1">
              <Dialog.Title className="text-title font-semibold">{title}</Dialog.Title>
              {description !== undefined && <Dialog.Description className="text-soft">{description}</Dialog.Description>}
            </div>
            <Dialog.Close asChild>
              <IconButton label={closeLabel} icon={<X size={16} aria-hidden />} />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
