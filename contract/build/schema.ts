import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import * as v from 'valibot';
import { CONTRACT, payloadDescriptions } from '../descriptions.ts';
import { EVENT_TYPES, type EventType, eventSchemas } from '../event.ts';
import { asyncApi } from './asyncapi.ts';
import { documentedSchema } from './documented.ts';
import { fileName } from './names.ts';
import { sampleText } from './sample.ts';

const command = new Command('npm run schema --')
  .description('Writes the contract for other languages: JSON Schema and AsyncAPI.')
  .option('--check', 'write nothing; exit with 1 when a file is stale')
  .option('--out <directory>', 'where the files are', fileURLToPath(new URL('../schema', import.meta.url)))
  .parse();
const { check, out } = v.parse(
  v.object({ check: v.optional(v.boolean(), false), out: v.string() }),
  command.opts(),
);

const files = new Map([[`${out}/asyncapi.yaml`, asyncApi()]]);
for (const type of EVENT_TYPES) {
  const text = `${JSON.stringify(payloadSchema(type), null, 2)}\n`;
  files.set(`${out}/${fileName(type)}.schema.json`, text);
}

if (!check) await mkdir(out, { recursive: true });
for (const [file, text] of files) {
  const same = (await readFile(file, 'utf8').catch(() => undefined)) === text;
  if (same) continue;
  if (!check) {
    await writeFile(file, text);
    console.log(`wrote ${file}`);
    continue;
  }
  console.error(`${basename(file)} is stale: run "npm run schema" and commit what it writes`);
  process.exitCode = 1;
}

/** The payload of an event type as JSON Schema 2020-12. */
function payloadSchema(type: EventType): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:${CONTRACT.name}:${fileName(type)}:${CONTRACT.version}`,
    $comment: `Version ${CONTRACT.version} of the contract ${CONTRACT.name}. Written by "npm run schema".`,
    title: type,
    ...documentedSchema(eventSchemas[type], payloadDescriptions[type], 'draft-2020-12'),
    examples: [JSON.parse(sampleText(fileName(type)))],
  };
}
