import { type LocalStackOptions, startLocalStack } from '../local/stack.ts';
import { createInspector, type Inspector } from './inspector.ts';

export type InspectedStack = Awaited<ReturnType<typeof startInspectedStack>>;

/** The local stack, with a page at `/` of the webhook's port that shows what happens. */
export async function startInspectedStack(options: LocalStackOptions = {}) {
  let inspector: Inspector | undefined;
  const stack = await startLocalStack({
    ...options,
    beside: (request, response) => inspector?.answer(request, response) ?? false,
    onDelivery(record) {
      inspector?.delivered(record);
      options.onDelivery?.(record);
    },
    onLog(line) {
      inspector?.logged(line);
      options.onLog?.(line);
    },
  });
  inspector = await createInspector(stack);
  return { ...stack, inspectorUrl: new URL('/', stack.url).href };
}
