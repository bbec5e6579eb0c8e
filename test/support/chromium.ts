import { accessSync } from 'node:fs';

/** Where Debian's package puts it; `CHROMIUM` names another. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const chromiumOptions = {
  executablePath: EXECUTABLE,
  // Root, as in a container, gets no sandbox; the rest keeps the browser from calling home.
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Why the tests in a browser cannot run; undefined when they can. With `REQUIRE_BROWSER` they run, and fail without one. */
export function missingChromium(): string | undefined {
  if (process.env.REQUIRE_BROWSER) return undefined;
  try {
    accessSync(EXECUTABLE);
    return undefined;
  } catch {
    return `no Chromium at ${EXECUTABLE}: install it, or name yours in CHROMIUM`;
  }
}
