import { writeFile } from 'node:fs/promises';
import { picture } from './dashboard/draw.ts';
import { readDashboard } from './dashboard/read.ts';

// Draws the dashboard that the option "dashboard" makes, with made-up data, for the documentation.
await writeFile(new URL('../docs/images/dashboard.svg', import.meta.url), picture(await readDashboard()));
