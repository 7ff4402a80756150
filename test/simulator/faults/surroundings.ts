import { MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import type { Override } from '../../../core/stop-lines/override';
import { ServiceError } from '../../../core/errors';
import type { MeterStore } from '../../../simulator/world/meter-store';
import { CANARY, SWITCH_ARN, VARIABLES, type SpendMeterWorld } from '../../helpers/spend-meter-world';
import type { MortalPorts } from './crash';
import type { FaultsNow } from './now';

export const SERVICE_DOWN = () => new ServiceError('unavailable', 'ServiceUnavailable', 'down', 503);
const LOWERED = 60;
/** The other lines stay where they were, at $100. */
const UNCHANGED = { dailyLimitPercent: 10_000 / LOWERED, hourlyBrakePercent: 10_000 / LOWERED };

/** What people do around the guard, and how the services answer. */
export class Surroundings {
  constructor(
    private readonly world: SpendMeterWorld,
    private readonly store: MeterStore,
    private readonly faults: FaultsNow,
    private readonly mortal: MortalPorts,
  ) {}

  /** What administrators and owners do. */
  people(): void {
    const { world } = this;
    const { schedule, minute } = this.faults;
    const override = this.faults.starts('override');
    if (override) {
      this.faults.fire('override');
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
    if (stop?.from === minute) {
      this.faults.fire('manualStop');
      void this.store.give({ kind: 'stop', stop: { since: world.now, by: 'ops', reason: 'test' } });
    }
    if (stop && minute === stop.from + stop.minutes) {
      void this.store.give({ kind: 'override', override: { since: world.now, by: 'ops', reason: 'over' } });
    }
    if (this.faults.starts('limitLowered')) {
      this.faults.fire('limitLowered');
      const lines = { ...(JSON.parse(VARIABLES.LINES) as object), limit: usd(LOWERED), ...UNCHANGED };
      world.variables = { ...world.variables, LINES: JSON.stringify(lines) };
    }
  }

  async services(): Promise<void> {
    const { world } = this;
    for (const [kind, failure] of [
      ['metricsPartial', 'incomplete'],
      ['metricsThrottled', 'throttled'],
      ['metricsDown', 'down'],
    ] as const) {
      if (this.faults.active(kind)) {
        this.faults.fire(kind);
        world.usage.failures.set('us-east-1', failure);
        break;
      }
      world.usage.failures.delete('us-east-1');
    }
    world.refusals.clear();
    if (this.faults.active('principalRefused')) {
      this.faults.fire('principalRefused');
      world.refusals.set('bot', 'LimitExceededException');
    }
    const helpers = this.faults.active('helpersFail') ? SERVICE_DOWN() : undefined;
    if (helpers) this.faults.fire('helpersFail');
    world.autoStop.failure = helpers;
    world.status.failure = helpers;
    world.events.failure = helpers;
    await this.administrators();
    if (this.faults.starts('canaryMissing')) {
      this.faults.fire('canaryMissing');
      this.store.keepCanary({
        atMs: world.now - 20 * MINUTE_MS,
        profileId: CANARY,
        profileArn: `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${CANARY}`,
        modelId: 'amazon.nova-lite-v1:0',
        inputTokens: 7,
        outputTokens: 1,
      });
    }
    const crash = this.faults.active('crash');
    this.mortal.crashAt = crash === undefined ? undefined : deathOf(crash.size, this.faults.minute);
  }

  /** What administrators do to the switch, and a deploy that changes its text. */
  private async administrators(): Promise<void> {
    const { world } = this;
    const { switchVersions } = world;
    const detaches = this.faults.starts('adminDetaches');
    if (detaches) {
      this.faults.fire('adminDetaches');
      await world.attachments.detach(SWITCH_ARN, { kind: 'role', name: 'app' });
    }
    const others = async () => (await switchVersions.list()).filter(({ isDefault }) => !isDefault);
    const flips = this.faults.starts('adminFlips');
    if (flips) {
      const versions = await others();
      const version = versions[flips.size % versions.length];
      if (version) await switchVersions.setDefault(version.id);
      if (version) this.faults.fire('adminFlips');
    }
    const edits = this.faults.starts('adminEdits');
    if (edits && (await switchVersions.list()).length < 5) {
      this.faults.fire('adminEdits');
      const [{ document } = { document: undefined }] = await others();
      switchVersions.edit({ ...(document as object), Id: 'edited' });
    }
    const deletes = this.faults.starts('adminDeletes');
    if (deletes) {
      const versions = await others();
      const version = versions[deletes.size % versions.length];
      if (version) await switchVersions.remove(version.id);
      if (version) this.faults.fire('adminDeletes');
    }
    if (this.faults.starts('deploy')) {
      this.faults.fire('deploy');
      world.smallModels = [...world.smallModels, `vendor.small-${this.faults.minute}`];
      await world.deploySwitch(undefined, this.store);
    }
  }
}

/** Every other one dies between a mail and noting it, wherever that is among its calls. */
function deathOf(size: number, minute: number): MortalPorts['crashAt'] {
  return size % 2 === 0 ? { behind: 'mail' } : 3 + ((size + minute) % 24);
}
