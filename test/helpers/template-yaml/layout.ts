import { load } from 'js-yaml';

const WIDTH = 140;

/** YAML of plain data: whatever fits on a line stands on one, so that a changed value is one changed line. */
export function yaml(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .map(([key, one]) => `${field(key, one, 0).join('\n')}\n`)
    .join('\n');
}

function field(key: string, told: unknown, indent: number): readonly string[] {
  const start = `${' '.repeat(indent)}${scalar(key, 'block key')}:`;
  const short = `${start} ${onOneLine(told)}`;
  if (!isNested(told) || (indent > 0 && short.length <= WIDTH)) return [short];
  return [start, ...block(told, indent + 2)];
}

function block(told: object, indent: number): readonly string[] {
  if (!Array.isArray(told)) return Object.entries(told).flatMap(([key, one]) => field(key, one, indent));
  return told.flatMap((one) => {
    const short = `${' '.repeat(indent)}- ${onOneLine(one)}`;
    if (!isNested(one) || short.length <= WIDTH) return [short];
    const [first, ...others] = block(one, indent + 2);
    return [`${' '.repeat(indent)}- ${first!.trimStart()}`, ...others];
  });
}

const isNested = (told: unknown): told is object =>
  typeof told === 'object' && told !== null && Object.keys(told).length > 0;

function onOneLine(told: unknown): string {
  return isNested(told) ? flow(told) : scalar(told, 'block');
}

function flow(told: unknown): string {
  if (!isNested(told)) return scalar(told, 'flow');
  if (Array.isArray(told)) return `[${told.map(flow).join(', ')}]`;
  return `{ ${Object.entries(told)
    .map(([key, one]) => `${scalar(key, 'flow key')}: ${flow(one)}`)
    .join(', ')} }`;
}

const PLACES = {
  'block key': (text: string) => `${text}: 0`,
  'flow key': (text: string) => `{ ${text}: 0 }`,
  block: (text: string) => `0: ${text}`,
  flow: (text: string) => `[${text}, 0]`,
};

/** Without quotes wherever YAML reads it as the same text. */
function scalar(told: unknown, place: keyof typeof PLACES): string {
  if (typeof told !== 'string') return JSON.stringify(told);
  const quoted = JSON.stringify(told);
  return same(PLACES[place](told), PLACES[place](quoted)) ? told : quoted;
}

function same(plain: string, quoted: string): boolean {
  try {
    return JSON.stringify(load(plain)) === JSON.stringify(load(quoted));
  } catch {
    return false;
  }
}
