import type { InputHTMLAttributes, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Fate, MANNERS } from '../protocol.ts';
import { ask, RefusedError } from './api.ts';
import { Action, wordsOf } from './parts.tsx';
import type { State } from './state.ts';

const DEFAULT = 'user-status-created';
/** What is refused whatever it holds. */
const REFUSED: readonly [(typeof MANNERS)[number], string][] = [
  ['tampered', 'altered after signing'],
  ['unsigned', 'without a signature'],
  ['other-key', 'signed with another key'],
];

const FOLDED = ['session', 'attempt', 'vendorData', 'integration'];

interface Props {
  readonly state: State;
  /** A body to edit. */
  readonly draft: { readonly body: string } | undefined;
  readonly show: (id: string) => void;
}

export function SendForm({ state, draft, show }: Props) {
  const [chosen, setChosen] = useState(DEFAULT);
  const [edited, setEdited] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [sent, setSent] = useState<readonly Fate[]>([]);
  const [problem, setProblem] = useState<Error>();
  const editor = useRef<HTMLTextAreaElement>(null);

  const choose = (name: string, body?: string) => {
    setChosen(name);
    setEdited(body);
  };
  useEffect(() => {
    if (draft !== undefined) choose(DEFAULT, draft.body);
  }, [draft]);
  // The editor takes the focus only when it is unfolded.
  useEffect(() => {
    if (draft !== undefined && edited === draft.body) editor.current?.focus();
  }, [draft, edited]);

  const manner = MANNERS.find((one) => one === chosen) ?? 'signed';
  const sample = manner === 'signed' ? chosen : DEFAULT;
  const original = state.samples.find(({ name }) => name === sample)?.body;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Disabled, the button would lose the focus; so a second click is ignored instead.
    if (isBusy) return;
    const given = [...new FormData(event.currentTarget)].filter(([, value]) => value !== '');
    setBusy(true);
    setSent([]);
    setProblem(undefined);
    try {
      const fields = Object.fromEntries(given);
      setSent(await ask('send', { ...fields, count: Number(fields.count), sample, manner, body: edited }));
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
    setBusy(false);
  };

  const wrong = problem instanceof RefusedError ? problem.field : undefined;
  return (
    <article aria-labelledby="send-heading">
      <h2 id="send-heading">Send a delivery</h2>
      <form autocomplete="off" noValidate onSubmit={submit}>
        <label for="sample">Sample</label>
        <select id="sample" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          {[...Map.groupBy(state.samples, ({ outcome }) => outcome)].map(([outcome, samples]) => (
            <optgroup key={outcome} label={outcome}>
              {samples.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </optgroup>
          ))}
          <optgroup label="refused">
            {REFUSED.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </optgroup>
        </select>
        <Field name="status" label="Status" wrong={wrong} placeholder="as in the sample" />
        <Field name="reason" label="Reason" wrong={wrong} placeholder="as in the sample" />
        <details open={FOLDED.includes(wrong ?? '') || undefined}>
          <summary>More fields</summary>
          <Field name="session" label="Session" wrong={wrong} />
          <Field name="attempt" label="Attempt" wrong={wrong} />
          <Field name="vendorData" label="Vendor data" wrong={wrong} />
          <Field
            name="integration"
            label="Integration"
            wrong={wrong}
            placeholder="name of the key to sign with"
          />
        </details>
        <details open={edited !== undefined}>
          <summary>{edited === undefined ? 'Body' : 'Body, edited'}</summary>
          <textarea
            ref={editor}
            aria-label="Body"
            rows={12}
            spellcheck={false}
            value={edited ?? original ?? ''}
            onInput={(event) => setEdited(event.currentTarget.value)}
          />
          {edited !== undefined && <Action onClick={() => setEdited(undefined)}>Back to the sample</Action>}
        </details>
        <Field name="count" label="Number of deliveries" wrong={wrong} type="number" defaultValue="1" />
        <button type="submit" aria-busy={isBusy}>
          Send
        </button>
        {problem && <p role="alert">{[wrong, problem.message].filter(Boolean).join(': ')}</p>}
        <Result sent={sent} state={state} show={show} />
      </form>
    </article>
  );
}

type FieldProps = InputHTMLAttributes & {
  readonly name: string;
  readonly label: string;
  /** The name of the field that an error is about. */
  readonly wrong: string | undefined;
};

function Field({ name, label, wrong, ...input }: FieldProps) {
  return (
    <>
      <label for={name}>{label}</label>
      <input id={name} name={name} {...input} {...(wrong === name && { 'aria-invalid': true })} />
    </>
  );
}

/** What became of those that were sent, each kind once. */
function Result({ sent, state, show }: Pick<Props, 'state' | 'show'> & { readonly sent: readonly Fate[] }) {
  // The log tells more than the answer did.
  const kinds = Map.groupBy(sent, (one) => wordsOf(state.deliveries.get(one.id) ?? one));
  return (
    <div class="row" id="send-result">
      {[...kinds].map(([words, all]) => (
        <Action key={words} onClick={() => show(all.at(-1)?.id ?? '')}>
          {all.length > 1 ? `${all.length} × ${words}` : words}
        </Action>
      ))}
    </div>
  );
}
