import { OptionsError } from './choose-stage.ts';
import { createApp } from './create-app.ts';

try {
  createApp();
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // Exits at once: at the normal end of a process, the CDK synthesizes every App in it, even an unfinished one.
  process.exit(1);
}
