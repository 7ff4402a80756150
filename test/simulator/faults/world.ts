import { HOUR_MS, MINUTE_MS, utcMonth, type UtcMonth } from '../../../core/calendar';
import { stateOf } from '../../../core/enforcement/switch-document';
import type { Mail } from '../../../core/mail';
import { nanoUsd, type NanoUsd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { sha256 } from '../../../lambda/digest';
import { parseSpendMeterEnv, type SpendMeterEnv, type SpendMeterVariables } from '../../../lambda/spend-meter/env';
import { makeHandler } from '../../../lambda/spend-meter/handler';
import { CREATED } from '../../../simulator/functions/switch';
import { seededListingDelay } from '../../../simulator/listing';
import { MeterStore } from '../../../simulator/world/meter-store';
import { PRINCIPALS, SMALL, SpendMeterWorld } from '../../helpers/spend-meter-world';
import { ALARM, FaultyAlarm } from './activity-alarm';
import { Crash, MortalPorts } from './crash';
import { FaultsNow } from './now';
import type { Schedule } from './schedule';
import { SERVICE_DOWN, Surroundings } from './surroundings';
import type { Trace } from './trace';

/** From the call at the installation to the schedule. */
const QUIET_MINUTES = 14;
const NEIGHBOUR = 'neighbour001';
const parsed = new Map<string, SpendMeterEnv>();
function envOf(variables: SpendMeterVariables): SpendMeterEnv {
  const known = parsed.get(variables.LINES) ?? parseSpendMeterEnv({ ...variables });
  parsed.set(variables.LINES, known);
  return known;
}

/** One environment under a schedule. */
export class FaultyWorld {
  readonly world: SpendMeterWorld;
  readonly store = new MeterStore();
  private readonly faults: FaultsNow;
  private readonly surroundings: Surroundings;
  private readonly alarm: FaultyAlarm;
  private readonly mortal = new MortalPorts();
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
  private crashedAfterMail = 0;
  private mailedInTick = 0;
  /** Of every run: only what fails in it is put in their place. */
  private readonly ports: ReturnType<FaultyWorld['portsOf']>;

  constructor(readonly schedule: Schedule) {
    this.faults = new FaultsNow(schedule);
    const start = new Date(schedule.startMs).toISOString();
    this.world = new SpendMeterWorld(start, { ACTIVITY_ALARM: ALARM }, seededListingDelay(schedule.seed));
    this.world.profiles.add(
      {
        id: NEIGHBOUR,
        arn: `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${NEIGHBOUR}`,
        modelIds: ['amazon.nova-pro-v1:0'],
      },
      'staging',
    );
    this.alarm = new FaultyAlarm(this.world, this.faults, (event) => this.tick(event));
    this.surroundings = new Surroundings(this.world, this.store, this.faults, this.mortal);
    this.ports = this.portsOf();
  }

  /** Installed on a quiet day, then the schedule, then half an hour in which all is well. */
  async play(settleMinutes: number): Promise<Trace> {
    const { world } = this;
    // Somebody has called something; no model of this environment was ever used.
    world.now -= QUIET_MINUTES * MINUTE_MS;
    world.usage.recordCall('us-east-1', world.now);
    await world.deploySwitch(undefined, this.store);
    await this.tick();
    // So long ago that the alarm is at rest, and is relied on from here.
    world.now = this.schedule.startMs;
    await this.alarm.deploy();
    await this.tick();
    for (this.faults.minute = 1; this.faults.minute < this.schedule.minutes; this.faults.minute++)
      await this.oneMinute();
    this.wellAgain();
    for (let left = settleMinutes; left > 0; left--, this.faults.minute++) await this.oneMinute();
    return {
      mails: world.subjects(),
      denied: this.deniedByMinute,
      fired: this.faults.fired,
      known: this.known,
      visibleAt: this.visibleAt,
      deniedAt: this.deniedAt,
      unexplained: this.unexplained,
      understated: this.understated,
      crashedAfterMail: this.crashedAfterMail,
      ticks: this.results,
      told: world.metrics.records.filter(({ fields }) => fields['gate'] === 'told').length,
      foreign: (await this.store.latest(utcMonth(world.now)))?.reading?.known?.foreign.length ?? 0,
    };
  }

  private async oneMinute(): Promise<void> {
    const { world, schedule } = this;
    world.now = schedule.startMs + this.faults.minute * MINUTE_MS;
    this.spendNow();
    this.surroundings.people();
    await this.surroundings.services();
    const late = this.faults.active('tickLate');
    if (this.faults.active('tickLost')) this.faults.fire('tickLost');
    else if (this.faults.active('clockBack') && this.faults.starts('clockBack')) {
      this.faults.fire('clockBack');
      world.now -= 3 * MINUTE_MS;
      await this.tick();
      world.now += 3 * MINUTE_MS;
    } else {
      if (late) {
        this.faults.fire('tickLate');
        world.now += (late.size % 50) * 1000;
      }
      await this.ticks();
    }
    await this.alarm.oneMinute();
    await this.look();
  }

  private async ticks(): Promise<void> {
    if (this.faults.active('ticksAtOnce')) {
      this.faults.fire('ticksAtOnce');
      await Promise.all([this.tick(), this.tick()]);
      return;
    }
    await this.tick();
    if (this.faults.active('tickTwice')) {
      this.faults.fire('tickTwice');
      await this.tick();
    }
  }

  /** Tokens are used, and show after the delay. What is denied is not used. */
  private spendNow(): void {
    const { world, schedule } = this;
    const late = this.faults.active('metricsLate');
    const delay = late ? 1 + (late.size % 5) : 0;
    if (late) this.faults.fire('metricsLate');
    const dollars = schedule.spend[this.faults.minute] ?? 0;
    const isDenied = this.deniedByMinute.at(-1) === 'everybody';
    if (dollars > 0 && !isDenied) {
      this.pending.push({ visible: world.now + delay * MINUTE_MS, at: world.now, dollars, id: SMALL });
    }
    if (this.faults.starts('neighbour')) {
      this.faults.fire('neighbour');
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

  private wellAgain(): void {
    const { world } = this;
    this.mortal.crashAt = undefined;
    world.usage.failures.clear();
    world.refusals.clear();
  }

  private async tick(event: unknown = { source: 'schedule' }): Promise<void> {
    const { world } = this;
    this.mailedInTick = 0;
    const deps = this.guarded();
    try {
      const result = await makeHandler(deps, envOf(world.variables))(event);
      this.note(result.kind === 'done' ? 'done' : result.why);
    } catch (error) {
      this.note((error as Error).name);
      if (error instanceof Crash) {
        this.faults.fire('crash');
        this.crashedAfterMail += this.mailedInTick;
        // The claim of a run that has died ends by itself, before the next minute's.
        return;
      }
      const code = (error as { code?: unknown }).code;
      if (!(error instanceof ServiceError) && code !== 'TICK_INCOMPLETE') throw error;
    }
  }

  private note(how: string): void {
    this.results.push(`${this.faults.minute} ${how} ${this.mailedInTick}`);
  }

  private portsOf() {
    const ports = { ...this.world.ports(), state: this.store };
    const mail = {
      send: async (message: Mail) => {
        if (this.faults.active('mailFails')) {
          this.faults.fire('mailFails');
          throw SERVICE_DOWN();
        }
        await ports.mail.send(message);
        this.mailedInTick += 1;
      },
    };
    return { ...ports, mail, now: () => this.world.now };
  }

  /** Every port, dying at the call that the schedule names, before or after it is done; and failing where it says so. */
  private guarded() {
    return this.mortal.of(this.faults.active('iamThrottled') ? { ...this.ports, ...this.throttled() } : this.ports);
  }

  private throttled() {
    this.faults.fire('iamThrottled');
    const refuse = () => Promise.reject(new ServiceError('throttled', 'Throttling', 'Rate exceeded', 400));
    return {
      attachments: { attachedTo: refuse, attach: async () => ({ kind: 'failed', why: 'Throttling' }) as const },
      switchVersions: { list: refuse, setDefault: refuse },
      switchDeploy: { repair: refuse, liftBill: refuse },
    };
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
    const minuteMs = this.schedule.startMs + this.faults.minute * MINUTE_MS;
    if (known && known.asOf >= minuteMs && known.month === utcMonth(minuteMs)) {
      const visible = Math.round((this.visible.get(known.month) ?? 0) * 1e9);
      if (known.monthToDate < visible)
        this.understated.push(`minute ${this.faults.minute}: ${known.monthToDate} of ${visible}`);
    }
    const order = await this.store.order();
    const isOrdered = order?.kind === 'stop';
    // An order given in a minute whose tick was lost is not known to the state yet.
    const isCurrent = state.decision.at >= this.schedule.startMs + this.faults.minute * MINUTE_MS;
    if (isCurrent && desired === 'stopped' && holds.length === 0 && !isOrdered)
      this.unexplained.push(`minute ${this.faults.minute}: stopped without a reason`);
    const { limit } = envOf(world.variables).LINES;
    const seen = this.visible.get(utcMonth(world.now)) ?? 0;
    const overridden = order?.kind === 'override' && (order.override.until ?? 0) > world.now;
    const reached = seen >= (limit / 1e9) * 0.95 && state.decision.grace === undefined && !overridden;
    if (reached && state.month === utcMonth(world.now)) this.visibleAt ??= this.faults.minute;
    if (!reached && this.deniedAt === undefined) this.visibleAt = undefined;
    if (this.visibleAt !== undefined && everybody) this.deniedAt ??= this.faults.minute;
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
