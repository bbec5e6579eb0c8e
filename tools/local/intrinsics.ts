import * as v from 'valibot';
import { parseAt } from './parse-at.ts';

/** What `Ref` and `Fn::GetAtt` of one logical id give. */
export interface Resource {
  readonly type: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Looks up a logical id, a parameter or a pseudo parameter; undefined when there is none. */
export type Lookup = (logicalId: string) => Resource | undefined;

const name = v.string();
const getAtt = v.union([v.pipe(v.tuple([name, name])), v.pipe(name, v.transform(splitAtDot))]);
const join = v.tuple([name, v.unknown()]);
const select = v.tuple([
  v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.integer()),
  v.unknown(),
]);
const sub = v.union([
  v.pipe(
    name,
    v.transform((text): [string, Record<string, unknown>] => [text, {}]),
  ),
  v.tuple([name, v.record(v.string(), v.unknown())]),
]);

const NO_VALUE = Symbol('AWS::NoValue');

/**
 * The value with every intrinsic function in it worked out.
 * @param path where the value stands in the template, for the message of an error
 * @throws Error for an intrinsic, a reference or an attribute that the local stack does not know: a value that is
 * silently missing would show up as something else much later.
 */
export function resolve(value: unknown, lookup: Lookup, path: string): unknown {
  const resolved = walk(value, lookup, path);
  return resolved === NO_VALUE ? undefined : resolved;
}

/** Like {@link resolve}, for a place where CloudFormation wants a string. */
export function resolveText(value: unknown, lookup: Lookup, path: string): string {
  const resolved = resolve(value, lookup, path);
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
  throw new Error(`${path}: expected a text, got ${JSON.stringify(resolved)}`);
}

function walk(value: unknown, lookup: Lookup, path: string): unknown {
  if (Array.isArray(value)) {
    return value
      .map((item, index) => walk(item, lookup, `${path}[${index}]`))
      .filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && /^(Ref|Condition|Fn::\w+)$/.test(only[0])) {
    return intrinsic(only[0], only[1], lookup, `${path}.${only[0]}`);
  }
  return Object.fromEntries(
    entries
      .map(([key, item]): [string, unknown] => [key, walk(item, lookup, `${path}.${key}`)])
      .filter(([, item]) => item !== NO_VALUE),
  );
}

function intrinsic(kind: string, argument: unknown, lookup: Lookup, path: string): unknown {
  switch (kind) {
    case 'Ref': {
      const id = parseAt(name, argument, path);
      return id === 'AWS::NoValue' ? NO_VALUE : find(id, lookup, path).ref;
    }
    case 'Fn::GetAtt': {
      const [id, attribute] = parseAt(getAtt, argument, path);
      return attributeOf(id, attribute, lookup, path);
    }
    case 'Fn::Join': {
      const [separator, list] = parseAt(join, argument, path);
      return texts(list, lookup, path).join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = parseAt(join, argument, path);
      return resolveText(text, lookup, path).split(separator);
    }
    case 'Fn::Select': {
      const [index, list] = parseAt(select, argument, path);
      const chosen = texts(list, lookup, path)[index];
      if (chosen === undefined) throw new Error(`${path}: expected an item ${index}, got a shorter list`);
      return chosen;
    }
    case 'Fn::Sub': {
      const [text, variables] = parseAt(sub, argument, path);
      return text.replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, key: string) =>
        literal === '!' ? `\${${key}}` : substitute(key.trim(), variables, lookup, path),
      );
    }
    default:
      throw new Error(
        `${path}: expected Ref, Fn::GetAtt, Fn::Join, Fn::Split, Fn::Select or Fn::Sub, got ${kind}; add it to tools/local/intrinsics.ts`,
      );
  }
}

function substitute(key: string, variables: Record<string, unknown>, lookup: Lookup, path: string): string {
  if (Object.hasOwn(variables, key)) return resolveText(variables[key], lookup, path);
  const [id, attribute] = splitAtDot(key);
  return attribute === '' ? find(id, lookup, path).ref : attributeOf(id, attribute, lookup, path);
}

function attributeOf(id: string, attribute: string, lookup: Lookup, path: string): string {
  const resource = find(id, lookup, path);
  const value = resource.attributes[attribute];
  if (value !== undefined) return value;
  throw new Error(
    `${path}: expected an attribute that the local stack knows, got ${attribute} of ${id} (${resource.type}); add it to tools/local/physical.ts`,
  );
}

function find(id: string, lookup: Lookup, path: string): Resource {
  const resource = lookup(id);
  if (resource !== undefined) return resource;
  throw new Error(
    `${path}: expected a resource that the local stack knows, got ${id}; add its type to tools/local/physical.ts`,
  );
}

function texts(list: unknown, lookup: Lookup, path: string): string[] {
  return parseAt(v.array(v.string()), walk(list, lookup, path), path);
}

function splitAtDot(text: string): [string, string] {
  const dot = text.indexOf('.');
  return dot === -1 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}
