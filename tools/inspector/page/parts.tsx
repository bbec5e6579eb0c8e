import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Fate } from '../history.ts';

/** Text in a block that a keyboard can scroll. */
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
  const [said, say] = useState<string>();
  const copy = async () => {
    const failed = await navigator.clipboard.writeText(text).catch(() => 'Not copied');
    say(failed ?? 'Copied');
    setTimeout(say, 1500, undefined);
  };
  return <Action onClick={copy}>{said ?? `Copy ${what}`}</Action>;
}

/** Of a form's field: it shows a value, and tells what somebody makes of it. */
export function bound(value: string, tell: (value: string) => void) {
  const onInput = ({ currentTarget }: { currentTarget: { value: string } }) => tell(currentTarget.value);
  return { value, onInput };
}

type Order = (work: () => Promise<ComponentChildren>) => Promise<void>;

/** What the latest order led to, until the inspector answers again after it was gone; and what carries out the next. */
export function useOutcome(isLive: boolean | undefined): [ComponentChildren, Order] {
  const [said, say] = useState<ComponentChildren>();
  const latest = useRef(0);
  useLayoutEffect(() => {
    if (isLive) say(undefined);
  }, [isLive]);
  const order: Order = async (work) => {
    latest.current += 1;
    const own = latest.current;
    const tell = (words: ComponentChildren) => own === latest.current && say(words);
    tell('Working…');
    await work().then(tell, (error) => tell(<b data-outcome="refused">{error.message}</b>));
  };
  return [said, order];
}

/** What became of a delivery: `200 quarantined · invalid-event`. */
export function wordsOf({ status, outcome, why }: Fate): string {
  return [`${status} ${outcome}`, ...why].join(' · ');
}
