import { HOUR_MS, MINUTE_MS, utcMonth, type UtcMonth } from '../../../core/calendar';
import { stateOf } from '../../../core/enforcement/switch-document';
import { nanoUsd, usd, type NanoUsd } from '../../../core/money';
import type { Override } from '../../../core/stop-lines/override';
import { ServiceError } from '../../../core/errors';
import { sha256 } from '../../../lambda/digest';
import { parseSpendMeterEnv, type SpendMeterEnv, type SpendMeterVariables } from '../../../lambda/spend-meter/env';
import { makeHandler } from '../../../lambda/spend-meter/handler';
import { CREATED } from '../../../simulator/functions/switch';
import { seededListingDelay } from '../../../simulator/listing';
import { MeterStore } from '../../../simulator/world/meter-store';
import { CANARY, PRINCIPALS, SMALL, SpendMeterWorld, SWITCH_ARN, VARIABLES } from '../../helpers/spend-meter-world';
import type { Fault, FaultKind, Schedule } from './schedule';

/** A run that died between two side effects, as by a time-out. */
export class Crash extends Error {}

const SERVICE_DOWN = () => new ServiceError('unavailable', 'ServiceUnavailable', 'down', 503);
const NEIGHBOUR = 'neighbour001';
const LOWERED = 60;

const parsed = new Map<string, SpendMeterEnv>();
function envOf(variables: SpendMeterVariables): SpendMeterEnv {
  const known = parsed.get(variables.LINES) ?? parseSpendMeterEnv({ ...variables });
  parsed.set(variables.LINES, known);
  return known;
}

/** What was seen of one run, for the properties and for comparing runs. */
export interface Trace {
  readonly mails: readonly string[];
  /** Attachments at the end of each minute. */
  readonly denied: readonly string[];
  readonly fired: ReadonlySet<FaultKind>;
  /** Month-to-date by month in the order in which it was known. */
  readonly known: readonly { readonly month: UtcMonth; readonly amount: NanoUsd }[];
  /** The first minute in which the stop line was reached by what could be seen, without grace, order or override. */
  readonly visibleAt: number | undefined;
  /** The first minute from then on in which everybody was denied. */
  readonly deniedAt: number | undefined;
  /** States whose reason does not fit their figures. */
  readonly unexplained: readonly string[];
  /** Readings that were called known and lacked what CloudWatch had for whoever asked for it by name. */
  readonly understated: readonly string[];
  /** How each tick ended, and what it mailed. */
  readonly ticks: readonly string[];
  /** Usage that was reported and not counted. */
  readonly foreign: number;
  /** Mails that were sent and whose tick then died. */
  readonly crashedAfterMail: number;
}

/** One environment under a schedule. */
export class FaultyWorld {
  readonly world: SpendMeterWorld;
  readonly store = new MeterStore();
  private readonly fired = new Set<FaultKind>();
  private readonly pending: {
    readonly visible: number;
    readonly at: number;
    readonly dollars: number;
    readonly id: string;
  }[] = [];
  private readonly known: { month: UtcMonth; amount: NanoUsd }[] = [];
  private readonly deniedByMinute: string[] = [];
  private readonly unexplained: string[] = [];
  private readonly understated: string[] = [];
  private readonly results: string[] = [];
  /** What the environment has really used and what shows of it, by month. */
  private readonly visible = new Map<UtcMonth, number>();
  private visibleAt: number | undefined;
  private deniedAt: number | undefined;
  private calls = 0;
  private crashAt: number | undefined;
  private crashedAfterMail = 0;
  private mailedInTick = 0;
  private minute = 0;

  constructor(readonly schedule: Schedule) {
    const start = new Date(schedule.startMs).toISOString();
    this.world = new SpendMeterWorld(start, {}, seededListingDelay(schedule.seed));
    this.world.profiles.add(
      {
        id: NEIGHBOUR,
        arn: `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${NEIGHBOUR}`,
        modelIds: ['amazon.nova-pro-v1:0'],
      },
      'staging',
    );
  }

  private active(kind: FaultKind): Fault | undefined {
    return this.schedule.faults.find(
      (fault) => fault.kind === kind && this.minute >= fault.from && this.minute < fault.from + fault.minutes,
    );
  }

  private starts(kind: FaultKind): Fault | undefined {
    return this.schedule.faults.find((fault) => fault.kind === kind && this.minute === fault.from);
  }

