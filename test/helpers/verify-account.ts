import type { Services } from '../../cli/services';
import type { VerifyServices } from '../../cli/verify/services';
import { ServiceError } from '../../core/errors';
import type { CallUsage } from '../../core/health/ports';
import { BEDROCK } from '../../core/meter/series';
import { KINDS, type Kind } from '../../core/verify/journal';
import type { StreamEnd } from '../../core/verify/ports';
import { type BillItem, FakeCostExplorer } from '../../simulator/fakes/cost-explorer';
import { FakeListedSeries } from '../../simulator/fakes/listed-series';
import { FakeOpenSession } from '../../simulator/fakes/open-session';
import { FakeTemporaryBudgets } from '../../simulator/fakes/temporary-budgets';
import { FakeTemporaryProfiles } from '../../simulator/fakes/temporary-profiles';
import { FakeTemporaryRoles } from '../../simulator/fakes/temporary-roles';
import { FakeUsageMetrics } from '../../simulator/fakes/usage-metrics';

const REGION = 'us-east-1';
export const CALL: CallUsage = { inputTokens: 7, outputTokens: 1 };
export const DENIED = new ServiceError(
  'accessDenied',
  'AccessDeniedException',
  'not authorized to perform: bedrock:InvokeModel with an explicit deny in an identity-based policy',
  403,
);

/** What `verify` makes, in an account whose metrics, listing and denies take their time on a clock that only sleeping moves. */
export class VerifyAccount {
  /** Of the n-th call, from 0. */
  metricDelayMs: (call: number) => number = () => 90_000;
  /** From the answer of SetDefaultPolicyVersion until IAM goes by it. */
  denyAfterMs = 4_000;
  openAfterMs = 6_000;
  /** After a deny is in effect: from when until when some of IAM's servers do not go by it. */
  flickers: readonly [number, number] = [0, 0];
  streamMs = 30_000;
  streamEnd: StreamEnd = { kind: 'complete', parts: 40, inputTokens: 20, outputTokens: 900 };
  /** Under which ids CloudWatch counts a call, by what was called. */
  countedUnder: (called: string) => readonly string[] = (called) => [called.slice(called.lastIndexOf('/') + 1)];
  /** By what is called directly. */
  readonly refusals = new Map<string, ServiceError>();
  endpoint = 'aws';
  calls = 0;
  readonly profiles: FakeTemporaryProfiles;
  readonly roles: FakeTemporaryRoles;
  readonly budgets: FakeTemporaryBudgets;
  readonly listed: FakeListedSeries;
  readonly usage: FakeUsageMetrics;
  billed: readonly BillItem[] = [];
  readonly costs = new FakeCostExplorer(() => this.billed);
  private readonly coming: { readonly visibleAt: number; readonly show: () => void }[] = [];
  private readonly streams: { readonly endsAt: number; readonly resolve: () => void }[] = [];
  private readonly put = new Map<string, { readonly at: number; readonly isDeny: boolean }[]>();

  constructor(
    private readonly now: () => number,
    account: string,
  ) {
    this.profiles = new FakeTemporaryProfiles(account);
    this.roles = new FakeTemporaryRoles(account, now);
    this.budgets = new FakeTemporaryBudgets(account);
    this.listed = new FakeListedSeries(now);
    this.usage = new FakeUsageMetrics({ now, listingDelay: () => 0 });
    this.listed.delayMs = 180_000;
  }

  /** The clock has moved. */
  moved(): void {
    const now = this.now();
    for (const one of this.coming.splice(0)) {
      if (one.visibleAt <= now) one.show();
      else this.coming.push(one);
    }
    for (const one of this.streams.splice(0)) {
      if (one.endsAt <= now) one.resolve();
      else this.streams.push(one);
    }
  }

  /** All that there is with the names of `verify`, such as `role 1`. */
  left(): Readonly<Record<Kind, number>> {
    const counts = [this.roles.roleNames, this.roles.policyArns, this.profiles.kept, this.budgets.kept];
    return Object.fromEntries(KINDS.map((kind, at) => [kind, counts[at]!.size])) as Record<Kind, number>;
  }

