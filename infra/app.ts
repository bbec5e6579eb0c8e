import { OptionsError } from './choose-stage.ts';
import { createApp } from './create-app.ts';

try {
  createApp();
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // Exits at once, because the CDK synthesizes even an unfinished App when the process ends by itself.
  process.exit(1);
}
