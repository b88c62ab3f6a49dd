import { Tooltip } from "radix-ui";
import type { ReactElement } from "react";

import { Keys } from "./Keys";

interface TipProps {
  text: string;
  keys?: string;
  children: ReactElement;
}

/** A short explanation beside what it explains, on hover and on focus. */
export function Tip({ text, keys, children }: TipProps) {
  return (
    <Tooltip.Root delayDuration={400}>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={4}
          collisionPadding={8}
          className="z-50 flex max-w-72 items-center gap-2 rounded-md bg-ink px-2 py-1 text-meta text-canvas shadow-float"
        >
          {text}
          {keys !== undefined && <Keys keys={keys} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export const TipProvider = Tooltip.Provider;