  get services(): VerifyServices {
    const call = (called: string) => this.call(called);
    return {
      endpoint: this.endpoint,
      profiles: this.profiles,
      roles: this.roles,
      policyVersions: (arn) => {
        const { versions } = this.roles.policyArns.get(arn)!;
        return {
          list: () => versions.list(),
          create: (document) => versions.create(document),
          remove: (id) => versions.remove(id),
          setDefault: async (id) => {
            await versions.setDefault(id);
            const text = JSON.stringify((await versions.list()).find(({ isDefault }) => isDefault)?.document);
            const isDeny = text.includes('"Deny"');
            this.put.set(arn, [...(this.put.get(arn) ?? []), { at: this.now(), isDeny }]);
          },
        };
      },
      budgets: () => this.budgets,
      series: this.listed,
      metrics: this.usage,
      caller: { callOnce: async (called) => call(called) },
      sessions: new FakeOpenSession((arn) => [...this.roles.roleNames.values()].some((role) => role.arn === arn), {
        call: (arn, called) => {
          if (this.isDenied(arn)) throw DENIED;
          return call(called);
        },
        stream: () =>
          new Promise((resolve) => {
            this.streams.push({ endsAt: this.now() + this.streamMs, resolve: () => resolve(this.streamEnd) });
          }),
      }),
      costs: this.costs,
    };
  }

  private call(called: string): CallUsage {
    const refusal = this.refusals.get(called);
    if (refusal) throw refusal;
    const at = this.now();
    const visibleAt = at + this.metricDelayMs(this.calls);
    this.calls += 1;
    for (const ModelId of this.countedUnder(called)) {
      const values = { Invocations: 1, InputTokenCount: CALL.inputTokens, OutputTokenCount: CALL.outputTokens };
      for (const [metric, value] of Object.entries(values)) {
        const id = { namespace: BEDROCK, region: REGION, metric, dimensions: { ModelId } };
        this.listed.record(id);
        this.coming.push({ visibleAt, show: () => this.usage.record(id, at, value) });
      }
    }
    this.moved();
    return CALL;
  }

  private isDenied(roleArn: string): boolean {
    const role = [...this.roles.roleNames.values()].find(({ arn }) => arn === roleArn)!;
    return [...role.attached].some((policy) => {
      const last = (this.put.get(policy) ?? [])
        .filter(({ at, isDeny }) => this.now() >= at + (isDeny ? this.denyAfterMs : this.openAfterMs))
        .at(-1);
      if (last?.isDeny !== true) return false;
      const since = this.now() - last.at - this.denyAfterMs;
      return since < this.flickers[0] || since >= this.flickers[1];
    });
  }
}

/** The process has ended: nothing that it would do afterwards happens. */
export class Killed extends Error {}

/** What makes or changes something. */
const CHANGES = /^(create|createRole|createPolicy|allow|attach|setDefault)$/;

/** The same services, of a process that is killed at its n-th change: `before` it is made, or `after`, when nobody learns of it. */
export class Mortal {
  changes: string[] = [];
  private isDead = false;

  constructor(private readonly dies: { readonly at: number; readonly when: 'before' | 'after' }) {}

  watch(services: Services): Services {
    return this.wrapped(services, '') as Services;
  }

  private wrapped(target: object, path: string): unknown {
    return new Proxy(target, {
      get: (of, key) => {
        const value: unknown = Reflect.get(of, key, of);
        if (typeof key === 'symbol') return value;
        if (typeof value === 'function') {
          return (...args: unknown[]) =>
            this.called(`${path}${key}`, key, () => Reflect.apply(value, of, args) as unknown);
        }
        return typeof value === 'object' && value !== null ? this.wrapped(value, `${path}${key}.`) : value;
      },
    });
  }

  private called(path: string, name: string, call: () => unknown): unknown {
    if (this.isDead) throw new Killed(path);
    const isChange = path.startsWith('verify.') && CHANGES.test(name);
    if (isChange) this.changes.push(path);
    const isLast = isChange && this.changes.length === this.dies.at;
    if (isLast && this.dies.when === 'before') this.die(path);
    const answer = call();
    if (isLast) return (answer as Promise<unknown>).then(() => this.die(path));
    return answer instanceof Promise || typeof answer !== 'object' || answer === null
      ? answer
      : this.wrapped(answer, `${path}.`);
  }

  private die(path: string): never {
    this.isDead = true;
    throw new Killed(path);
  }
}
