import { readFileSync } from 'node:fs';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONTRACT } from '../../contract/descriptions.ts';
import { validSamples } from '../support/samples.ts';

const text = readFileSync(new URL('../../contract/schema/asyncapi.yaml', import.meta.url), 'utf8');

describe('the AsyncAPI document', async () => {
  const { document, diagnostics } = await new Parser().parse(text);
  const [message] = document?.messages().all() ?? [];

  it("passes AsyncAPI's own parser without an error or a warning", () => {
    // 3.0 is what most tools read: that 3.1 exists is no more than information.
    expect(diagnostics.filter(({ severity }) => severity <= DiagnosticSeverity.Warning)).toEqual([]);
  });

  it('is version 3.0 and has the version of the contract', () => {
    expect(document?.version()).toBe('3.0.0');
    expect(document?.info().version()).toBe(CONTRACT.version);
  });

  it('describes one channel, on which the receiver sends one message', () => {
    const operations = document?.operations().all() ?? [];
    expect(operations.map((operation) => operation.action())).toEqual(['send']);
    expect(operations[0]?.channels().all()[0]?.id()).toBe('userStatuses');
    expect(document?.messages().all()).toHaveLength(1);
    expect(message?.name()).toBe('user-status.created');
    expect(message?.contentType()).toBe('application/json');
  });

  it('names every message attribute as a header, and requires those that SQS can always carry', () => {
    const headers = message?.headers()?.json();
    expect(headers).toMatchObject({ required: ['eventId', 'eventType', 'createdAt', 'receivedAt'] });
    expect(Object.keys(message?.headers()?.properties() ?? {})).toEqual([
      'eventId',
      'eventType',
      'statusCode',
      'sessionId',
      'attemptId',
      'createdAt',
      'integration',
      'receivedAt',
    ]);
  });

  it('shows samples as examples', () => {
    const examples = message?.examples().all() ?? [];
    expect(examples.map((example) => example.name())).toEqual([
      'user-status-created',
      'reason-code-given',
      'unknown-properties',
    ]);
    for (const example of examples) {
      const sample = validSamples.find(({ name }) => name === example.name());
      expect(example.payload()).toEqual(JSON.parse(sample?.body ?? ''));
    }
  });

  it('reads the same as YAML 1.1, which takes a time without quotes for a date', () => {
    expect(parse(text, { version: '1.1' })).toEqual(parse(text));
  });
});
