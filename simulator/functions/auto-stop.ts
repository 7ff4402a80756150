import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import type { Target, TrafficPort } from '../../core/concurrency';
import { fromBigInt, type NanoUsd } from '../../core/money';
import { parseAutoStopEnv, makeHandler } from '../../lambda/auto-stop';
import { FakeConcurrency } from '../fakes/concurrency';
import { FakeConcurrencyState } from '../fakes/concurrency-state';
import { FakeConcurrencyFailures } from '../fakes/concurrency-failures';
import { FakeMail } from '../fakes/mail';
import { FakeMetrics } from '../fakes/metrics';
import { FakeScaling } from '../fakes/scaling';
import { FakeSessions } from '../fakes/sessions';
import { isOfficeHour } from '../world/demand';
import type { FunctionSite, Handler } from './site';

/** What the listed functions have when the month begins. */
const PROVISIONED = { qualifier: 'live', value: 2, memoryMb: 1024, architecture: 'x86_64' } as const;

/**
 * The environment's functions: there, and called in office hours, where the scenario has housekeeping; elsewhere they do not
 * exist, which is no complaint for optional ones.
 */
export function autoStop({ spec, place, world, mail, now }: FunctionSite): Handler {
  const env = parseAutoStopEnv({ ...spec.variables, AWS_REGION: place.config.region });
  const concurrency = new FakeConcurrency(now);
  const targets: readonly Target[] = world.settings.scenario.housekeeping
    ? env.MANAGED_FUNCTIONS.map(({ functionName }) => ({ functionName, qualifier: PROVISIONED.qualifier }))
    : [];
  const { value, memoryMb, architecture } = PROVISIONED;
  for (const target of targets) concurrency.deploy(target, value, { memoryMb, architecture });
  const handler = makeHandler(
    {
      concurrency,
      scaling: new FakeScaling(),
      traffic: officeTraffic,
      sessions: new FakeSessions(),
      state: new FakeConcurrencyState(),
      failures: new FakeConcurrencyFailures(),
      mail: new FakeMail((sent) => mail(env.ALERT_TOPIC_ARN, sent)),
      metrics: new FakeMetrics(),
      now,
    },
    env,
  );
  const sleep = world.journal.sleepOf(place.config.name);
  let since = now();
  let savedPerHour: NanoUsd | undefined;
  return async (event) => {
    // What the run before left asleep has slept until now.
    if (sleep.sleeping > 0) sleep.hours += (now() - since) / HOUR_MS;
    if (sleep.sleeping > 0 && savedPerHour !== undefined) {
      sleep.savedNano += Number(fromBigInt((BigInt(savedPerHour) * BigInt(now() - since)) / BigInt(HOUR_MS)));
    }
    const result = await handler(event);
    since = now();
    sleep.functions = targets.length;
    if (result.sleeping > 0 && sleep.sleeping === 0) sleep.times += 1;
    sleep.sleeping = result.sleeping;
    sleep.failures += result.failed;
    savedPerHour = result.savedPerHour.kind === 'known' ? result.savedPerHour.value : undefined;
    return result;
  };
}

/** A call a minute in office hours. */
const officeTraffic: TrafficPort = {
  invocations: async (windows) =>
    new Map(
      windows.map(({ functionName, fromMs, toMs }) => {
        let calls = 0;
        for (let atMs = fromMs; atMs < toMs; atMs += MINUTE_MS) if (isOfficeHour(atMs)) calls += 1;
        return [functionName, { kind: 'known', value: calls }];
      }),
    ),
};
