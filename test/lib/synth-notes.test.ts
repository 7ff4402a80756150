import { referenceCommand } from '../../core/enforcement/permission-sets';
import { synthNotes } from '../../lib/synth-notes';
import { environmentOf, stackOf } from '../helpers/stack';

const PRINCIPALS = { roles: [], users: [], groups: [] };

function notes(permissionSets: readonly string[]): readonly string[] {
  const environment = environmentOf('dev', { principals: { ...PRINCIPALS, permissionSets } });
  return synthNotes(stackOf(environment), environment, []);
}

test('permission sets: the one command of an administrator, once, and what to fill in', () => {
  const lines = notes(['Developer', 'Ops']);
  expect(lines.filter((line) => line.includes(referenceCommand('dev')))).toHaveLength(1);
  expect(lines).toContain(
    '  after the deploy, once for each permission set (Developer, Ops), in the management account:',
  );
  expect(lines.find((line) => line.includes('<instance> and <permission set> are ARNs'))).toBeDefined();
});

test('without permission sets nothing is said of them', () => {
  expect(notes([]).join('\n')).not.toContain('permission set');
});

test.each([
  ['an alarm tells of the first call', {}, 1],
  ['the meter asks each minute', { activityAlarm: false }, 0],
  ['several Regions are asked each minute', { meterRegions: ['us-east-1', 'us-west-2'] }, 0],
])('what a lost event may cost is said where %s', (_what, more, times) => {
  const environment = environmentOf('dev', more);
  const lines = synthNotes(stackOf(environment), environment, []);
  expect(lines.filter((line) => line.includes('should that be lost, up to 15 minutes more'))).toHaveLength(times);
});

test.each([
  [
    'a log group: what its reading costs is not known, and by what it is counted',
    { invocationLogs: { logGroup: '/bedrock' } },
    1,
  ],
  ['a tag: it is in the table', { principalTag: 'team' }, 0],
])('who spent it by %s', (_what, spenders, times) => {
  const environment = environmentOf('dev', { spenders });
  const lines = synthNotes(stackOf(environment), environment, []);
  expect(
    lines.filter((line) => /not in the total: Logs Insights .* \/bedrock .*per GB scanned/.test(line)),
  ).toHaveLength(times);
});
