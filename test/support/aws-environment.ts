import { onTestFinished, vi } from 'vitest';

/** Lets this process's clients of AWS ask these endpoints, until the test is finished. */
export function stubAws(endpoints: Readonly<Record<string, string>>, region = 'eu-west-1') {
  const variables = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...endpoints,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return variables;
}
