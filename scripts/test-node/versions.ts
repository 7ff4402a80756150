/**
 * The Nodes that the project runs on, each by its newest release that the registry brings for Linux on both processors
 * (read 2026-11-28). The workflows' matrices and `engines` say the same; a test compares them.
 */
export const NODES = { '20': '20.20.2', '22': '22.23.3', '24': '24.21.0' } as const;

export type Major = keyof typeof NODES;

export const MAJORS = Object.keys(NODES) as readonly Major[];

export interface Asked {
  readonly majors: readonly Major[];
  /** For jest. */
  readonly rest: readonly string[];
}

export const USAGE = `npm run test:node -- <${MAJORS.join('|')}> [more of them] [what jest takes, such as test/tooling]`;

/** @returns what is wrong, as text, where the arguments name no Node or one that the project does not run on */
export function asked(args: readonly string[]): Asked | string {
  const end = args.findIndex((one) => !/^v?\d/.test(one));
  const named = end === -1 ? args : args.slice(0, end);
  const unknown = named.find((one) => !isMajor(one));
  if (unknown !== undefined) return `Node ${unknown}: the project runs on ${list()}; ${USAGE}`;
  if (named.length === 0)
    return `which Node: ${list()}; got ${args[0] === undefined ? 'nothing' : `'${args[0]}'`}; ${USAGE}`;
  return { majors: [...new Set(named.filter(isMajor))], rest: args.slice(named.length) };
}

function isMajor(text: string): text is Major {
  return Object.hasOwn(NODES, text);
}

function list(): string {
  return MAJORS.join(', ');
}
