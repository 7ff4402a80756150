import type { AssemblyDiff, StackDiff } from './compare';
import { overshootText, ownCostText } from './estimates';
import { cut, excerpts } from './excerpts';
import { inside, valueText } from './leaves';
import type { LimitChange } from './limits';
import { untold, type Rows, type Untold } from './told-once';
import { NOT_JUDGED, type PermissionChange } from './permissions';
import type { ResourceChange } from './resources';
import type { Weakening } from './weaker';

/** A list longer than this is folded, so that one comment shows what matters first. */
const FOLD_ABOVE = 12;
/** What a statement opens is every action times every resource. */
const LISTED = 8;
/** Of a value that nobody reads to its end. */
const LONGEST_VALUE = 120;
/** GitHub refuses a comment of more than 65,536 characters. */
export const LONGEST_COMMENT = 60_000;
/** Workflows hand it on in a variable, of which Linux takes 131,072 bytes (MAX_ARG_STRLEN, execve(2), read 2026-11-29). */
export const LONGEST_VARIABLE = 120_000;

/** The difference for a reviewer: what matters in the first lines, the rest by stack. */
export function diffMarkdown(diff: AssemblyDiff): string {
  const changed = diff.stacks.filter(({ change }) => change !== 'same');
  const same = diff.stacks.filter(({ change }) => change === 'same').map(({ stack }) => `\`${stack}\``);
  const text = [
    '## What a deploy would change',
    '',
    ...(changed.length === 0 ? ['Nothing: both outputs deploy the same.'] : verdict(diff)),
    ...changed.flatMap(stackSection),
    ...(same.length > 0 && changed.length > 0 ? ['', `Unchanged: ${same.join(', ')}.`] : []),
    '',
  ].join('\n');
  return text.length <= LONGEST_COMMENT && Buffer.byteLength(text) <= LONGEST_VARIABLE ? text : shortened(text);
}

