import { hubCost, hubCostLines } from '../../core/estimates/hub-cost';
import { countHub } from '../../lib/hub-cost';
import { organizationNotes } from '../../lib/organization-notes';
import { countBillable } from '../../lib/self-cost';
import { hubStackOf, organizationOf } from '../helpers/hub';
import { stackOf } from '../helpers/guard-stack';
import { environmentOf } from '../helpers/stack';

const organization = organizationOf();
const stack = hubStackOf(organization);
const counts = countHub(stack);
const itemOf = (accounts: number, what: RegExp) => hubCost(counts, accounts).find((item) => what.test(item.what));

test('counts what is in the stack: alarms, and runs of the brake and the report', () => {
  expect(counts).toEqual({
    // Missing runs of three functions, errors and throttles of the brake, dead letters, findings; whoever adds one says why here.
    alarmMetrics: 7,
    scheduledRuns: 31 * 24 * 12 + 31,
    scheduledGbSeconds: ((31 * 24 * 12 + 31) * 5 * 256) / 1024,
    memoryMiB: 256,
  });
});

test('what accounts tell is paid for where it is put and where it is delivered, and each is a run', () => {
  expect(itemOf(40, /EventBridge/)).toMatchObject({ what: 'EventBridge (34160 events)', freeTierUsedUp: 68_320_000 });
  expect(itemOf(40, /Lambda requests/)!.what).toBe(`Lambda requests (${8959 + 34_160})`);
  expect(itemOf(0, /EventBridge/)).toBeUndefined();
});

test('an account more costs some cents at the most', () => {
  const total = (accounts: number) => hubCost(counts, accounts).reduce((sum, item) => sum + item.freeTierUsedUp, 0);
  expect(total(41) - total(40)).toBeGreaterThan(0);
  expect(total(41) - total(40)).toBeLessThan(30_000_000);
  expect(total(40)).toBeLessThan(2_000_000_000);
});

test('synth prints limits, notices, and each item with the total', () => {
  const lines = organizationNotes(stack, organization, countBillable(stackOf(environmentOf('dev'))));
  expect(lines[0]).toBe(
    'o-a1b2c3d4e5: 3 accounts with $700.00 a month together, us-east-1; mode enforce; brake at 110%, after a person approves',
  );
  expect(lines).toContain('  note: the brake is put on by itself at 110% in 333333333333');
  expect(lines.at(-1)).toMatch(
    /^ {2}the guard of each account, a month, with accountWide: \$\d+\.\d\d .*; 3 accounts with it used up: \$\d+\.\d\d$/,
  );
  expect(lines.filter((line) => /the hub itself, a month, of 3 accounts|^ {2}total/.test(line))).toHaveLength(2);
  for (const line of hubCostLines(counts, 3)) expect(lines).toContain(`  ${line}`);
});
