import { nodeDiagnosis } from '../../../cli/doctor/node';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { MAJORS, NODES } from '../../../scripts/test-node/versions';
import { CliWorld, NO_CREDENTIALS } from '../world';

const UNTIL =
  /after the first week of January 2027 need Node 22 \(https:\/\/github\.com\/aws\/aws-sdk-js-v3\/issues\/7983\)/;
const UNTESTED = /not tested on it: the tests run on Node 20, 22, 24$/;

test.each([
  ['v20.18.3', 'warning', /older than 20\.19/],
  ['v20.19.0', 'warning', UNTIL],
  ['v20.20.2', 'warning', UNTIL],
  ['v21.7.3', 'warning', UNTESTED],
  ['v22.12.0', 'warning', /older than 22\.13/],
  ['v22.13.0', 'ok', /^tested on it$/],
  ['v23.11.1', 'warning', UNTESTED],
  ['v24.0.0', 'ok', /^tested on it$/],
  ['v26.10.0', 'warning', UNTESTED],
])('on Node %s: %s', (version, status, detail) => {
  expect(nodeDiagnosis(version)).toMatchObject({ check: 'node', subject: version, status });
  expect(nodeDiagnosis(version).detail).toMatch(detail);
  expect(nodeDiagnosis(version).fix).toBe(status === 'ok' ? undefined : 'install Node 24');
});

test('what is tested is what the tests run on', () => {
  for (const version of Object.values(NODES)) expect(nodeDiagnosis(`v${version}`).detail).toMatch(/^tested on it/);
  expect(nodeDiagnosis('v0.1.2').detail).toContain(`Node ${MAJORS.join(', ')}`);
});

describe('doctor says it once, whatever AWS answers', () => {
  const on = (node: string) => Object.assign(new CliWorld(), { node });

  test('as text', async () => {
    const { stdout } = await on('v20.20.2').run('doctor');
    expect(stdout.match(/node v20\.20\.2/g)).toHaveLength(1);
    expect(stdout).toMatch(
      /^on this machine:\n {2}warning {2}node v20\.20\.2: tested on it; .*\n +fix: install Node 24 \(whoever runs this\)\n/,
    );
  });

  test('as JSON, and a warning is no failure', async () => {
    const { json, exitCode } = await on('v20.20.2').run('doctor', '--env', 'dev', '--json');
    const tested = await on('v24.21.0').run('doctor', '--env', 'dev', '--json');
    expect(json().node).toMatchObject({
      check: 'node',
      status: 'warning',
      fix: 'install Node 24',
      who: 'whoever runs this',
    });
    expect(tested.json().node).toEqual({ check: 'node', subject: 'v24.21.0', status: 'ok', detail: 'tested on it' });
    expect(exitCode).toBe(tested.exitCode);
  });

  test('without credentials too', async () => {
    const world = on('v22.23.3');
    world.refusal = NO_CREDENTIALS;
    const { stdout, exitCode } = await world.run('doctor', '--env', 'dev');
    expect(stdout).toContain('  ok       node v22.23.3: tested on it\n');
    expect(exitCode).toBe(EXIT_CODES.failed);
  });
});
