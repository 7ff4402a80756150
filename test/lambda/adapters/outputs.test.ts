import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { metrics } from '../../../core/metrics';
import { CloudFormationResponse } from '../../../lambda/adapters/cloudformation/response';
import { EmfMetrics } from '../../../lambda/adapters/cloudwatch/emf';
import { SnsMail } from '../../../lambda/adapters/sns/mail';

describe('SnsMail', () => {
  const client = mockClient(SNSClient);
  const mail = new SnsMail('arn:aws:sns:us-east-1:111122223333:alerts');

  beforeEach(() => client.reset());

  test('publishes subject and body', async () => {
    client.on(PublishCommand).resolves({});
    await mail.send({ subject: 's'.repeat(100), body: 'é is fine in a body' });
    expect(client.commandCalls(PublishCommand)[0]!.args[0].input).toMatchObject({ Message: 'é is fine in a body' });
  });

  test.each(['', 's'.repeat(101), 'é', 'two\nlines'])(
    'a subject that SNS would refuse is named: %p',
    async (subject) => {
      await expect(mail.send({ subject, body: 'b' })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    },
  );
});

test('a metric is one JSON line with its own description', () => {
  const lines: string[] = [];
  new EmfMetrics(
    (line) => lines.push(line),
    () => 1_000,
  ).record('dev', [{ metric: metrics.billPercentOfLimit, value: 62 }], { event: 'x' });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      event: 'x',
      Environment: 'dev',
      BillPercentOfLimit: 62,
      _aws: {
        Timestamp: 1_000,
        CloudWatchMetrics: [
          {
            Namespace: 'SpendGuard',
            Dimensions: [['Environment']],
            Metrics: [{ Name: 'BillPercentOfLimit', Unit: 'Percent' }],
          },
        ],
      },
    },
  ]);
});

describe('CloudFormationResponse', () => {
  const request = { responseUrl: 'https://s3/x?signed', stackId: 's', requestId: 'r', logicalResourceId: 'l' };
  const respond = async (answers: readonly (number | Error)[], reason?: string) => {
    const bodies: string[] = [];
    const pauses: number[] = [];
    const port = new CloudFormationResponse(
      async (_url, body) => {
        const answer = answers[bodies.push(body) - 1]!;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      async (ms) => pauses.push(ms),
    );
    await port.respond(request, { status: 'FAILED', physicalResourceId: 'p', ...(reason ? { reason } : {}) });
    return { bodies, pauses };
  };

  test('repeats what CloudFormation sent, and stays under its 4,096 bytes', async () => {
    const { bodies } = await respond([200], 'x'.repeat(10_000));
    expect(JSON.parse(bodies[0]!)).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'p',
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'l',
    });
    expect(Buffer.byteLength(bodies[0]!)).toBeLessThan(4_096);
  });

  test('tries again, ever later, until it is taken', async () => {
    const { bodies, pauses } = await respond([new Error('reset'), 503, 200]);
    expect([bodies.length, pauses]).toEqual([3, [200, 400]]);
  });

  test('says so when it never is: the stack would wait for its time-out', async () => {
    await expect(respond([403, 403, 403, 403, 403])).rejects.toMatchObject({ code: 'RESPONSE_NOT_SENT' });
  });
});
