import type { EnvironmentConfig } from '../../config';
import { MINUTE_MS } from '../../core/calendar';
import { nanoUsd, parseDecimal } from '../../core/money';
import type { SwitchDeployPort } from '../../core/enforcement';
import { sha256 } from '../../lambda/digest';
import { principalsOf } from '../../lambda/principals';
import { parseSpendMeterEnv, makeHandler } from '../../lambda/spend-meter';
import { FakeBatchJobs } from '../fakes/batch-jobs';
import { FakeGuardFunctions } from '../fakes/guard-functions';
import { FakeGuardStatus } from '../fakes/guard-status';
import { FakeMail } from '../fakes/mail';
import { FakeStandingEvents } from '../fakes/standing-events';
import { FakeToldMark } from '../fakes/told-mark';
import type { Place, World } from '../world/world';
import { attachmentsOf, switchVersionsOf } from './iam';
import type { FunctionSite, Handler } from './site';

/** The switch is changed in the simulated IAM, so that a stop really refuses calls, after the minutes that enforcement is assumed to take. */
export function spendMeter({ spec, place, world, now, mail, peer }: FunctionSite): Handler {
  const env = parseSpendMeterEnv(spec.variables);
  const enforcementMs = env.TIMING.enforcementMinutes * MINUTE_MS;
  const look = makeHandler(
    {
      usage: world.cloudWatch(place),
      alarms: place.alarms,
      toldMark: new FakeToldMark(),
      profiles: profilesOf(place, world),
      state: place.meter,
      attachments: attachmentsOf(place, world, principalsOf(env), enforcementMs),
      switchVersions: switchVersionsOf(place, world, now, enforcementMs),
      switchDeploy: ordersTo(peer),
      digest: sha256,
      batchJobs: new FakeBatchJobs(),
      budgetActions: budgetActionsOf(place),
      autoStop: new FakeGuardFunctions(),
      status: new FakeGuardStatus(),
      events: {
        record: async ({ from, desired, reason }) => {
          if (from === desired) return;
          place.usage.advanceTo(now());
          const spent = nanoUsd(Math.round(place.usage.spent));
          world.journal.meterChanges.push({
            atMs: now(),
            environment: place.config.name,
            from,
            to: desired,
            reason,
            spent,
          });
        },
      },
      standings: new FakeStandingEvents(),
      hubMemory: {},
      mail: new FakeMail((sent) => mail(env.ALERT_TOPIC_ARN, sent)),
      // A month of ticks would leave forty thousand records that nobody reads.
      metrics: { record: () => {} },
      now,
    },
    env,
  );
  return async (event) => {
    const result = await look(event);
    // In the product the same run waits; here others act meanwhile.
    if (result.kind === 'done' && result.lookAgainInMs !== undefined) {
      world.timeline.at(now() + result.lookAgainInMs, async () => {
        try {
          await look({ ...(event as object), again: true });
        } catch (error) {
          world.journal.fail(place.config.name, spec.feature ?? '', error);
        }
      });
    }
    return result;
  };
}

function ordersTo(peer: FunctionSite['peer']): SwitchDeployPort {
  const order = async (command: string) => {
    await peer('switch')({ command });
  };
  return { repair: () => order('repair'), liftBill: () => order('liftBill') };
}

/** Profiles of everybody in the account, with their environments' tags. */
function profilesOf({ config, stack }: Place, world: World) {
  const places = [...world.places.values()].filter((other) => other.stack.identity.account === stack.identity.account);
  const profiles = places.flatMap((other) =>
    [...other.stack.profiles, ...other.stack.functionProfiles].map(({ arn, source }) => ({
      environment: other.config.name,
      profile: { arn, id: arn.slice(arn.lastIndexOf('/') + 1), modelIds: [baseIdOf(other.config, source)] },
    })),
  );
  return {
    list: async () => profiles.map(({ profile }) => profile),
    environmentOf: async (arn: string) =>
      profiles.find(({ profile }) => profile.arn === arn)?.environment ?? config.name,
  };
}

/** As Bedrock lists it: the model behind a profile, whether it was made of the model or of a system-defined profile. */
function baseIdOf({ models }: EnvironmentConfig, source: string): string {
  const called = source.slice(source.lastIndexOf('/') + 1);
  return models.find(({ route }) => route.via === 'crossRegion' && route.profileId === called)?.route.modelId ?? called;
}

function budgetActionsOf({ budgets }: Place) {
  const find = (budgetName: string, actionId: string) => {
    const budget = budgets.find(({ spec }) => spec.name === budgetName);
    const action = budget?.spec.actions.find(({ id }) => id === actionId);
    return budget && action ? { budget, action } : undefined;
  };
  return {
    action: async (budgetName: string, actionId: string) => {
      const found = find(budgetName, actionId);
      return found
        ? ({ kind: 'known', status: found.budget.actionStatus(found.action) } as const)
        : ({ kind: 'missing' } as const);
    },
    calculated: async (budgetName: string) => {
      const budget = budgets.find(({ spec }) => spec.name === budgetName);
      return budget
        ? ({ kind: 'known', actual: parseDecimal((budget.calculated / 1e9).toFixed(9)), currency: 'USD' } as const)
        : ({ kind: 'missing' } as const);
    },
    execute: async (budgetName: string, actionId: string, type: 'REVERSE_BUDGET_ACTION' | 'RESET_BUDGET_ACTION') => {
      const found = find(budgetName, actionId);
      return found && found.budget.execute(found.action, type)
        ? ({ kind: 'done' } as const)
        : ({ kind: 'failed', why: 'ResourceLockedException' } as const);
    },
  };
}
