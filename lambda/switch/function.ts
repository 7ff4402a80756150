import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationResponse } from '../adapters/cloudformation';
import { concurrencyAdapters } from '../adapters/concurrency';
import { IamAttachments, iamPolicyVersions } from '../adapters/iam';
import { meterState } from '../adapters/dynamodb';
import { sha256 } from '../digest';
import { withSettings } from '../settings';
import { parseSwitchEnv } from './env';
import { makeHandler } from './handler';

const env = parseSwitchEnv(withSettings(process.env, __dirname));

export const handler = makeHandler(
  {
    ...concurrencyAdapters(env.STATE_TABLE_NAME),
    versions: iamPolicyVersions(env.SWITCH_ARN),
    attachments: new IamAttachments(),
    meterState: meterState(env.STATE_TABLE_NAME),
    cloudFormation: new CloudFormationResponse(),
    digest: sha256,
    log: (record) => void process.stdout.write(`${JSON.stringify(record)}\n`),
    sleep: (ms) => sleep(ms),
    now: Date.now,
  },
  env,
);
