import * as v from 'valibot';
import { EVENT_TYPES } from '../../../contract/event.ts';
import { type Bench, inWords } from './bench.ts';
import { change } from './changes.ts';
import { hold, type Step } from './step.ts';

/** Less than a message of SQS may have; with its envelope about what an event of EventBridge may have. */
const LARGE = 900 * 1024;
const ARRIVAL_MS = 180_000;

const busEvent = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    source: v.literal('veriff'),
    'detail-type': v.picklist(EVENT_TYPES),
    detail: v.object({ eventId: v.string(), attributes: v.unknown(), payload: v.looseObject({}) }),
  }),
);

/** A pipe drains the queue onto a bus. */
export function busSteps(bench: Bench): readonly Step[] {
  const { keys, accept, newEvent, send, take, until, inTime, physicalId } = bench;
  let sent: ReadonlySet<string> = new Set();
  let large = '';
  return [
    {
      claim: "A stage gets an event bus and an allow list, and AWS's own key again.",
      docs: 'docs/configuration.md#options, eventBus, allowedSources, kmsKeyArn',
      isNeeded: true,
      run: async () => {
        large = (await accept(keys.second, await newEvent({ vendorData: 'x'.repeat(LARGE) }))).eventId;
        const done = await change(bench, 'bus');
        sent = new Set(done.sent.map(({ eventId }) => eventId));
        return `deployed; ${sent.size} accepted before it, and until the allow list was on`;
      },
    },
    {
      claim: 'What comes from an address outside the allow list gets 403.',
      docs: 'README.md, the table of answers',
      run: async () => {
        const body = await newEvent();
        const look = () => send(body, keys.second);
        const answer = await until(look, ({ status }) => status === 403, 30_000);
        hold(answer.status === 403, inWords(answer));
        return inWords(answer);
      },
    },
    {
      claim:
        'The pipe puts every message on the bus, by its event type, with eventId, attributes and payload, those of 900 KiB too.',
      docs: 'docs/configuration.md#options, eventBus',
      isOfAws: true,
      run: async () => {
        const listener = await physicalId('AWS::SQS::Queue', /^Listener/);
        const heard = await take(listener, sent.size + 1, inTime(ARRIVAL_MS));
        const ids = new Set(
          heard.flatMap(({ original }) => {
            const event = v.safeParse(busEvent, original.body);
            return event.success ? [event.output.detail.eventId] : [];
          }),
        );
        const missing = [...sent].filter((id) => !ids.has(id)).length;
        const seen = `${sent.size - missing} of ${sent.size} heard; the one of 900 KiB ${ids.has(large) ? 'too' : 'not'}`;
        hold(missing === 0 && ids.has(large), seen);
        return seen;
      },
    },
  ];
}
