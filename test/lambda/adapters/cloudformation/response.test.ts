import { CloudFormationResponse } from '../../../../lambda/adapters/cloudformation/response';

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
