/** How a ticket's fixed words look wherever they stand. */
import { ChevronsUp, ChevronUp, Code, Globe, Mail, MessageCircle, Minus, ChevronDown, UserPen, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Priority, Schemas, Status } from "@/api/client";
import { Pill, type Tone } from "@/ui/Pill";

const STATUS_TONES: Record<Status, Tone> = {
  new: "accent",
  open: "plain",
  waiting: "due",
  on_hold: "due",
  resolved: "ok",
  closed: "plain",
};

export function StatusPill({ status }: { status: Status }) {
  const { t } = useTranslation("words");
  return <Pill tone={STATUS_TONES[status]}>{t(`status.${status}`)}</Pill>;
}

const PRIORITY_SIGNS: Record<Priority, { Icon: LucideIcon; className: string }> = {
  urgent: { Icon: ChevronsUp, className: "text-bad" },
  high: { Icon: ChevronUp, className: "text-due" },
  normal: { Icon: Minus, className: "text-soft" },
  low: { Icon: ChevronDown, className: "text-soft" },
};

export function PriorityMark({ priority, withText = false }: { priority: Priority; withText?: boolean }) {
  const { t } = useTranslation("words");
  const { Icon, className } = PRIORITY_SIGNS[priority];
  const text = t(`priority.${priority}`);
  return (
    <span className={`inline-flex items-center gap-1 ${className}`} title={text}>
      <Icon size={14} aria-hidden />
      <span className={withText ? "text-ink" : "sr-only"}>{text}</span>
    </span>
  );
}

const CHANNEL_SIGNS: Record<Schemas["Channel"], LucideIcon> = {
  portal: Globe,
  widget: MessageCircle,
  email: Mail,
  api: Code,
  manual: UserPen,
};

export function ChannelMark({ channel, withText = false }: { channel: Schemas["Channel"]; withText?: boolean }) {
  const { t } = useTranslation("words");
  const Icon = CHANNEL_SIGNS[channel];
  const text = t(`channel.${channel}`);
  return (
    <span className="inline-flex items-center gap-1 text-soft" title={text}>
      <Icon size={14} aria-hidden />
      <span className={withText ? "text-ink" : "sr-only"}>{text}</span>
    </span>
  );
}

export function TierPill({ tier }: { tier: Schemas["Tier"] }) {
  const { t } = useTranslation("words");
  return tier === "vip" ? (
    <Pill tone="accent" className="border border-edge">
      {t("tier.vip")}
    </Pill>
  ) : null;
}
