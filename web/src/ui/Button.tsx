import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

import { cx } from "./cx";
import { Tip } from "./Tip";

export { Button } from "./TextButton";

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  /** What it does: read out, and shown as a tip. */
  label: string;
  /** The keys that do the same, shown in the tip. */
  keys?: string;
  icon: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, keys, icon, className, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} {...(keys === undefined ? {} : { keys })}>
      <button
        type="button"
        aria-label={label}
        className={cx(
          "inline-flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-50 aria-pressed:bg-chosen aria-pressed:text-ink",
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tip>
  );
}
