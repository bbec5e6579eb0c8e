import { Annotations, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createAlarms } from './alarms.ts';
import { createDashboard } from './dashboard.ts';
import { createEventBus } from './event-bus.ts';
import { createFunction } from './function.ts';
import { permitKeysFirst } from './kms-keys.ts';
import { checkOptions, type ReceiverProps } from './options.ts';
import { createOutputs } from './outputs.ts';
import { createQueues } from './queues.ts';
import { keepWhenReplaced } from './retention.ts';
import { createRoute } from './route.ts';
import { createSecret } from './secret.ts';
import { type Settings, settingsOf } from './settings.ts';
import { allowSubscribers } from './subscribers.ts';

export type { ReceiverProps };

/**
 * Receives Veriff's user-defined statuses: an API Gateway route triggers a function that verifies the signature,
 * validates the event and puts it on a queue. Subscribers drain {@link queue}.
 *
 * Does not throw for a wrong option: it adds an error annotation for each, and the CDK CLI then deploys nothing.
 */
export class Receiver extends Construct {
  /**
   * Accepted events, kept for 14 days. A message that was received 5 times and not deleted moves to
   * {@link deadLetterQueue}.
   */
  readonly queue: Queue;
  /** A managed policy: attach it to a role that drains {@link queue}. */
  readonly subscriberPolicy: ManagedPolicy;
  /** The event bus for accepted events; undefined without the option `eventBus`. */
  readonly eventBus: EventBus | undefined;
  /**
   * Messages that were received 5 times and not deleted. They are deleted 14 days after SQS accepted them; with `fifo`,
   * 14 days after they moved here.
   */
  readonly deadLetterQueue: IQueue;
  /** Authentic deliveries that could not go to {@link queue}, such as those that are no valid event; kept for 14 days. */
  readonly quarantineQueue: IQueue;
  /** Holds Veriff's shared secret key. */
  readonly secret: ISecret | Secret;
  /** The function behind the route. */
  readonly function: IFunction;
  /** The HTTP API; it has one route. */
  readonly api: HttpApi;
  /** The target of your own DNS record when `domain` has no `hostedZone`; undefined without `domain`. */
  readonly domainTarget: string | undefined;
  /** The address to enter in Veriff's Customer Portal. */
  readonly url: string;
  /** API Gateway's own address, which works in addition to `domain`; undefined without `domain` or with `domain.only`. */
  readonly defaultUrl: string | undefined;
  /** The value of the dimension `service` of every metric in the namespace `VeriffStatusReceiver`. */
  readonly metricsName: string;
  private readonly settings: Settings;

  constructor(scope: Construct, id: string, props: ReceiverProps = {}) {
    super(scope, id);
    const { options, faults } = checkOptions(props);
    for (const fault of faults) Annotations.of(this).addError(fault);
    this.settings = settingsOf(this, options);
    this.metricsName = this.settings.name;

    const queues = createQueues(this, this.settings);
    this.queue = queues.queue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.quarantineQueue = queues.quarantineQueue;

    const sharedSecret = createSecret(this, this.settings);
    this.secret = sharedSecret.secret;
    this.function = createFunction(this, this.settings, sharedSecret, queues);

    const route = createRoute(this, this.settings, this.function);
    this.api = route.api;
    this.url = route.url;
    this.defaultUrl = route.defaultUrl;
    this.domainTarget = route.domainTarget;

    this.subscriberPolicy = allowSubscribers(this, this.settings, this.queue);
    const alarms = options.alarms === undefined ? [] : createAlarms(this, options.alarms);
    if (options.dashboard) createDashboard(this, alarms);

    const eventBus = options.eventBus ? createEventBus(this, this.settings, this.queue) : undefined;
    this.eventBus = eventBus?.bus;

    permitKeysFirst(this, this.settings.keyArns, eventBus?.pipeRole);
    keepWhenReplaced(this);
  }

  /**
   * Adds the stack outputs that people and the repository's tools need. Their ids begin with the letters and digits of the
   * receiver's path in the stack (`my-statuses` gives `mystatusesWebhookUrl`), so that a stack can hold several receivers.
   * @param options.isOnly leaves out the path, for a stack with no other receiver; false by default
   */
  addOutputs({ isOnly = false }: { readonly isOnly?: boolean } = {}): void {
    const pathInStack = this.node.path.slice(Stack.of(this).node.path.length).replaceAll('/', '');
    createOutputs(this, this.settings, isOnly ? '' : pathInStack);
  }
}
