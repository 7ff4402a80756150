import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { SnsMail } from '../../../../lambda/adapters/sns/mail';

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

  test('what SES has mailed goes by the other topic, where there is one, and nothing else does', async () => {
    client.on(PublishCommand).resolves({});
    const other = new SnsMail('alerts', undefined, 'machines');
    const topics = () => client.commandCalls(PublishCommand).map(({ args }) => args[0].input.TopicArn);
    await other.send({ subject: 's', body: 'b' }, { mailedBySes: true });
    await other.send({ subject: 's', body: 'b' }, { mailedBySes: false });
    await other.send({ subject: 's', body: 'b' });
    await mail.send({ subject: 's', body: 'b' }, { mailedBySes: true });
    expect(topics()).toEqual(['machines', 'alerts', 'alerts', 'arn:aws:sns:us-east-1:111122223333:alerts']);
  });
});
