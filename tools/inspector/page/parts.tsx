import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Fate } from '../history.ts';

/** The very text, in a block that a keyboard can scroll. */
export function Code({ label, text }: { label: string; text: string }) {
  return (
    <section aria-label={label}>
      <small>{label}</small>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: Safari scrolls by keyboard only what has the focus */}
      <pre tabIndex={0}>{text}</pre>
    </section>
  );
}

export function Action({ onClick, children }: { onClick: () => unknown; children: ComponentChildren }) {
  return (
    <button type="button" class="outline secondary" onClick={onClick}>
      {children}
    </button>
  );
}

export function Copy({ what, text }: { what: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(setCopied, 1500, false);
  };
  return <Action onClick={copy}>{isCopied ? 'Copied' : `Copy ${what}`}</Action>;
}

/** Of a form's field: it shows a value, and tells what somebody makes of it. */
export function bound(value: string, tell: (value: string) => void) {
  const onInput = ({ currentTarget }: { currentTarget: { value: string } }) => tell(currentTarget.value);
  return { value, onInput };
}

/** What the last of several orders led to, and what carries out the next. */
export function useOutcome(): [ComponentChildren, (work: () => Promise<string>) => Promise<void>] {
  const [said, say] = useState<ComponentChildren>();
  return [said, (work) => work().then(say, (error) => say(<b role="alert">{error.message}</b>))];
}

/** What became of a delivery: `200 quarantined · invalid-event`. */
export function wordsOf({ status, outcome, why }: Fate): string {
  return [`${status} ${outcome}`, ...why].join(' · ');
}