  private fire(kind: FaultKind): void {
    this.fired.add(kind);
  }

  /** Installed on a quiet day, then the schedule, then half an hour in which all is well. */
  async play(settleMinutes: number): Promise<Trace> {
    const { world } = this;
    // Somebody has called something; no model of this environment was ever used.
    world.usage.recordCall('us-east-1', world.now);
    await world.deploySwitch(undefined, this.store);
    await this.tick();
    for (this.minute = 1; this.minute < this.schedule.minutes; this.minute++) await this.oneMinute();
    this.wellAgain();
    for (let left = settleMinutes; left > 0; left--, this.minute++) await this.oneMinute();
    return {
      mails: world.subjects(),
      denied: this.deniedByMinute,
      fired: this.fired,
      known: this.known,
      visibleAt: this.visibleAt,
      deniedAt: this.deniedAt,
      unexplained: this.unexplained,
      understated: this.understated,
      crashedAfterMail: this.crashedAfterMail,
      ticks: this.results,
      foreign: (await this.store.latest(utcMonth(world.now)))?.reading?.known?.foreign.length ?? 0,
    };
  }

  private async oneMinute(): Promise<void> {
    const { world, schedule } = this;
    world.now = schedule.startMs + this.minute * MINUTE_MS;
    this.spendNow();
    this.people();
    await this.services();
    const late = this.active('tickLate');
    if (this.active('tickLost')) this.fire('tickLost');
    else if (this.active('clockBack') && this.starts('clockBack')) {
      this.fire('clockBack');
      world.now -= 3 * MINUTE_MS;
      await this.tick();
      world.now += 3 * MINUTE_MS;
    } else {
      if (late) {
        this.fire('tickLate');
        world.now += (late.size % 50) * 1000;
      }
      await this.ticks();
    }
    await this.look();
  }

  private async ticks(): Promise<void> {
    if (this.active('ticksAtOnce')) {
      this.fire('ticksAtOnce');
      await Promise.all([this.tick(), this.tick()]);
      return;
    }
    await this.tick();
    if (this.active('tickTwice')) {
      this.fire('tickTwice');
      await this.tick();
    }
  }

  /** Tokens are used, and show after the delay. What is denied is not used. */
  private spendNow(): void {
    const { world, schedule } = this;
    const late = this.active('metricsLate');
    const delay = late ? 1 + (late.size % 5) : 0;
    if (late) this.fire('metricsLate');
    const dollars = schedule.spend[this.minute] ?? 0;
    const isDenied = this.deniedByMinute.at(-1) === 'everybody';
    if (dollars > 0 && !isDenied) {
      this.pending.push({ visible: world.now + delay * MINUTE_MS, at: world.now, dollars, id: SMALL });
    }
    if (this.starts('neighbour')) {
      this.fire('neighbour');
      this.pending.push({ visible: world.now, at: world.now, dollars: 900, id: NEIGHBOUR });
    }
    for (const one of this.pending.splice(0)) {
      if (one.visible > world.now) this.pending.push(one);
      else {
        world.spend(one.dollars, one.id, one.at);
        const month = utcMonth(one.at);
        if (one.id === SMALL) this.visible.set(month, (this.visible.get(month) ?? 0) + one.dollars);
      }
    }
  }

  /** What administrators and owners do. */
  private people(): void {
    const { world, schedule } = this;
    const override = this.starts('override');
    if (override) {
      this.fire('override');
      const given: Override = {
        since: world.now,
        by: 'ops',
        reason: 'test',
        limit: usd(400),
        until: world.now + override.minutes * MINUTE_MS,
      };
      void this.store.give({ kind: 'override', override: given });
    }
    const stop = schedule.faults.find(({ kind }) => kind === 'manualStop');
    if (stop?.from === this.minute) {
      this.fire('manualStop');
      void this.store.give({ kind: 'stop', stop: { since: world.now, by: 'ops', reason: 'test' } });
    }
    if (stop && this.minute === stop.from + stop.minutes) {
      void this.store.give({ kind: 'override', override: { since: world.now, by: 'ops', reason: 'over' } });
    }
    if (this.starts('limitLowered')) {
      this.fire('limitLowered');
      const lines = { ...(JSON.parse(VARIABLES.LINES) as object), limit: usd(LOWERED) };
      world.variables = { ...world.variables, LINES: JSON.stringify(lines) };
    }
  }

