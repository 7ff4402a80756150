import { accountConcurrency } from '../adapters/lambda';
import { CloudFormationResponse } from '../adapters/cloudformation';
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
