import { alerts } from './guard/alerts';
import { batch } from './guard/batch';
import { billAction } from './guard/bill-action';
import { calibration } from './guard/calibration';
import { concurrency } from './guard/concurrency';
import { daily } from './guard/daily';
import { deadLetters } from './guard/dead-letters';
import { degrade } from './guard/degrade';
import { deployDuringStop } from './guard/deploy';
import { destroy } from './guard/destroy';
import { drift } from './guard/drift';
import { inPath } from './guard/in-path';
import { leastPrivilege } from './guard/least-privilege';
import { permissionSets } from './guard/permission-sets';
import { principals } from './guard/principals';
import { resume } from './guard/resume';
import { runaway } from './guard/runaway';
import { told } from './guard/told';
import { turn } from './guard/turn';
import { LocalGuard } from './support/local-guard';

/**
 * The whole guard on the local AWS, by plain `cdk deploy`. One emulator for all specs, for what they use of IAM adds up; they
 * run in this order, and each by itself as well (`-t`), but for the last one, which is about all of them. Whatever changes, the guard changes it under its own roles: tests play
 * callers, administrators and the clock.
 */
const guard = new LocalGuard();
beforeAll(async () => {
  await guard.start();
  await guard.deploy('dev', 'staging', 'resumed');
});
afterAll(() => guard.stop());

describe('a runaway', () => runaway(guard));
describe('the activity alarm', () => told(guard));
describe('alerts', () => alerts(guard));
describe('degrade', () => degrade(guard));
describe('roles, users and groups', () => principals(guard));
describe('people of IAM Identity Center', () => permissionSets(guard));
describe('drift', () => drift(guard));
describe('resume and override', () => resume(guard));
describe("the month's turn", () => turn(guard));
describe('provisioned concurrency', () => concurrency(guard));
describe('the budgets action', () => billAction(guard));
describe('calibration', () => calibration(guard));
describe('batch jobs', () => batch(guard));
describe('schedules and callers', () => daily(guard));
describe('dead letters', () => deadLetters(guard));
describe('the in-path plugin', () => inPath(guard));
describe('a deploy during a stop', () => deployDuringStop(guard));
describe('destroy', () => destroy(guard));
describe('least privilege', () => leastPrivilege(guard));
