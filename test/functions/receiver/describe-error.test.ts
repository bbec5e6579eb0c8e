import { describe, expect, it } from 'vitest';
import { describeError } from '../../../functions/receiver/describe-error.ts';
import { UnavailableError } from '../../../functions/receiver/retry.ts';

describe('an error in the log', () => {
  it('keeps the message of our own errors, and what caused them', () => {
    const cause = Object.assign(new Error('PRIVATE'), { code: 'ECONNREFUSED' });
    expect(describeError(new UnavailableError('queue', 'No answer.', { cause }))).toEqual({
      name: 'UnavailableError',
      message: 'No answer.',
      cause: { name: 'Error', code: 'ECONNREFUSED', frames: expect.any(Array) },
    });
  });

  const $metadata = { httpStatusCode: 400, requestId: 'r-1', attempts: 1 };

  it.each(['InternalFailure', 'SerializationException', undefined])(
    'of an AWS service goes without its message, which may repeat what was sent, when it is no matter of access: %s',
    (name) => {
      const described = describeError(Object.assign(new Error('PRIVATE'), { name, $metadata }));
      expect(described).toMatchObject({ name, status: 400, requestId: 'r-1' });
      expect(JSON.stringify(described)).not.toContain('PRIVATE');
    },
  );

  it('that AWS did not give goes without its message, whatever its name', () => {
    const described = describeError(Object.assign(new Error('PRIVATE'), { name: 'NotFound' }));
    expect(described).toEqual({ name: 'NotFound', frames: expect.any(Array) });
  });

  it.each(['a1b2-c3', '1a', 'a b', ''])('goes without a name that no program gives: "%s"', (name) => {
    expect(describeError({ name }).name).toBeUndefined();
  });

  it.each([
    'ResourceNotFoundException',
    'QueueDoesNotExist',
    'KmsAccessDenied',
    'KMS.DisabledException',
    'DecryptionFailure',
    'InvalidRequestException',
  ])('of an AWS service keeps the message that tells what to mend: %s', (name) => {
    expect(describeError(Object.assign(new Error('the key'), { name, $metadata })).message).toBe('the key');
  });

  it('keeps what an AWS service answered when it denies access', () => {
    const error = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException', $metadata });
    expect(describeError(error)).toEqual({
      name: 'AccessDeniedException',
      message: 'not authorized',
      status: 400,
      requestId: 'r-1',
    });
  });

  it("says where another error came from and leaves out its message: a parser's message quotes what it could not parse", () => {
    const described = describeError(new SyntaxError('Unexpected token in "PRIVATE"'));
    expect(described).toEqual({ name: 'SyntaxError', frames: expect.any(Array) });
    expect(described.frames).toHaveLength(5);
    expect(JSON.stringify(described)).not.toContain('PRIVATE');
  });

  it('takes no line of the message for a place in the code', () => {
    const { frames } = describeError(
      new SyntaxError('Unexpected token at PRIVATE\n    at PRIVATE (a.ts:1:1)'),
    );
    expect(frames).toEqual(Array(5).fill(expect.stringMatching(/^ +at /)));
    expect(String(frames)).not.toContain('PRIVATE');
  });

  it('without a message says where it came from', () => {
    expect(describeError({ stack: 'Error\n    at a\n    at b' })).toEqual({
      frames: ['    at a', '    at b'],
    });
  });

  it.each([
    ['text', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
  ])('that is no error is named by its type: %s', (thrown, name) =>
    expect(describeError(thrown)).toEqual({ name }),
  );

  it('whose causes go in a circle is cut', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"name"/g)).toHaveLength(5);
  });

  it('of any shape is described', () => {
    expect(describeError({ name: 7, code: 7, $metadata: 'x', stack: 7 })).toEqual({});
  });
});
