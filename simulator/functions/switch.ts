import { sha256 } from '../../lambda/digest';
import { principalsOf } from '../../lambda/principals';
import { parseSwitchEnv, makeHandler } from '../../lambda/switch';
import { FakeConcurrency } from '../fakes/concurrency';
import { FakeConcurrencyState } from '../fakes/concurrency-state';
import { FakeScaling } from '../fakes/scaling';
import { FakeSessions } from '../fakes/sessions';
import { attachmentsOf, switchVersionsOf } from './iam';
import type { FunctionSite, Handler } from './site';

/** The feature's name; no schedule runs it. */
export const SWITCH = 'switch';

/** CloudFormation's request for a stack that is new. */
export const CREATED = {
  ...{ RequestType: 'Create', ResponseURL: 'https://cloudformation.example.com/answer' },
  ...{ StackId: 'simulated', RequestId: 'simulated', LogicalResourceId: 'Switch' },
} as const;

/** The deploy's function: asked by CloudFormation once before the month, and by the meter. Nothing sleeps for it to wake. */
export function switchDeploy({ spec, place, world, now }: FunctionSite): Handler {
  const env = parseSwitchEnv({ ...spec.variables, AWS_REGION: place.config.region });
  return makeHandler(
    {
      versions: switchVersionsOf(place, world, now),
      attachments: attachmentsOf(place, world, principalsOf(env)),
      meterState: place.meter,
      cloudFormation: {
        respond: async (_request, { status, reason }) => {
          if (status === 'FAILED') throw new Error(`the switch could not be deployed: ${reason ?? 'no reason'}`);
        },
      },
      digest: sha256,
      log: () => undefined,
      sleep: async () => undefined,
      concurrency: new FakeConcurrency(now),
      scaling: new FakeScaling(),
      traffic: { invocations: async () => new Map() },
      sessions: new FakeSessions(),
      state: new FakeConcurrencyState(),
      now,
    },
    env,
  );
}
