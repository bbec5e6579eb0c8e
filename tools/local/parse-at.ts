import * as v from 'valibot';

/**
 * Checks a value of the template.
 * @throws Error that begins with the place of what is wrong
 */
export function parseAt<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  path: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const inside = v.getDotPath(issue);
  throw new Error(`${path}${inside === null ? '' : `.${inside}`}: ${issue.message}`);
}
