import { CfnOutput, Stack } from 'aws-cdk-lib';
import { storeKeyCommand } from './next-step.ts';
import type { Receiver } from './receiver.ts';
import type { Settings } from './settings.ts';

/** Adds the stack outputs of a receiver, each with its id after the prefix. */
export function createOutputs(receiver: Receiver, settings: Settings, prefix: string): void {
  const stack = Stack.of(receiver);
  const { secretName } = receiver.secret;
  const outputs: Readonly<Record<string, readonly [value: string | undefined, description: string]>> = {
    WebhookUrl: [
      receiver.url,
      'Paste it into the Customer Portal: Settings, "Webhook URL for sessions statuses set in Station".',
    ],
    DefaultWebhookUrl: [
      receiver.defaultUrl,
      "API Gateway's own address of the same webhook, which works until domain.only is set.",
    ],
    QueueUrl: [receiver.queue.queueUrl, 'Accepted events, for subscribers to receive.'],
    QueueArn: [receiver.queue.queueArn, 'Accepted events, for policies and event sources.'],
    DeadLetterQueueUrl: [receiver.deadLetterQueue.queueUrl, 'Messages that no subscriber could handle.'],
    QuarantineQueueUrl: [
      receiver.quarantineQueue.queueUrl,
      'Authentic deliveries that could not go to the main queue.',
    ],
    SubscriberPolicyArn: [
      receiver.subscriberPolicy.managedPolicyArn,
      'Attach it to the role of a service that drains the queue.',
    ],
    EventBusName: [
      receiver.eventBus?.eventBusName,
      'The event bus for rules; its events have the source veriff.',
    ],
    DomainTarget: [receiver.domainTarget, 'The target of the DNS record of your custom domain name.'],
    PreviousSecretGraceHours: [
      String(settings.previousSecretGraceHours),
      'Hours that the keys of the previous version still work after new ones were stored.',
    ],
    MetricsName: [receiver.metricsName, 'The value of the dimension "service" of all metrics.'],
    SecretName: [secretName, "The secret that holds Veriff's shared secret key."],
    NextStep: [
      // Not for an existing secret: the command would write over what its owner stored.
      settings.secretName === undefined ? storeKeyCommand(secretName, stack.region) : undefined,
      "Run it in bash or zsh, paste Veriff's shared secret key (nothing is shown), press Enter, then Ctrl-D.",
    ],
  };
  for (const [id, [value, description]] of Object.entries(outputs)) {
    if (value !== undefined) new CfnOutput(stack, `${prefix}${id}`, { value, description });
  }
}
