import { CloudFormationResponse } from '../adapters/cloudformation-response';
import { IamAttachments } from '../adapters/iam-attachments';
import { parseTeardownEnv } from './env';
import { makeHandler } from './handler';

export const handler = makeHandler(
  {
    attachments: new IamAttachments(),
    cloudFormation: new CloudFormationResponse(),
    log: (record) => void process.stdout.write(`${JSON.stringify(record)}\n`),
  },
  parseTeardownEnv(process.env),
);
