import { cx } from "./cx";

type Presence = "online" | "busy" | "away" | "offline";

const DOTS: Record<Presence, string> = {
  online: "bg-ok",
  busy: "bg-bad",
  away: "bg-due",
  offline: "bg-card border-2 border-edge",
};

interface AvatarProps {
  name: string;
  size?: "small" | "medium";
  /** Shown as a dot; say it in words nearby too. */
  presence?: Presence;
}

/** A person's initials; the name itself stands beside it. */
export function Avatar({ name, size = "medium", presence }: AvatarProps) {
  return (
    <span aria-hidden className="relative inline-flex shrink-0">
      <span
        className={cx(
          "inline-flex items-center justify-center rounded-full border border-line bg-hover font-semibold text-soft select-none",
          size === "small" ? "size-5 text-[0.5625rem]" : "size-8 text-meta",
        )}
      >
        {initials(name)}
      </span>
      {presence !== undefined && (
        <span className={cx("absolute -right-0.5 -bottom-0.5 size-2.5 rounded-full ring-2 ring-card", DOTS[presence])} />
      )}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => Array.from(word ?? "")[0] ?? "");
  return letters.join("").toUpperCase();
}
