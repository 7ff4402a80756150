import { accountConcurrency } from '../adapters/lambda/account-concurrency';
import { CloudFormationResponse } from '../adapters/cloudformation/response';
import { parseReserveConcurrencyEnv } from './env';
import { makeHandler } from './handler';

export const handler = makeHandler(
  {
    concurrency: accountConcurrency(),
    cloudFormation: new CloudFormationResponse(),
    log: (record) => void process.stdout.write(`${JSON.stringify(record)}\n`),
  },
  parseReserveConcurrencyEnv(process.env),
);
