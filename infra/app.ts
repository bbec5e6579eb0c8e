import { OptionsError } from './choose-stage.ts';
import { createApp } from './create-app.ts';

try {
  createApp();
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // At once: an app that was begun would still be synthesized on the way out.
  process.exit(1);
}
