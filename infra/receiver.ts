import { CfnOutput, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { createDashboard } from './dashboard.ts';
import type { ReceiverDomain } from './domain.ts';
import { createEventBus } from './event-bus.ts';
import { createFunction } from './function.ts';
import { createQueues } from './queues.ts';
import { createRoute } from './route.ts';
import { createSecret } from './secret.ts';
import { allowSubscribers } from './subscribers.ts';

export interface ReceiverProps {
  /**
   * Names the queue, the API and the access log, and is the `service` of every metric. Up to 75
   * letters, digits, hyphens and underscores that no other receiver of the account and Region has.
   * @default a name made of the construct's path
   */
  readonly name?: string;
  /**
   * Full ARN, six-character suffix included, of an existing secret in the same Region. Its value is the shared
   * secret key, or a JSON map from integration API key to shared secret key. When the secret is encrypted with a
   * KMS key of your own, allow the {@link Receiver.function} to decrypt with it.
   * @default a new secret that holds a placeholder; the receiver answers 503 until the real one is stored
   */
  readonly secretArn?: string | undefined;
  /**
   * How long a delivery signed with the previous key is accepted after a new one was stored; whole hours.
   * @default Duration.hours(24)
   */
  readonly previousSecretGrace?: Duration;
  /**
   * FIFO queues: the statuses of one attempt in order (message group: the attempt), and a status that is sent again
   * within 5 minutes once (deduplication id: the event id). Changing it replaces the queues: drain them first.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * Drain the queue onto an {@link Receiver.eventBus} with a pipe, so that services subscribe with rules.
   * @default false
   */
  readonly hasEventBus?: boolean;
  /**
   * Other accounts whose roles may drain the queue.
   * @default none
   */
  readonly subscriberAccounts?: readonly string[];
  /**
   * ARN of a KMS key that encrypts the queues and the new secret, and the secret of {@link secretArn} if that is
   * encrypted with it. The key's policy must let the account's IAM policies decide.
   * @default keys that AWS owns
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Requests a second that reach the function in the long run; beyond it the sender gets 429 and tries again.
   * @default 50
   */
  readonly throttleRate?: number;
  /**
   * Requests that may arrive at once on top of the rate.
   * @default 100
   */
  readonly throttleBurst?: number;
  /**
   * A host name of your own; API Gateway's is turned off then.
   * @default the name that API Gateway makes up
   */
  readonly domain?: ReceiverDomain | undefined;
  /**
   * Addresses and ranges (IPv4 and IPv6) that may send; others get 403 before anything else is looked at.
   * @default everybody: the signature decides
   */
  readonly allowedSources?: readonly string[];
  /**
   * Who is told of alarms.
   * @default there are no alarms
   */
  readonly alarms?: Pick<AlarmsProps, 'email' | 'topicArn'> | undefined;
  /**
   * A CloudWatch dashboard.
   * @default false
   */
  readonly hasDashboard?: boolean;
  /**
   * How long the function's log and the access log are kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * What becomes of the queues, the secret and the logs when they leave the stack.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE: they stay, unless the deployment that makes them fails
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Receives Veriff's user-defined statuses: an API Gateway route triggers a function that verifies the signature,
 * validates the event and puts it on a queue. Subscribers drain {@link queue}.
 */
export class Receiver extends Construct {
  /** Accepted events, kept for 14 days. A message that was received 5 times moves to {@link deadLetterQueue}. */
  readonly queue: Queue;
  /** Attach it to a role that drains {@link queue}. */
  readonly subscriberPolicy: ManagedPolicy;
  /** Where rules subscribe; undefined without `hasEventBus`. */
  readonly eventBus: EventBus | undefined;
  /** Messages that no subscriber managed to handle; SQS counts their 14 days from when they were accepted. */
  readonly deadLetterQueue: IQueue;
  /** Authentic deliveries that are no valid event of a known type, kept for 14 days. */
  readonly quarantineQueue: IQueue;
  /** Holds Veriff's shared secret key. */
  readonly secret: ISecret | Secret;
  /** The function behind the route. */
  readonly function: IFunction;
  /** The HTTP API; it has one route. */
  readonly api: HttpApi;
  /** Point your own name to it when you have no hosted zone here; undefined without `domain`. */
  readonly domainTarget: string | undefined;
  /** The address to enter in Veriff's Customer Portal. */
  readonly url: string;
  /** The `service` of every metric in the namespace `VeriffStatusReceiver`. */
  readonly metricsName: string;
  private readonly previousSecretGrace: Duration;

  constructor(scope: Construct, id: string, props: ReceiverProps = {}) {
    super(scope, id);
    const name = props.name ?? nameFromPath(this);
    this.metricsName = name;
    this.previousSecretGrace = props.previousSecretGrace ?? Duration.hours(24);
    const logRetention = props.logRetention ?? RetentionDays.THREE_MONTHS;
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

    const { kmsKeyArn } = props;
    const key = kmsKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', kmsKeyArn);

    const queues = createQueues(this, { name, fifo: props.fifo ?? false, key, removalPolicy });
    this.queue = queues.queue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.quarantineQueue = queues.quarantineQueue;

    this.secret = createSecret(this, { secretArn: props.secretArn, key, removalPolicy });

    this.function = createFunction(this, {
      queue: this.queue,
      quarantineQueue: this.quarantineQueue,
      secretArn: this.secret.secretArn,
      kmsKeyArn,
      previousSecretGrace: this.previousSecretGrace,
      allowedSources: props.allowedSources ?? [],
      name,
      logRetention,
      removalPolicy,
    });

    const route = createRoute(this, {
      receiver: this.function,
      name,
      throttleRate: props.throttleRate ?? 50,
      throttleBurst: props.throttleBurst ?? 100,
      domain: props.domain,
      logRetention,
      removalPolicy,
    });
    this.api = route.api;
    this.url = route.url;
    this.domainTarget = route.domainName?.regionalDomainName;

    const { queue } = queues;
    this.subscriberPolicy = allowSubscribers(this, {
      queue,
      accounts: props.subscriberAccounts ?? [],
      kmsKeyArn,
    });
    const watched = { ...queues, function: this.function, api: this.api, name };
    const alarms = props.alarms && new Alarms(this, 'Alarms', { ...watched, ...props.alarms });
    if (props.hasDashboard) createDashboard(this, { ...watched, alarms: alarms?.alarms ?? [] });

    this.eventBus = props.hasEventBus ? createEventBus(this, { name, queue, kmsKeyArn }) : undefined;
  }

  /**
   * Puts out what `npm run secret`, `send`, `replay` and `doctor` need, for a stack of your own. Their ids begin with the
   * receiver's path in the stack (`Statuses` gives `StatusesWebhookUrl`), so that a stack may hold several.
   */
  addOutputs(): void {
    const stack = Stack.of(this);
    const scopes = this.node.scopes;
    const prefix = scopes
      .slice(scopes.indexOf(stack) + 1)
      .map(({ node }) => node.id)
      .join('');
    for (const [name, value] of Object.entries(this.outputs())) {
      new CfnOutput(stack, `${prefix}${name}`, { value });
    }
  }

  private outputs(): Readonly<Record<string, string>> {
    return {
      WebhookUrl: this.url,
      QueueUrl: this.queue.queueUrl,
      QueueArn: this.queue.queueArn,
      DeadLetterQueueUrl: this.deadLetterQueue.queueUrl,
      QuarantineQueueUrl: this.quarantineQueue.queueUrl,
      SecretName: this.secret.secretName,
      PreviousSecretGraceHours: String(this.previousSecretGrace.toHours()),
      MetricsName: this.metricsName,
    };
  }
}

function nameFromPath(construct: Construct): string {
  return Names.uniqueResourceName(construct, {
    separator: '-',
    allowedSpecialCharacters: '-_',
    maxLength: 75,
  });
}
