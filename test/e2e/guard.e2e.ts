import { alerts } from './guard/alerts';
import { billAction } from './guard/bill-action';
import { concurrency } from './guard/concurrency';
import { daily } from './guard/daily';
import { degrade } from './guard/degrade';
import { deployDuringStop } from './guard/deploy';
import { destroy } from './guard/destroy';
import { drift } from './guard/drift';
import { principals } from './guard/principals';
import { resume } from './guard/resume';
import { runaway } from './guard/runaway';
import { turn } from './guard/turn';
import { LocalGuard } from './support/local-guard';

/**
 * The whole guard on the local AWS, by plain `cdk deploy`. One emulator for all specs, for what they use of IAM adds up; they
 * run in this order, and each by itself as well (`-t`). Whatever changes, the guard changes it under its own roles: tests play
 * callers, administrators and the clock.
 */
const guard = new LocalGuard();
beforeAll(async () => {
  await guard.start();
  await guard.deploy('dev', 'staging', 'resumed');
}, 240_000);
afterAll(async () => {
  require('node:fs').writeFileSync(
    '/tmp/e2e-uses.json',
    JSON.stringify({ uses: await guard.aws.control.uses(), granted: guard.granted, log: guard.aws.log() }),
  );
  await guard.stop();
});

describe('a runaway', () => runaway(guard));
describe('alerts', () => alerts(guard));
describe('degrade', () => degrade(guard));
describe('roles, users and groups', () => principals(guard));
describe('drift', () => drift(guard));
describe('resume and override', () => resume(guard));
describe("the month's turn", () => turn(guard));
describe('provisioned concurrency', () => concurrency(guard));
describe('the budgets action', () => billAction(guard));
describe('schedules and callers', () => daily(guard));
describe('a deploy during a stop', () => deployDuringStop(guard));
describe('destroy', () => destroy(guard));
