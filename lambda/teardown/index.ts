import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationResponse } from '../adapters/cloudformation-response';
import { concurrencyAdapters } from '../adapters/concurrency';
import { IamAttachments } from '../adapters/iam-attachments';
import { meterState } from '../adapters/meter-state';
import { parseTeardownEnv } from './env';
import { makeHandler } from './handler';

const env = parseTeardownEnv(process.env);

export const handler = makeHandler(
  {
    ...concurrencyAdapters(env.STATE_TABLE_NAME),
    attachments: new IamAttachments(),
    meterState: meterState(env.STATE_TABLE_NAME),
    cloudFormation: new CloudFormationResponse(),
    log: (record) => void process.stdout.write(`${JSON.stringify(record)}\n`),
    sleep: (ms) => sleep(ms),
    now: Date.now,
  },
  env,
);
