import { readFileSync } from 'node:fs';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { FUNCTION_TAG } from '../../core/tags';
import { mergeSettings, parseSettings, type Settings, SETTINGS_FILE } from '../../core/settings';
import { buildTemplate, TEMPLATE_FILE } from '../../scripts/release-template/build';
import { filledTemplate, type FilledResource, type FilledTemplate } from './filled-template';
import { folderOnceARun } from './once-a-run';

export const NOW = Date.parse('2026-11-29T00:00:00Z');
export const PREFIX = 'spend-guard/try/';

/** What must be given. */
export const GIVEN = { MonthlyLimitUsd: '50', Email: 'team@example.com', AssetBucket: 'my-bucket' } as const;

interface Released {
  readonly folder: string;
  readonly text: string;
}

/** What a release writes, made once in a run. */
export function released(): Released {
  const region = 'us-east-1';
  const folder = folderOnceARun('one-click', region, (outFolder) => {
    buildTemplate({ region, outFolder, prefix: PREFIX, now: NOW });
  });
  return { folder, text: readFileSync(path.join(folder, TEMPLATE_FILE), 'utf8') };
}

const settings = new Map<string, Settings>();

/** The file beside the code in a zip; none: nothing. */
function settingsIn(zip: string): Settings {
  const known = settings.get(zip);
  if (known) return known;
  const file = unzipSync(readFileSync(path.join(released().folder, zip)))[SETTINGS_FILE];
  const found = file ? parseSettings(strFromU8(file)) : {};
  settings.set(zip, found);
  return found;
}

export function filledWith(parameters: Readonly<Record<string, string>> = {}): FilledTemplate {
  return filledTemplate(released().text, { ...GIVEN, ...parameters });
}

/** The one resource of a type, or the one whose logical id begins with a text. */
export function resourceOf({ resources }: FilledTemplate, type: string, id = ''): FilledResource {
  const found = Object.entries(resources).filter(([name, { Type }]) => Type === type && name.startsWith(id));
  const [[, one] = []] = found;
  if (one === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${id}`);
  return one;
}

/** Variables of a function, as it is deployed. */
export function variablesIn(filled: FilledTemplate, feature: string): Readonly<Record<string, string>> {
  return functionIn(filled, feature).Properties.Environment.Variables;
}

/** All that a function reads at its start: its variables, and the file in its zip. */
export function toldIn(filled: FilledTemplate, feature: string): Readonly<Record<string, string>> {
  const { S3Key } = functionIn(filled, feature).Properties.Code;
  return mergeSettings(variablesIn(filled, feature), settingsIn(path.basename(S3Key)));
}

function functionIn({ resources }: FilledTemplate, feature: string): FilledResource {
  const found = Object.values(resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' &&
      Properties.Tags.some(({ Key, Value }) => Key === FUNCTION_TAG && Value === feature),
  );
  if (!found) throw new Error(`no function ${feature}`);
  return found;
}
