import type { Reporter, TestCase } from 'vitest/node';
import type { Message, Row } from './page.ts';
import { isEmulated } from './place.ts';

declare module 'vitest' {
  /** What the tests of test/aws/ say of themselves. */
  interface TaskMeta {
    docs?: string;
    isOfAws?: boolean;
    seen?: string;
  }
}

/** Tells verify-aws.ts of each claim how it stands, were nothing more heard of it. */
export const reporter: Reporter = {
  onTestModuleCollected(module) {
    for (const test of module.children.allTests()) tell(test, 'open', 'Not tried: the run ended before.');
  },
  onTestCaseReady(test) {
    tell(test, 'open', 'Interrupted.');
  },
  onTestCaseResult(test) {
    const result = test.result();
    const { isOfAws, seen = '' } = test.meta();
    if (result.state === 'skipped') return tell(test, 'open', `Not tried: ${result.note}.`);
    const [error] = result.errors ?? [];
    const found = error?.message ?? seen;
    if (isEmulated && isOfAws)
      return tell(test, 'open', `An emulated account can't tell. It gave: ${found}`, true);
    if (result.state === 'passed') return tell(test, 'confirmed', found, true);
    tell(test, error?.name === 'AssertionError' ? 'refuted' : 'open', found, true);
  },
  onTestRunEnd(modules, unhandled) {
    for (const { stack, message } of [...unhandled, ...modules.flatMap((module) => module.errors())])
      console.error(stack ?? message);
    send({ isOver: true });
  },
};

function tell(test: TestCase, result: Row['result'], seen: string, isTried = false): void {
  const { docs = '', isOfAws = false } = test.meta();
  send({ row: { claim: test.name, docs, isOfAws, result, seen }, isTried });
}

function send(message: Message): void {
  process.send?.(message);
}
