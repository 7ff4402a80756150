import * as fc from 'fast-check';
import { DAY_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import type { HealthCheckDeps } from '../../../lambda/health-check/deps';
import { NEVER } from '../../../simulator/fakes/never';
import { ENV, HealthWorld, keyAged, LARGE, LLAMA, NOW } from '../../helpers/health-world';
import { denied, throttled } from '../../helpers/health-refusals';

type Port =
  | 'identity'
  | 'assumeRole'
  | 'ownCaller'
  | 'catalog'
  | 'accessKeys'
  | 'subscriptions'
  | 'policyRoom'
  | 'switchVersions'
  | 'permissionSetRoles'
  | 'quotas'
  | 'reservedConcurrency';

/** The checks that rest on a port. All others must not notice that it fails. */
const RESTS_ON: Readonly<Record<Port, readonly string[]>> = {
  identity: ['identity'],
  assumeRole: ['invoker-role', 'model-call'],
  ownCaller: ['canary'],
  catalog: ['lifecycle', 'model-call'],
  accessKeys: ['access-key'],
  subscriptions: ['subscription'],
  // What is attached to the invoker role decides whether a denial is the guard's own.
  policyRoom: ['policy-room', 'model-call'],
  // As does what the switch says.
  switchVersions: ['switch', 'model-call'],
  permissionSetRoles: ['permission-set'],
  quotas: ['quota'],
  reservedConcurrency: ['reserved-concurrency'],
};

const failures: Readonly<Record<string, () => Promise<never>>> = {
  'refused permission': () => Promise.reject(denied()),
  throttle: () => Promise.reject(throttled()),
  defect: () => Promise.reject(new TypeError('x is not a function')),
  'answer of a wrong kind': () => Promise.reject('no error object'),
  'answer that never comes': () => new Promise<never>(() => {}),
};

/** Every method of the port fails the same way. */
function failing<T extends object>(port: T, failure: () => Promise<never>): T {
  return new Proxy(port, { get: () => failure });
}

describe('whatever single port fails, all other findings are the same as without the failure', () => {
  it.each(
    (Object.keys(RESTS_ON) as Port[]).flatMap((port) => Object.keys(failures).map((kind) => [port, kind] as const)),
  )('%s: %s', async (port, kind) => {
    const rests = RESTS_ON[port];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...upsets.keys()), { maxLength: 4 }), async (chosen) => {
        const whole = upset(chosen);
        const broken = upset(chosen);
        const deps: HealthCheckDeps = broken.deps();
        const replaced = {
          ...deps,
          timeout: () => (kind === 'answer that never comes' ? AbortSignal.timeout(1) : NEVER),
          [port]: failing(deps[port], failures[kind]!),
        };
        const without = (await whole.run()).document.findings.filter(({ check }) => !rests.includes(check));
        const result = await broken.run(undefined, replaced);
        expect(result.document.findings.filter(({ check }) => !rests.includes(check))).toEqual(without);
        const own = result.document.findings.filter(({ check }) => check === rests[0]);
        expect(own.length).toBeGreaterThan(0);
        for (const finding of own) expect(['unknown', 'failed', 'warning']).toContain(finding.status);
        // An unknown is never passed off as ok.
        expect(own.some(({ status }) => status === 'ok')).toBe(false);
      }),
      { numRuns: kind === 'answer that never comes' ? 3 : 12 },
    );
  });
});

/** Things that may be wrong in the world beside the failing port. */
const upsets = new Map<string, (world: HealthWorld) => void>([
  ['large denied', (world) => world.switchTo('degraded')],
  ['stopped', (world) => world.switchTo('stopped')],
  ['a foreign switch', (world) => world.switchTo(undefined)],
  ['no switch', (world) => void (world.principal('invoker').policyArns = [])],
  ['meter degraded', (world) => void world.state.meter.set('2026-11' as never, 'degraded')],
  ['old key', (world) => void world.aws.users.set('deployer', [keyAged(31)])],
  ['no user', (world) => void world.aws.users.delete('deployer')],
  ['nobody subscribed', (world) => void (world.aws.subscriptions = [])],
  ['legacy', (world) => void (world.model(LLAMA).lifecycle = { status: 'legacy', endOfLifeMs: NOW + 5 * DAY_MS })],
  [
    'model gone',
    (world) =>
      void (world.model(LARGE).refusal = new ServiceError('notFound', 'ResourceNotFoundException', 'gone', 404)),
  ],
  ['full', (world) => void (world.principal('batch').policyArns = Array.from({ length: 10 }, (_, at) => `arn:${at}`))],
]);

function upset(chosen: readonly string[]): HealthWorld {
  const world = new HealthWorld({ ...ENV, PERMISSION_SETS: ['Developer'] });
  for (const name of chosen) upsets.get(name)!(world);
  return world;
}

describe('part of a run fails', () => {
  /** From the `from`th question on, everybody is throttled. */
  function throttledFrom(deps: HealthCheckDeps, from: number): HealthCheckDeps {
    let asked = 0;
    const wrap = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name, receiver) => {
          const method: unknown = Reflect.get(target, name, receiver);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            if (asked++ >= from) throw throttled();
            return method.apply(target, args) as unknown;
          };
        },
      });
    const ports = Object.keys(RESTS_ON) as Port[];
    return { ...deps, ...Object.fromEntries(ports.map((port) => [port, wrap(deps[port])])) };
  }

  it('throttling in mid-run: what was answered stands, the rest is unknown, nothing fails and nobody is mailed', async () => {
    const whole = (await new HealthWorld().run()).document.findings;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), async (from) => {
        const world = new HealthWorld();
        const { document } = await world.run(undefined, throttledFrom(world.deps(), from));
        expect(document.summary.failed).toBe(0);
        expect(world.mail.sent).toEqual([]);
        expect(world.state.record?.document).toEqual(document);
        for (const finding of document.findings.filter(({ status }) => status === 'ok')) {
          const { check, subject } = finding;
          expect(whole.some((one) => one.check === check && one.subject === subject)).toBe(true);
        }
      }),
    );
  });

  it('no permission on one of several: that one is named, the rest goes on', async () => {
    const world = new HealthWorld();
    const deps = world.deps();
    const attached: typeof deps.policyRoom.attached = async (kind, name, signal) => {
      if (name === 'batch') throw denied();
      return deps.policyRoom.attached(kind, name, signal);
    };
    const { document } = await world.run(undefined, { ...deps, policyRoom: { ...deps.policyRoom, attached } });
    const rooms = document.findings.filter(({ check }) => check === 'policy-room');
    expect(rooms.map(({ subject, status }) => `${subject} ${status}`)).toEqual([
      'role invoker ok',
      'role batch unknown',
      'user deployer ok',
      'group analysts ok',
    ]);
    expect(rooms[1]!.detail).toContain('AccessDeniedException');
  });
});
