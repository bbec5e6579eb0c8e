const OWN_STACK = /^veriff-status-receiver-(.+)$/;

/**
 * What brings back what the stack's template has: with an unchanged template CloudFormation does nothing else about
 * what was changed or deleted by hand.
 */
export function revertDrift(stackName: string): string {
  const [, stage] = OWN_STACK.exec(stackName) ?? [];
  return stage === undefined
    ? `run "npx cdk deploy --revert-drift ${stackName}" in its app`
    : `run "npx cdk deploy --revert-drift -c stage=${stage}"`;
}
