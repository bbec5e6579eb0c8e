import * as v from 'valibot';

/** What `Ref` gives of a logical id, or `Fn::GetAtt` of one of its attributes; undefined when it is unknown. */
export type Lookup = (id: string, attribute?: string) => string | undefined;

const text = v.string();
const list = v.array(text);

const call = v.union([
  v.strictObject({ Ref: text }),
  v.strictObject({ 'Fn::GetAtt': v.tuple([text, text]) }),
  v.strictObject({ 'Fn::Join': v.tuple([text, list]) }),
  v.strictObject({ 'Fn::Split': v.tuple([text, text]) }),
  v.strictObject({ 'Fn::Select': v.tuple([v.number(), list]) }),
]);

/**
 * The value with every intrinsic function worked out. One that cannot be, such as a reference to what is not known,
 * stays as it is: where its value is needed, the schema that reads it refuses it and says where it stands.
 */
export function resolve(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, lookup));
  if (typeof value !== 'object' || value === null) return value;
  const items = Object.entries(value).map(([name, item]) => [name, resolve(item, lookup)]);
  const resolved: unknown = Object.fromEntries(items);
  const found = v.safeParse(call, resolved);
  return (found.success ? evaluate(found.output, lookup) : undefined) ?? resolved;
}

function evaluate(intrinsic: v.InferOutput<typeof call>, lookup: Lookup): unknown {
  if ('Ref' in intrinsic) return lookup(intrinsic.Ref);
  if ('Fn::GetAtt' in intrinsic) return lookup(...intrinsic['Fn::GetAtt']);
  if ('Fn::Join' in intrinsic) return intrinsic['Fn::Join'][1].join(intrinsic['Fn::Join'][0]);
  if ('Fn::Split' in intrinsic) return intrinsic['Fn::Split'][1].split(intrinsic['Fn::Split'][0]);
  return intrinsic['Fn::Select'][1][intrinsic['Fn::Select'][0]];
}