/** Cut at the end of a line, outside any fold, and said. */
function shortened(text: string): string {
  const room = Buffer.from(text).subarray(0, LONGEST_VARIABLE).toString().length - 1;
  const cut = text.slice(0, text.lastIndexOf('\n', Math.min(LONGEST_COMMENT, room)));
  const open = cut.split('<details>').length - cut.split('</details>').length;
  const fence = (cut.match(/^ *```/gm) ?? []).length % 2 === 1 ? '\n  ```' : '';
  return `${cut}${fence}${'\n</details>'.repeat(open)}\n\n**Cut here: ${text.length - cut.length} more characters.** \`spend-guard diff\` prints all of it with \`--json\`.\n`;
}

/** The first lines, for whoever reads no further. */
function verdict({ stacks, broadened, replaced }: AssemblyDiff): readonly string[] {
  const count = (of: (stack: StackDiff) => number) => stacks.reduce((sum, stack) => sum + of(stack), 0);
  const broader = count(({ permissions }) => permissions.filter(({ broadens }) => broadens).length);
  const gone = count(({ resources }) => resources.filter(({ impact }) => impact === 'removed').length);
  const weaker = (of: Weakening['of']) => count(({ weakened }) => weakened.filter((one) => one.of === of).length);
  const isGuard = stacks.some(({ environment }) => environment !== undefined);
  return [
    broadened ? `- **Access gets broader** in ${plural(broader, 'statement')}` : '- Access gets no broader',
    replaced ? '- **Resources are replaced**, or may be' : '- No resource is replaced',
    ...(isGuard ? [weakerLine('The guard is weakened', 'The guard is not weakened', weaker('guard'))] : []),
    weakerLine('Data is lost, or kept less well', 'No data is lost', weaker('data')),
    ...(gone > 0 ? [`- **${plural(gone, 'resource')} deleted**`] : []),
    ...(isGuard
      ? [
          `- ${plural(
            count(({ limits }) => limits.length),
            'change',
          )} of limits and thresholds, ${count(({ settings }) => settings.length)} of settings`,
        ]
      : []),
  ];
}

function weakerLine(headline: string, otherwise: string, count: number): string {
  return count > 0 ? `- **${headline}** in ${plural(count, 'place')}` : `- ${otherwise}`;
}

function stackSection(stack: StackDiff): readonly string[] {
  const { change, permissions, weakened } = stack;
  const { limits, settings, resources } = untold(stack);
  const of = (...impacts: readonly ResourceChange['impact'][]) =>
    resources.filter(({ impact }) => impacts.includes(impact));
  return [
    '',
    `### \`${stack.stack}\`${change === 'changed' ? '' : ` (${change})`}`,
    ...section('Weaker guard', weakerTable(weakened.filter(({ of }) => of === 'guard'))),
    ...section('Lost data', weakerTable(weakened.filter(({ of }) => of === 'data'))),
    ...section('How it is deployed', change === 'changed' ? changeTable(stack.deployment) : []),
    ...section('Parameters', change === 'changed' ? changeTable(stack.parameters) : [], stack.parameters.length),
    ...section('Limits and thresholds', [...changeTable(limits.rows), ...elsewhere(limits)]),
    ...section(
      "Settings of the guard's functions",
      [...changeTable(settings.rows), ...elsewhere(settings)],
      settings.rows.length,
    ),
    ...section('Access', permissions.flatMap(permissionLines), foldableOf(permissions)),
    ...section('Replaced', of('replaced', 'mayReplace').map(replacedLine)),
    ...section('Deleted', of('removed').map(nameLine), of('removed').length),
    ...section('No longer managed, but kept', of('kept').map(nameLine)),
    ...section('Added', of('added').map(nameLine), of('added').length),
    ...section('Changed in place', of('updated').flatMap(updatedLines), of('updated').length),
    ...section('Outputs', change === 'changed' ? changeTable(stack.outputs) : [], stack.outputs.length),
    ...section(
      'The rest of the template, and assets',
      change === 'changed' ? restTable(stack.rest) : [],
      stack.rest.length,
    ),
    ...section('Estimates', stack.environment === undefined ? [] : estimateLines(stack)),
    ...section(
      'Unknown',
      stack.unknown.map((text) => `- ${text}`),
    ),
  ];
}

/** @param foldable how many entries may be hidden until somebody opens them */
function section(title: string, lines: readonly string[], foldable = 0): readonly string[] {
  if (lines.length === 0) return [];
  if (foldable <= FOLD_ABOVE) return ['', `**${title}**`, '', ...lines];
  return ['', `<details><summary><b>${title}</b> (${foldable})</summary>`, '', ...lines, '', '</details>'];
}

/** As a diff, which GitHub colours: `!` is what the statement opens that was closed. */
function permissionLines({ owner, change, broadens, title, details, opened }: PermissionChange): readonly string[] {
  const more = opened.length - LISTED;
  return [
    `- ${broadens ? '**broader**, ' : ''}${change}: \`${owner}\`, ${title}`,
    '  ```diff',
    ...details.map((line) => `  ${fenced(line)}`),
    ...opened.slice(0, LISTED).map((line) => `  ! ${line === NOT_JUDGED ? '' : 'opens '}${fenced(line)}`),
    ...(more > 0 ? [`  ! and ${more} more`] : []),
    '  ```',
  ];
}

/** What broadens is never folded. */
function foldableOf(permissions: readonly PermissionChange[]): number {
  return permissions.some(({ broadens }) => broadens) ? 0 : permissions.length;
}

function replacedLine({ logicalId, type, impact, properties }: ResourceChange): string {
  const cause = properties.length > 0 ? `, by ${properties.join(', ')}` : '';
  return `- \`${logicalId}\` (${type})${impact === 'mayReplace' ? ' **may be** replaced' : ''}${cause}`;
}

function nameLine({ logicalId, type }: ResourceChange): string {
  return `- \`${logicalId}\` (${type})`;
}

/** A row is shown once, where it weighs most. */
function elsewhere({ rows, told }: Rows): readonly string[] {
  const line = `${plural(told, 'change')} told above, under **Weaker guard**.`;
  return told === 0 ? [] : [...(rows.length > 0 ? [''] : []), line];
}

/** Each value before and after; policies are told as access. */
function updatedLines(one: Untold): readonly string[] {
  const more = one.values.length - FOLD_ABOVE;
  return [
    `${nameLine(one)}: ${one.properties.join(', ') || 'attributes'}${one.told === 0 ? '' : `, ${one.told} of its values told above`}`,
    ...one.values.slice(0, FOLD_ABOVE).map((value) => `  - ${valueLine(value)}`),
    ...(more > 0 ? [`  - and ${more} more`] : []),
  ];
}

function valueLine(change: LimitChange): string {
  const { what, before, after } = short(change);
  const [was, is] = [before, after].map((value) => (value === undefined ? 'none' : code(value)));
  return `${what}: ${was} → ${is}${was === is ? ', which differ in white space or quotes alone' : ''}`;
}

/** On one line, and with no sign that ends it. */
function code(text: string): string {
  return `\`${fenced(text).replaceAll('`', "'")}\``;
}

function weakerTable(weakened: readonly Weakening[]): readonly string[] {
  return table(
    ['', 'before', 'after', 'why'],
    weakened.map((one) => {
      const { what, before = 'none', after = 'none' } = short(one);
      return [what, before, after, one.why];
    }),
  );
}

/** Values that are too long, cut to where they differ. */
function short({ what, before, after }: LimitChange): LimitChange {
  if (before === undefined || after === undefined) {
    return { what, before: before && cut(before, LONGEST_VALUE), after: after && cut(after, LONGEST_VALUE) };
  }
  const [was, is] = excerpts(before, after, LONGEST_VALUE);
  return { what, before: was, after: is };
}

function estimateLines({ estimates: { before, after } }: StackDiff): readonly string[] {
  return [
    `- the guard itself costs a month: ${change(ownCostText(before), ownCostText(after))}`,
    `- may be spent before the meter's stop holds: ${change(overshootText(before), overshootText(after))}`,
  ];
}

function change(before: string, after: string): string {
  if (before !== after) return `${before} → ${after}`;
  // Two unknown figures need not be the same.
  return after.startsWith('unknown') ? after : `${after}, as before`;
}

/** On one line, so that nothing in a template can end the fence it stands in. */
function fenced(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function changeTable(changes: readonly LimitChange[]): readonly string[] {
  return table(
    ['', 'before', 'after'],
    changes.map(({ what, before, after }) => [what, before ?? 'none', after ?? 'none']),
  );
}

/** Of mappings and macros what differs in them is what a reviewer wants to know. */
function restTable(changes: readonly LimitChange[]): readonly string[] {
  const values = changes.flatMap(({ what, ...change }) =>
    inside({ path: what, ...change }).map((one) => ({
      what: one.path,
      before: valueText(one.before),
      after: valueText(one.after),
    })),
  );
  return changeTable(values.map(short));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

function cell(text: string): string {
  return text.replace(/</g, '&lt;').replace(/\|/g, '\\|').replace(/\n/g, ' ');
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
