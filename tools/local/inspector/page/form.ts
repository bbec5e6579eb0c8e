import { MANNERS, type SendResult } from '../protocol.ts';
import { sendOrder } from './api.ts';
import { byId, element } from './dom.ts';

const form = byId('send-form', HTMLFormElement);
const button = byId('send-button', HTMLButtonElement);
const result = byId('send-result', HTMLElement);
const problem = byId('send-error', HTMLElement);
const sample = byId('sample', HTMLSelectElement);

export function offerSamples(names: readonly string[]): void {
  const chosen = sample.value || 'user-status-created';
  const options = (invalid: boolean) =>
    names
      .filter((name) => name.includes('/') === invalid)
      .map((name) => element('option', { value: name }, name.replace(/^invalid\//, '')));
  byId('samples-valid', HTMLOptGroupElement).replaceChildren(...options(false));
  byId('samples-invalid', HTMLOptGroupElement).replaceChildren(...options(true));
  sample.value = chosen;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  const text = (name: string) => String(fields.get(name) ?? '').trim() || undefined;
  // Disabled, it would lose the focus; so a second click is ignored instead.
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  result.textContent = '';
  problem.textContent = '';
  try {
    const { answers } = await sendOrder<SendResult>({
      sample: sample.value,
      manner: MANNERS.find((manner) => manner === text('manner')) ?? 'signed',
      status: text('status'),
      reason: text('reason'),
      integration: text('integration'),
    });
    result.textContent = `Answer: ${answers.map(({ status, ms }) => `${status} in ${ms.toFixed(0)}\u00a0ms`).join(', ')}`;
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error);
  }
  button.setAttribute('aria-disabled', 'false');
});
