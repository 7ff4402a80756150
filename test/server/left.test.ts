import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { converseReply } from '../helpers/bedrock-server';
import { post, servingWorlds, TOKENS } from './serving';

const quick = require('../../cli/quick/left.js') as {
  left(options: object, outside: object): Promise<{ readonly exitCode: number; readonly line: string }>;
};

const world = servingWorlds();

test('the status line understands what the server tells, before and after a call', async () => {
  const one = await world(converseReply(TOKENS));
  const ask = () =>
    quick.left(
      { url: one.serving.url, json: false, claudeCode: false },
      { env: {}, stdin: new PassThrough().end(), elapsedMs: () => -5_000 },
    );
  const says = /^\S+: \$\d+\.\d\d of \$\d+\.\d\d left, \d+% gone, until \d{4}-\d\d-\d\d$/;
  expect(await ask()).toMatchObject({ exitCode: 0, line: expect.stringMatching(says) });
  expect((await post(one)).status).toBe(200);
  expect(await ask()).toMatchObject({ exitCode: 0, line: expect.stringMatching(says) });
});
