import { DropdownMenu } from "radix-ui";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

import { cx } from "./cx";
import { Keys } from "./Keys";

const ITEM =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 text-body outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-hover";

interface MenuProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom" | "right";
  /** For menus that open by a key too. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Prevent it where what was chosen has put the focus elsewhere. */
  onCloseAutoFocus?: (event: Event) => void;
}

/** Choices that open from a button. */
export function Menu({ trigger, children, align = "start", side = "bottom", onCloseAutoFocus, ...control }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} {...control}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          {...(onCloseAutoFocus === undefined ? {} : { onCloseAutoFocus })}
          className="z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-lg border border-line bg-card p-1 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  children: ReactNode;
  onSelect: () => void;
  icon?: ReactNode;
  keys?: string;
  disabled?: boolean;
}

export function MenuItem({ children, onSelect, icon, keys, disabled = false }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={ITEM} disabled={disabled} onSelect={onSelect}>
      {icon}
      <span className="flex-1">{children}</span>
      {keys !== undefined && <Keys keys={keys} />}
    </DropdownMenu.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  value: T;
  options: readonly { value: T; label: ReactNode; disabled?: boolean }[];
  onChoose: (value: T) => void;
}

/** One of several; the one that holds is marked. */
export function MenuChoice<T extends string>({ value, options, onChoose }: MenuChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup value={value}>
      {options.map((option) => (
        <DropdownMenu.RadioItem
          key={option.value}
          value={option.value}
          disabled={option.disabled ?? false}
          className={cx(ITEM, "pl-7 relative")}
          onSelect={() => onChoose(option.value)}
        >
          <DropdownMenu.ItemIndicator className="absolute left-2">
            <Check size={14} aria-hidden />
          </DropdownMenu.ItemIndicator>
          {option.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

/** Something that is on or off. */
export function MenuSwitch({ on, onTurn, children }: { on: boolean; onTurn: (on: boolean) => void; children: ReactNode }) {
  return (
    <DropdownMenu.CheckboxItem checked={on} className={cx(ITEM, "relative pl-7")} onSelect={() => onTurn(!on)}>
      <DropdownMenu.ItemIndicator className="absolute left-2">
        <Check size={14} aria-hidden />
      </DropdownMenu.ItemIndicator>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 py-1 text-meta text-soft">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
