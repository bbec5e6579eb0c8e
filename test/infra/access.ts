import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { idOf } from './synthesize.ts';

const listOf = <S extends v.GenericSchema>(item: S) =>
  v.pipe(
    v.union([item, v.array(item)]),
    v.transform((value) => [value].flat()),
  );

// Strict: a statement with NotAction, NotResource or NotPrincipal is not understood here and must not pass unseen.
const statement = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.optional(v.unknown()),
  Action: listOf(v.string()),
  Resource: v.optional(listOf(v.unknown()), ['']),
  Condition: v.optional(v.unknown()),
});
const policyDocument = v.object({ Version: v.string(), Statement: v.array(statement) });

type Document = v.InferOutput<typeof policyDocument>;
type Resource = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> };

function resourcesOf(template: Template): [string, Resource][] {
  return Object.entries(template.toJSON().Resources);
}

/** Every policy document that a value holds, wherever it is. */
function documentsIn(value: unknown): Document[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return [v.parse(policyDocument, value)];
  return Object.values(value).flatMap(documentsIn);
}

/** One line for each action on each resource that the role is allowed, whatever kind of policy allows it. */
export function allowedTo(template: Template, rolePath: string): string[] {
  const id = idOf(template, rolePath);
  const isAttached = ([key, { Type, Properties }]: [string, Resource]) =>
    Type.startsWith('AWS::IAM::') && (key === id || JSON.stringify(Properties).includes(`"${id}"`));
  return resourcesOf(template)
    .filter(isAttached)
    .flatMap(([, { Properties = {} }]) => {
      const { AssumeRolePolicyDocument: _, ManagedPolicyArns: managed = [], ...rest } = Properties;
      const granted = documentsIn(rest)
        .flatMap(({ Statement }) => Statement)
        .flatMap(({ Effect, Action, Resource, Condition }) =>
          Action.flatMap((action) =>
            Resource.map((resource) => JSON.stringify([Effect, action, resource, Condition])),
          ),
        );
      return [...granted, ...[managed].flat().map((arn) => JSON.stringify(['managed policy', arn]))];
    })
    .sort();
}

/** One line for each principal that a resource lets in: the resource's type, who, what, and on which condition. */
export function letIn(template: Template): string[] {
  return resourcesOf(template)
    .flatMap(([, { Type, Properties = {} }]) => {
      if (Type === 'AWS::Lambda::Permission') {
        const { Principal, Action, FunctionName: _, ...conditions } = Properties;
        return [JSON.stringify([Type, Principal, Action, conditions])];
      }
      return documentsIn(Properties)
        .flatMap(({ Statement }) => Statement)
        .filter(({ Effect, Principal }) => Effect === 'Allow' && Principal !== undefined)
        .map(({ Principal, Action, Condition }) => JSON.stringify([Type, Principal, Action, Condition]));
    })
    .sort();
}