  private async services(): Promise<void> {
    const { world } = this;
    for (const [kind, failure] of [
      ['metricsPartial', 'incomplete'],
      ['metricsThrottled', 'throttled'],
      ['metricsDown', 'down'],
    ] as const) {
      if (this.active(kind)) {
        this.fire(kind);
        world.usage.failures.set('us-east-1', failure);
        break;
      }
      world.usage.failures.delete('us-east-1');
    }
    world.refusals.clear();
    if (this.active('principalRefused')) {
      this.fire('principalRefused');
      world.refusals.set('bot', 'LimitExceededException');
    }
    const helpers = this.active('helpersFail') ? SERVICE_DOWN() : undefined;
    if (helpers) this.fire('helpersFail');
    world.autoStop.failure = helpers;
    world.status.failure = helpers;
    world.events.failure = helpers;
    await this.administrators();
    if (this.starts('canaryMissing')) {
      this.fire('canaryMissing');
      this.store.keepCanary({
        atMs: world.now - 20 * MINUTE_MS,
        profileId: CANARY,
        profileArn: `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${CANARY}`,
        modelId: 'amazon.nova-lite-v1:0',
        inputTokens: 7,
        outputTokens: 1,
      });
    }
    const crash = this.active('crash');
    this.crashAt = crash === undefined ? undefined : 3 + ((crash.size + this.minute) % 24);
  }

  /** What administrators do to the switch, and a deploy that changes its text. */
  private async administrators(): Promise<void> {
    const { world } = this;
    const { switchVersions } = world;
    const detaches = this.starts('adminDetaches');
    if (detaches) {
      this.fire('adminDetaches');
      await world.attachments.detach(SWITCH_ARN, { kind: 'role', name: 'app' });
    }
    const others = async () => (await switchVersions.list()).filter(({ isDefault }) => !isDefault);
    const flips = this.starts('adminFlips');
    if (flips) {
      const versions = await others();
      const version = versions[flips.size % versions.length];
      if (version) await switchVersions.setDefault(version.id);
      if (version) this.fire('adminFlips');
    }
    const edits = this.starts('adminEdits');
    if (edits && (await switchVersions.list()).length < 5) {
      this.fire('adminEdits');
      const [{ document } = { document: undefined }] = await others();
      switchVersions.edit({ ...(document as object), Id: 'edited' });
    }
    const deletes = this.starts('adminDeletes');
    if (deletes) {
      const versions = await others();
      const version = versions[deletes.size % versions.length];
      if (version) await switchVersions.remove(version.id);
      if (version) this.fire('adminDeletes');
    }
    if (this.starts('deploy')) {
      this.fire('deploy');
      world.smallModels = [...world.smallModels, `vendor.small-${this.minute}`];
      await world.deploySwitch(undefined, this.store);
    }
  }

  private wellAgain(): void {
    const { world } = this;
    this.crashAt = undefined;
    world.usage.failures.clear();
    world.refusals.clear();
  }

  private async tick(): Promise<void> {
    const { world } = this;
    this.calls = 0;
    this.mailedInTick = 0;
    const deps = { ...this.guarded(), now: () => world.now };
    try {
      const result = await makeHandler(deps, envOf(world.variables))({ source: 'schedule' });
      this.note(result.kind === 'done' ? 'done' : result.why);
    } catch (error) {
      this.note((error as Error).name);
      if (error instanceof Crash) {
        this.fire('crash');
        this.crashedAfterMail += this.mailedInTick;
        // The claim of a run that has died ends by itself, before the next minute's.
        return;
      }
      const code = (error as { code?: unknown }).code;
      if (!(error instanceof ServiceError) && code !== 'TICK_INCOMPLETE') throw error;
    }
  }

  private note(how: string): void {
    this.results.push(`${this.minute} ${how} ${this.mailedInTick}`);
  }

  /** Every port, dying at the call that the schedule names, before or after it is done; and failing where it says so. */
  private guarded() {
    const ports = { ...this.world.ports(), state: this.store };
    const mail = {
      send: async (message: { readonly subject: string; readonly body: string }) => {
        if (this.active('mailFails')) {
          this.fire('mailFails');
          throw SERVICE_DOWN();
        }
        await ports.mail.send(message);
        this.mailedInTick += 1;
      },
    };
    return this.dying({ ...ports, mail, ...(this.active('iamThrottled') && this.throttled()) });
  }

