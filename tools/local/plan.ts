export interface PlannedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** As `CreateQueue` takes them. */
  readonly attributes: Record<string, string>;
}

export interface PlannedSecret {
  readonly name: string;
  readonly arn: string;
  /** The property `GenerateSecretString`, when CloudFormation makes up the value. */
  readonly generate: { readonly template: string; readonly key: string } | undefined;
}

export interface PlannedFunction {
  readonly name: string;
  readonly arn: string;
  /** `file.export`, as Lambda takes it. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Record<string, string>;
  readonly logging: { readonly format: string; readonly level: string | undefined };
  /** The key of the code in the bucket of assets: `<hash>.zip`. */
  readonly codeKey: string;
}

export interface PlannedRoute {
  readonly method: string;
  readonly path: string;
  readonly stage: string;
  readonly integrationTimeoutMs: number;
  readonly throttle: { readonly rate: number; readonly burst: number } | undefined;
}

/** A pipe from a queue to an event bus. */
export interface PlannedPipe {
  readonly queueUrl: string;
  readonly batchSize: number;
  readonly inputTemplate: string;
  readonly source: string;
  readonly detailType: string;
}

/** Everything the local stack takes from the template. */
export interface Plan {
  readonly queues: readonly PlannedQueue[];
  readonly secrets: readonly PlannedSecret[];
  readonly function: PlannedFunction;
  readonly route: PlannedRoute;
  readonly pipes: readonly PlannedPipe[];
  readonly outputs: Record<string, string>;
}
