import { type LocalStack, type LocalStackOptions, startLocalStack } from '../local/stack.ts';
import { createInspector, type Inspector } from './inspector.ts';
import { buildPage } from './page.ts';
import { readSamples } from './sending.ts';

export interface InspectedStack extends LocalStack {
  readonly inspectorUrl: string;
}

/** The local stack, with a page at `/` of the webhook's port that shows what happens. */
export async function startInspectedStack(options: LocalStackOptions = {}): Promise<InspectedStack> {
  const [page, samples] = await Promise.all([buildPage(), readSamples()]);
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
  inspector = createInspector(stack, page, samples);
  const stop = async () => {
    inspector?.stop();
    await stack.stop();
  };
  return { ...stack, inspectorUrl: new URL('/', stack.url).href, stop };
}
