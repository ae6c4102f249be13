"use client";

/** The pieces that pages are put together from. */

import type { ButtonHTMLAttributes, ReactNode } from "react";

type Kind = "primary" | "plain" | "quiet";

const KINDS: Record<Kind, string> = {
  primary: "bg-accent text-accent-ink hover:brightness-110",
  plain: "border border-line bg-raised text-ink hover:border-accent",
  quiet: "text-muted hover:text-ink",
};

/** What a button looks like; also for links that are to look like one. */
export function buttonLook(kind: Kind = "plain", padding = "px-5"): string {
  return `inline-flex min-h-11 items-center justify-center gap-2 rounded-full ${padding} py-2 font-medium transition disabled:opacity-60 ${KINDS[kind]}`;
}

export function Button({
  kind = "plain",
  padding = "px-5",
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; padding?: string }) {
  return <button type="button" className={`${buttonLook(kind, padding)} ${className}`} {...rest} />;
}

/** A page of text or lists, with its heading. */
export function Page({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-2xl px-5 pt-8 lg:pt-12">
      <title>{`${title} · Sonica`}</title>
      <h1 className="font-semibold text-3xl tracking-tight">{title}</h1>
      {lead && <p className="mt-2 text-muted">{lead}</p>}
      <div className="mt-6">{children}</div>
    </div>
  );
}

export function Card({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <section className={`rounded-card border border-line bg-raised p-5 shadow-sm ${className}`}>
      {children}
    </section>
  );
}

/** Where there is nothing to see, why, and what to do. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-5 rounded-card border border-line border-dashed px-6 py-12 text-center text-muted">
      <p className="max-w-sm">{children}</p>
      {action}
    </div>
  );
}

/** One of a few, all of them seen at once. */
export function Choice<T extends string>(props: {
  label: string;
  name: string;
  value: T;
  options: readonly { value: T; text: string; lang?: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium text-sm">{props.label}</legend>
      <div className="flex flex-wrap gap-2">
        {props.options.map(({ value, text, lang }) => (
          <label
            key={value}
            className="relative inline-flex min-h-11 cursor-pointer items-center rounded-full border border-line bg-raised px-4 has-checked:border-accent has-checked:bg-accent has-checked:text-accent-ink has-focus-visible:outline-3 has-focus-visible:outline-accent has-focus-visible:outline-offset-3"
          >
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={value === props.value}
              onChange={() => props.onChange(value)}
              className="sr-only"
            />
            <span lang={lang}>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** On or off, at once. */
export function Switch(props: {
  label: string;
  hint?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-4">
      <span className="relative inline-flex shrink-0">
        <input
          type="checkbox"
          role="switch"
          aria-checked={props.isOn}
          checked={props.isOn}
          onChange={(event) => props.onChange(event.target.checked)}
          className="peer sr-only"
        />
        <span
          aria-hidden
          className="h-7 w-12 rounded-full border border-muted bg-sunken transition peer-checked:border-accent peer-checked:bg-accent peer-focus-visible:outline-3 peer-focus-visible:outline-accent peer-focus-visible:outline-offset-3"
        />
        <span
          aria-hidden
          className="absolute top-1 left-1 size-5 rounded-full bg-muted transition peer-checked:translate-x-5 peer-checked:bg-accent-ink"
        />
      </span>
      <span>
        <span className="font-medium">{props.label}</span>
        {props.hint && <span className="block text-muted text-sm">{props.hint}</span>}
      </span>
    </label>
  );
}
