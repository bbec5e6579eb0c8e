import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeName, fileName } from '../../contract/build/names.ts';
import { EVENT_TYPES, eventSchemas } from '../../contract/event.ts';
import { parseUserStatusMessage } from '../../contract/parse-message.ts';
import * as subscriber from '../../contract/subscriber.ts';
import { validSamples } from '../support/samples.ts';
import { replaced } from '../support/webhook.ts';

const text = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** They are free to change, or not Veriff's: two deliveries of one fact may differ in them. */
const NO_FACTS = ['eventType', 'time', 'vendorData', 'endUserId', 'status', 'reason'];
const OTHER_TIME = '2001-02-03T04:05:06Z';

const idOf = (payload: object) => parseUserStatusMessage({ Body: JSON.stringify(payload) }).eventId;

/** The paths of all that holds no other value. */
function leavesOf(value: object): string[][] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null ? leavesOf(inner).map((path) => [name, ...path]) : [[name]],
  );
}

describe.each(EVENT_TYPES)('the event type %s', (type) => {
  const name = codeName(type);

  it('is the one that its schema accepts', () => {
    expect(eventSchemas[type].entries.eventType.literal).toBe(type);
  });

  const sample = validSamples.find((valid) => valid.name === fileName(type));
  const payload = JSON.parse(sample?.body ?? '{}');

  it('has a valid sample named after it', () => expect(payload.eventType).toBe(type));

  it('has an eventId that changes with each id, code and time that names the fact', () => {
    const facts = leavesOf(payload).filter((path) => !NO_FACTS.includes(path.at(-1) ?? ''));
    const others = facts.map((path) =>
      replaced(payload, path, path.at(-1)?.endsWith('At') ? OTHER_TIME : 'other'),
    );
    expect(facts.length).toBeGreaterThan(3);
    expect(new Set([payload, ...others].map(idOf)).size).toBe(facts.length + 1);
  });

  it('has its schema in the package for subscribers, under its name', () => {
    expect(subscriber).toHaveProperty(name, eventSchemas[type]);
  });

  it("is a value of the attribute eventType in the README's table", () => {
    expect(/^\| `eventType` \|.*$/m.exec(text('README.md'))?.[0]).toContain(`\`${type}\``);
  });

  it("has its schema and its type in the table of the package's README", () => {
    const page = text('contract/README.md');
    expect(page).toContain(`| \`${name}\` |`);
    expect(page).toContain(`\`${name.charAt(0).toUpperCase()}${name.slice(1)}\``);
  });
});
