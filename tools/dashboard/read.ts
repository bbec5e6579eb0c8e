import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { createApp } from '../../infra/create-app.ts';

const box = { x: v.number(), y: v.number(), width: v.number(), height: v.number() };
const metric = v.array(v.union([v.string(), v.looseObject({ label: v.optional(v.string()) })]));
const widget = v.variant('type', [
  v.object({
    type: v.literal('alarm'),
    ...box,
    properties: v.object({ title: v.string(), alarms: v.array(v.string()) }),
  }),
  v.object({
    type: v.literal('metric'),
    ...box,
    properties: v.object({
      title: v.string(),
      view: v.picklist(['timeSeries', 'singleValue']),
      stacked: v.optional(v.boolean(), false),
      metrics: v.array(metric),
      annotations: v.optional(
        v.object({ horizontal: v.array(v.object({ value: v.number(), label: v.string() })) }),
      ),
    }),
  }),
]);
export type Widget = v.InferOutput<typeof widget>;
export type Graph = Extract<Widget, { type: 'metric' }>['properties'];

/** The body as CloudFormation would put it together, with logical ids where AWS would have names. */
export async function readDashboard(): Promise<readonly Widget[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'dashboard-'));
  try {
    const stages = { prod: { dashboard: true, alarms: { email: 'ops@example.com' } } };
    const context = { stage: 'prod', 'aws:cdk:bundling-stacks': [] };
    const [stack] = createApp({ stages, context, outdir }).synth().stacks;
    const template = v.parse(v.object({ Resources: v.record(v.string(), v.unknown()) }), stack?.template);
    const part = v.union([
      v.string(),
      v.pipe(
        v.object({ Ref: v.string() }),
        v.transform(({ Ref }) => Ref),
      ),
      v.pipe(
        v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.string()]) }),
        v.transform((get) => get['Fn::GetAtt'][0]),
      ),
    ]);
    const dashboard = v.object({
      Type: v.literal('AWS::CloudWatch::Dashboard'),
      Properties: v.object({
        DashboardBody: v.object({ 'Fn::Join': v.tuple([v.literal(''), v.array(part)]) }),
      }),
    });
    const found = Object.values(template.Resources).find((resource) => v.is(dashboard, resource));
    const body = v.parse(dashboard, found).Properties.DashboardBody['Fn::Join'][1].join('');
    return v.parse(v.object({ widgets: v.array(widget) }), JSON.parse(body)).widgets;
  } finally {
    await rm(outdir, { recursive: true });
  }
}

/** `ReceiverAlarmsSlow1A2B3C4D` is `Slow`. */
export const nameOf = (logicalId: string) => logicalId.replace(/^Receiver(Alarms)?|[0-9A-F]{8}$/g, '');

/** What the legend calls it. */
export function labelOf(entry: v.InferOutput<typeof metric>): string {
  const [names, [options]] = [
    entry.filter((item) => typeof item === 'string'),
    entry.filter((item) => typeof item === 'object'),
  ];
  const [, name = '', , dimension = ''] = names;
  // CloudWatch tells metrics of the same name apart by their dimensions.
  return options?.label ?? (name === 'ApproximateNumberOfMessagesVisible' ? nameOf(dimension) : name);
}
