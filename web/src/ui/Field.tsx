import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";

import { cx } from "./cx";

const BOX = "w-full rounded-md border border-edge bg-card px-3 py-1.5 text-body text-ink aria-invalid:border-bad";

interface FieldProps {
  label: string;
  /** What is wrong with it. */
  error?: string | undefined;
  hint?: string | undefined;
  children: (attributes: { id: string; "aria-invalid"?: true; "aria-describedby"?: string; className: string }) => ReactNode;
}

/** A labelled input with its hint and its error. */
export function Field({ label, error, hint, children }: FieldProps) {
  const id = useId();
  const told = error ?? hint;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({
        id,
        className: BOX,
        ...(error === undefined ? {} : { "aria-invalid": true as const }),
        ...(told === undefined ? {} : { "aria-describedby": `${id}-told` }),
      })}
      {told !== undefined && (
        <p id={`${id}-told`} className={cx("text-meta", error === undefined ? "text-soft" : "text-bad")}>
          {told}
        </p>
      )}
    </div>
  );
}

type Told = { label: string; error?: string | undefined; hint?: string | undefined };

export function TextField({ label, error, hint, ...rest }: Told & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => <input {...rest} {...attributes} className={cx(attributes.className, "min-h-9")} />}
    </Field>
  );
}

export function TextArea({ label, error, hint, ...rest }: Told & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => <textarea {...rest} {...attributes} />}
    </Field>
  );
}

export function SelectField({ label, error, hint, children, ...rest }: Told & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => (
        <select {...rest} {...attributes} className={cx(attributes.className, "min-h-9")}>
          {children}
        </select>
      )}
    </Field>
  );
}
