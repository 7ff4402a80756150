import fc from 'fast-check';
import { MINUTE_MS } from '../../../core/calendar';
import { sameDocument, stateOf, SWITCH_STATES } from '../../../core/enforcement/switch-document';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { DENY_BILL_ARN, SWITCH_ARN, SwitchWorld, type TickRun } from '../../helpers/switch-world';
import { Crash, type Life } from '../../helpers/switch-scheduled';
import { anyEvents, life, RELEASES, STRANGER, type Admin, type Event } from '../../helpers/switch-events';
import { foreign, sha256 } from '../../helpers/switch-texts';

/** The switch in whatever order ticks, deploys, crashes, people and duplicates come. */

const RUNS = Number(process.env['SWITCH_RUNS'] ?? 100);
const counts: Record<string, number> = {};
const count = (what: string) => void (counts[what] = (counts[what] ?? 0) + 1);

class Run {
  readonly world: SwitchWorld;
  /** Stopped is in effect, seen by a tick that nothing disturbed, and nobody has ordered or done anything else since. */
  private isHeld = false;
  /** What has been done since such a tick by others than the guard. */
  private tampered: Admin[] | undefined;
  private settledIn: DesiredState | undefined;
  /** Something else than undisturbed ticks has happened since. */
  private isQuiet = false;

  constructor(private readonly scheduler: fc.Scheduler) {
    this.world = new SwitchWorld(
      RELEASES[0]!,
      (what) => scheduler.schedule(Promise.resolve(), what),
      () => this.mustHold(),
    );
  }

  async happens(event: Event): Promise<void> {
    const { world } = this;
    world.now += MINUTE_MS;
    switch (event.kind) {
      case 'want':
        if (event.state !== 'stopped') this.isHeld = false;
        world.want = event.state;
        break;
      case 'tick':
        await this.disturbed([this.tick(event.run, Object.keys(event.run).length === 0)]);
        break;
      case 'ticks':
        count('duplicate tick');
        await this.disturbed(event.runs.map((run) => this.tick(run)));
        break;
      case 'deploy':
        await this.disturbed([this.deploy(event.release, event.life)]);
        break;
      case 'late':
        // The same request once more, as CloudFormation's events may come twice.
        count('duplicate deploy');
        this.unsettle();
        await this.disturbed([world.request('Update')]);
        break;
      case 'together':
        count('deploy beside a tick');
        await this.disturbed([this.deploy(event.release, event.life), this.tick(event.run)]);
        break;
      case 'admin':
        await this.admin(event.admin);
        break;
    }
    await this.undisturbed(event);
  }

  /** A tick alone, which must set right whatever has come before. */
  private async undisturbed(event: Event): Promise<void> {
    const { world } = this;
    if (event.kind !== 'tick' || Object.keys(event.run).length > 0) return;
    // The one before has claimed, and may have been cut short: this one comes when that is over.
    expect(await world.inEffect()).toBe(world.want);
    expect(await this.lacking()).toEqual([]);
    this.isHeld = world.want === 'stopped';
    this.settledIn = world.want;
    this.tampered = [];
    count(`settled ${world.want}`);
  }

