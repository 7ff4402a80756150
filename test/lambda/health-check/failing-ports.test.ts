import * as fc from 'fast-check';
import { DAY_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/ports/service-error';
import type { HealthCheckDeps } from '../../../lambda/health-check/handler';
import { DENIES, HealthWorld, keyAged, LARGE, LLAMA, NOW } from '../../helpers/health-world';

const denied = () => new ServiceError('accessDenied', 'AccessDeniedException', 'User is not authorized', 403);
const throttled = () => new ServiceError('throttled', 'ThrottlingException', 'Too many requests', 429);

type Port =
  | 'identity'
  | 'assumeRole'
  | 'ownCaller'
  | 'catalog'
  | 'accessKeys'
  | 'subscriptions'
  | 'costTags'
  | 'policyRoom'
  | 'quotas';

/** The checks that rest on a port. All others must not notice that it fails. */
const RESTS_ON: Readonly<Record<Port, readonly string[]>> = {
  identity: ['identity'],
  assumeRole: ['invoker-role', 'model-call'],
  ownCaller: ['canary'],
  catalog: ['lifecycle', 'model-call'],
  accessKeys: ['access-key'],
  subscriptions: ['subscription'],
  costTags: ['cost-allocation-tag'],
  // What is attached to the invoker role decides whether a denial is the guard's own.
  policyRoom: ['policy-room', 'model-call'],
  quotas: ['quota'],
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
          timeout: () => (kind === 'answer that never comes' ? AbortSignal.timeout(1) : new AbortController().signal),
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
  ['large denied', (world) => void (world.principal('invoker').policyArns = [DENIES.large])],
  ['stopped', (world) => void (world.principal('invoker').policyArns = [DENIES.meter])],
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
  const world = new HealthWorld();
  for (const name of chosen) upsets.get(name)!(world);
  return world;
}