  private throttled() {
    this.fire('iamThrottled');
    const refuse = () => Promise.reject(new ServiceError('throttled', 'Throttling', 'Rate exceeded', 400));
    return {
      attachments: { attachedTo: refuse, attach: async () => ({ kind: 'failed', why: 'Throttling' }) as const },
      switchVersions: { list: refuse, setDefault: refuse },
      switchDeploy: { repair: refuse, liftBill: refuse },
    };
  }

  private dying<Ports extends object>(ports: Ports): Ports {
    if (this.crashAt === undefined) return ports;
    const proxied = Object.entries(ports).map(([name, port]) => [
      name,
      new Proxy(port as object, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== 'function' || name === 'metrics') return value;
          return async (...args: unknown[]) => {
            this.calls += 1;
            const dies = this.calls === this.crashAt;
            if (dies && this.calls % 2 === 0) throw new Crash('before');
            const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, args);
            if (dies || this.calls > (this.crashAt ?? Number.POSITIVE_INFINITY)) throw new Crash('after');
            return result;
          };
        },
      }),
    ]);
    return Object.fromEntries(proxied) as Ports;
  }

  /** What anybody could see at the end of the minute. */
  private async look(): Promise<void> {
    const { world } = this;
    const denied = await world.denied();
    const everybody = PRINCIPALS.every(({ kind, name }) => denied.includes(`${kind} ${name}`));
    this.deniedByMinute.push(everybody ? 'everybody' : denied.join());
    const state = await this.store.latest(utcMonth(world.now));
    if (state === undefined) return;
    const { lastKnown, holds, desired } = state.decision;
    if (lastKnown) {
      const last = this.known.at(-1);
      if (last?.month !== lastKnown.month || last.amount !== lastKnown.monthToDate) {
        this.known.push({ month: lastKnown.month, amount: lastKnown.monthToDate });
      }
    }
    const known = state.reading?.unknown === undefined ? state.reading?.known : undefined;
    const minuteMs = this.schedule.startMs + this.minute * MINUTE_MS;
    if (known && known.asOf >= minuteMs && known.month === utcMonth(minuteMs)) {
      const visible = Math.round((this.visible.get(known.month) ?? 0) * 1e9);
      if (known.monthToDate < visible)
        this.understated.push(`minute ${this.minute}: ${known.monthToDate} of ${visible}`);
    }
    const order = await this.store.order();
    const isOrdered = order?.kind === 'stop';
    // An order given in a minute whose tick was lost is not known to the state yet.
    const isCurrent = state.decision.at >= this.schedule.startMs + this.minute * MINUTE_MS;
    if (isCurrent && desired === 'stopped' && holds.length === 0 && !isOrdered)
      this.unexplained.push(`minute ${this.minute}: stopped without a reason`);
    const limit = JSON.parse(world.variables.LINES) as { limit: number };
    const seen = this.visible.get(utcMonth(world.now)) ?? 0;
    const overridden = order?.kind === 'override' && (order.override.until ?? 0) > world.now;
    const reached = seen >= (limit.limit / 1e9) * 0.95 && state.decision.grace === undefined && !overridden;
    if (reached && state.month === utcMonth(world.now)) this.visibleAt ??= this.minute;
    if (!reached && this.deniedAt === undefined) this.visibleAt = undefined;
    if (this.visibleAt !== undefined && everybody) this.deniedAt ??= this.minute;
  }

  /** What should be in the end: all that was really used this month, and the line it is held against. */
  truth(): { readonly spent: NanoUsd; readonly limit: NanoUsd; readonly month: UtcMonth } {
    const { limit } = JSON.parse(this.world.variables.LINES) as { limit: number };
    const month = utcMonth(this.world.now);
    return { spent: nanoUsd(Math.round((this.visible.get(month) ?? 0) * 1e9)), limit: nanoUsd(limit), month };
  }

  /** Deletes the stack, by the real handler. @returns whoever still has the switch, and versions that are left beside the open one */
  async teardown(): Promise<readonly string[]> {
    const { world } = this;
    await world.deploySwitch({ ...CREATED, RequestType: 'Delete' }, this.store);
    world.now += HOUR_MS;
    await this.tick();
    const versions = await world.switchVersions.list();
    const left = versions.filter(({ document }) => stateOf(document, sha256) !== 'open').map(({ id }) => id);
    return [...(await world.held()), ...left, ...(versions.length === 1 ? [] : [`${versions.length} versions`])];
  }
}