  private async disturbed(runs: readonly Promise<unknown>[]): Promise<void> {
    const outcomes = await this.scheduler.waitFor(Promise.allSettled(runs));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      if (!(outcome.reason instanceof Crash)) throw outcome.reason;
      count('crash');
    }
    expect((await this.world.policy.list()).length).toBeLessThanOrEqual(5);
  }

  private async tick(run: TickRun, undisturbed = false): Promise<void> {
    const { isQuiet, tampered } = this;
    if (!undisturbed) this.unsettle();
    count(run.unread === undefined ? 'tick' : `tick without ${run.unread}`);
    const written = this.world.policy.calls.create;
    const drift = await this.world.tick(run);
    if (drift === undefined || !undisturbed) return;
    // What a tick has had to put right it knows only with the next.
    this.isQuiet = drift.length === 0 && this.world.policy.calls.create === written;
    // Told of what somebody has done, and of nothing else.
    if (isQuiet && tampered?.length === 0) expect(drift).toEqual([]);
    if (isQuiet && tampered?.length === 1) {
      expect([tampered, drift.length > 0]).toEqual([tampered, true]);
      count('told');
    }
  }

  private async deploy(release: number, life?: Life): Promise<void> {
    this.unsettle();
    count('deploy');
    this.world.release(RELEASES[release]!);
    const answer = await this.world.request('Update', life);
    if (life === undefined) expect(['SUCCESS', 'FAILED']).toContain(answer?.status);
  }

  private unsettle(): void {
    this.isQuiet = false;
  }

  private async admin(admin: Admin): Promise<void> {
    const { world } = this;
    const { policy, attachments } = world;
    const versions = await policy.list();
    this.isHeld = false;
    count(`admin: ${admin.act}`);
    switch (admin.act) {
      case 'edit': {
        if (versions.length === 5) await policy.remove(versions.find(({ isDefault }) => !isDefault)!.id);
        policy.edit(foreign('GetObject'));
        break;
      }
      case 'delete': {
        const others = versions.filter(({ isDefault }) => !isDefault);
        const gone = others[admin.at % Math.max(1, others.length)];
        if (gone === undefined) return;
        await policy.remove(gone.id);
        // Of a state that has two, one more or less is nobody's business.
        if (others.length > 2) return this.unsettle();
        break;
      }
      case 'flip': {
        const to = versions[admin.at % versions.length]!;
        await policy.setDefault(to.id);
        if (stateOf(to.document, sha256) === this.settledIn) return;
        break;
      }
      case 'detach': {
        const holders = await attachments.attachedTo(SWITCH_ARN);
        const one = holders[admin.at % Math.max(1, holders.length)];
        if (one === undefined) return;
        await attachments.detach(SWITCH_ARN, one);
        if (!world.principals.some(({ name }) => name === one.name)) return;
        break;
      }
      case 'attach':
        await attachments.attach(SWITCH_ARN, STRANGER);
        return;
    }
    this.tampered?.push(admin);
  }

  private mustHold(): void {
    if (!this.isHeld) return;
    // The fake answers at once: nothing comes in between.
    void this.world.inEffect().then((state) => {
      if (state !== 'stopped') this.opened ??= state ?? 'foreign';
    });
  }
  private opened: string | undefined;

  async lacking(): Promise<readonly string[]> {
    const holders = await this.world.attachments.attachedTo(SWITCH_ARN);
    return this.world.principals
      .filter(({ kind, name }) => !holders.some((one) => one.kind === kind && one.name === name))
      .map(({ name }) => name);
  }

  check(): void {
    expect(this.opened).toBeUndefined();
  }

  /** In the end all is as somebody would want it who has never heard of the guard. */
  async tearDown(life: Life): Promise<void> {
    const { world } = this;
    await world.attachments.attach(DENY_BILL_ARN, STRANGER);
    const crashes = counts['crash'] ?? 0;
    await this.disturbed([world.request('Delete', life)]);
    if ((counts['crash'] ?? 0) > crashes) count('crashed deletion');
    world.now += MINUTE_MS;
    const answer = await this.scheduler.waitFor(world.request('Delete'));
    expect(answer?.status).toBe('SUCCESS');
    world.now += MINUTE_MS;
    expect(await this.scheduler.waitFor(world.tick())).toBeUndefined();
    const versions = await world.policy.list();
    expect(versions.map(({ document, isDefault }) => [stateOf(document, sha256), isDefault])).toEqual([['open', true]]);
    for (const arn of [SWITCH_ARN, DENY_BILL_ARN]) expect(await world.attachments.attachedTo(arn)).toEqual([]);
  }

  /** A deploy and two ticks that nothing disturbs: also the texts are today's, and nobody else has it. */
  async settle(): Promise<void> {
    const { world } = this;
    await this.happens({ kind: 'deploy', release: 1 });
    for (const _ of [1, 2]) await this.happens({ kind: 'tick', run: {} });
    const versions = await world.policy.list();
    expect(versions).toHaveLength(3);
    for (const state of SWITCH_STATES) {
      expect(versions.some(({ document }) => sameDocument(document, world.documents[state]))).toBe(true);
    }
    expect(new Set(await world.attachments.attachedTo(SWITCH_ARN))).toEqual(new Set(world.principals));
  }
}

test('property: whatever comes in whatever order, the next tick has everybody in the state that is wanted; and never open while stopped', async () => {
  await fc.assert(
    fc.asyncProperty(anyEvents, fc.scheduler(), life, async (events, scheduler, last) => {
      const run = new Run(scheduler);
      await run.happens({ kind: 'deploy', release: 0 });
      for (const one of events) {
        await run.happens(one);
        run.check();
      }
      await run.settle();
      run.check();
      await run.tearDown(last);
    }),
    { numRuns: RUNS },
  );
  // Each kind has occurred, and often.
  const kinds = [
    ...['crash', 'duplicate tick', 'duplicate deploy', 'deploy', 'deploy beside a tick', 'told'],
    ...['tick', 'tick without versions', 'tick without holders', 'crashed deletion'],
    ...['edit', 'delete', 'flip', 'detach', 'attach'].map((act) => `admin: ${act}`),
    ...SWITCH_STATES.map((state) => `settled ${state}`),
  ];
  expect(kinds.filter((kind) => (counts[kind] ?? 0) < RUNS / 50)).toEqual([]);
});
