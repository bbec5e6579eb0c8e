import type { InputHTMLAttributes, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Fate } from '../history.ts';
import { OrderError } from '../protocol.ts';
import { ask } from './api.ts';
import { Action, bound, wordsOf } from './parts.tsx';
import { DEFAULT_SAMPLE, type Shared } from './state.ts';

/** What is refused whatever it holds, by the manner in which it is sent. */
const REFUSED = [
  { name: 'tampered', label: 'altered after signing', outcome: 'refused' },
  { name: 'unsigned', label: 'without a signature', outcome: 'refused' },
  { name: 'other-key', label: 'signed with another key', outcome: 'refused' },
];

export function SendForm({ state, tell }: Shared) {
  const { chosen, edited, isNew } = state.draft;
  /** What became of the order. */
  const [result, setResult] = useState<'busy' | Error | readonly Fate[]>([]);
  // After it was gone, the inspector knows nothing of what was sent before.
  useLayoutEffect(() => {
    if (state.isLive) setResult((now) => (now === 'busy' ? now : []));
  }, [state.isLive]);
  const editor = useRef<HTMLTextAreaElement>(null);
  const heading = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (isNew) editor.current?.focus();
  }, [state.draft]);

  const refused = REFUSED.find(({ name }) => name === chosen);
  const manner = refused?.name ?? 'signed';
  const sample = refused ? DEFAULT_SAMPLE : chosen;
  const original = state.samples.find(({ name }) => name === sample)?.body;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Disabled, the button would lose the focus; so a second click is ignored instead.
    if (result === 'busy') return;
    const given = [...new FormData(event.currentTarget)].filter(([, value]) => value !== '');
    const { count, ...fields } = Object.fromEntries(given);
    setResult('busy');
    const order = { ...fields, count: Number(count), sample, manner, body: edited };
    await ask<Fate[]>('send', order).then(setResult, setResult);
  };

  const back = () => {
    tell({ draft: { chosen } });
    // The button goes, and must not take the focus along.
    heading.current?.focus();
  };

  const problem = result instanceof Error ? result : undefined;
  const wrong = problem instanceof OrderError ? problem.field : undefined;
  const more = useRef<HTMLDetailsElement>(null);
  useLayoutEffect(() => {
    if (more.current?.querySelector('[aria-invalid]')) more.current.open = true;
  }, [result]);
  const field = (name: string, label: string, input: InputHTMLAttributes = {}) => (
    <label>
      {label}
      <input name={name} {...input} {...(wrong === name && { 'aria-invalid': true })} />
    </label>
  );
  /** What changes a sample; a body that somebody edited goes out as it is. */
  const change = { placeholder: 'as in the sample', disabled: edited !== undefined };
  const choices = [...state.samples.map((one) => ({ ...one, label: one.name })), ...REFUSED];
  return (
    <article aria-labelledby="send-heading">
      <h2 id="send-heading">Send a delivery</h2>
      <form autocomplete="off" noValidate onSubmit={submit}>
        <label for="sample">Sample</label>
        <select id="sample" {...bound(chosen, (name) => tell({ draft: { chosen: name } }))}>
          {[...Map.groupBy(choices, ({ outcome }) => outcome)].map(([outcome, all]) => (
            <optgroup key={outcome} label={outcome}>
              {all.map(({ name, label }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        {field('status', 'Status', change)}
        {field('reason', 'Reason', change)}
        <details ref={more}>
          <summary>More fields</summary>
          {field('session', 'Session', change)}
          {field('attempt', 'Attempt', change)}
          {field('vendorData', 'Vendor data', change)}
          {field('integration', 'Integration', { placeholder: 'name of the key to sign with' })}
        </details>
        <details open={edited !== undefined}>
          <summary ref={heading}>{edited === undefined ? 'Body' : 'Body, edited'}</summary>
          <textarea
            ref={editor}
            aria-label="Body"
            rows={12}
            spellcheck={false}
            {...bound(edited ?? original ?? '', (text) => tell({ draft: { chosen, edited: text } }))}
          />
          {edited !== undefined && <Action onClick={back}>Back to the sample</Action>}
        </details>
        {field('count', 'Times to send it', { type: 'number', defaultValue: '1' })}
        <button type="submit" aria-busy={result === 'busy'}>
          Send
        </button>
        {problem && <p role="alert">{[wrong, problem.message].filter(Boolean).join(': ')}</p>}
        <Result sent={Array.isArray(result) ? result : []} state={state} tell={tell} />
      </form>
    </article>
  );
}

/** What became of those that were sent, each kind once. */
function Result({ sent, state, tell }: Shared & { sent: readonly Fate[] }) {
  // The log tells more than the answer did.
  const kinds = Map.groupBy(sent, (one) => wordsOf(state.deliveries.get(one.id) ?? one));
  return (
    <div class="row" id="send-result">
      {[...kinds].map(([words, all]) => (
        <Action key={words} onClick={() => tell({ wanted: all.at(-1)?.id })}>
          {all.length > 1 ? `${all.length} × ${words}` : words}
        </Action>
      ))}
    </div>
  );
}
