/** The button with words. Apart from the one with a sign, which brings tips: pages that must be light do without those. */
import type { ButtonHTMLAttributes, Ref } from "react";

import { cx } from "./cx";

type Look = "primary" | "plain" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  plain: "border border-edge bg-card text-ink hover:bg-hover",
  quiet: "text-ink hover:bg-hover",
  danger: "bg-bad text-on-bad hover:opacity-90",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = "plain", className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(
        "inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md px-3 text-body font-medium whitespace-nowrap disabled:cursor-not-allowed disabled:opacity-60",
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
