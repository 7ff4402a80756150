import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSuppressedDestinationCommand, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { sesHtmlMail } from '../../../../lambda/adapters/sesv2/html-mail';

const mail = {
  from: 'a@example.com',
  to: ['b@example.com', 'c@example.com'],
  subject: 's',
  text: 'é',
  html: '<p>é</p>',
};

function adapter(answer: (command: unknown) => unknown) {
  const sent: unknown[] = [];
  const client = { send: async (command: unknown) => (sent.push(command), answer(command)) } as unknown as SESv2Client;
  return { port: sesHtmlMail(client, client), sent };
}

const failing = (name: string, status?: number) => () => {
  throw Object.assign(new Error('no'), { name, ...(status && { $metadata: { httpStatusCode: status } }) });
};

test('one message to all, with both bodies in UTF-8', async () => {
  const { port, sent } = adapter(() => ({ MessageId: 'x' }));
  await port.send(mail);
  expect(sent).toHaveLength(1);
  expect((sent[0] as SendEmailCommand).input).toEqual({
    FromEmailAddress: 'a@example.com',
    Destination: { ToAddresses: ['b@example.com', 'c@example.com'] },
    Content: {
      Simple: {
        Subject: { Data: 's', Charset: 'UTF-8' },
        Body: { Text: { Data: 'é', Charset: 'UTF-8' }, Html: { Data: '<p>é</p>', Charset: 'UTF-8' } },
      },
    },
  });
});

test.each([
  ['MessageRejected', 400, 'invalid'],
  ['MailFromDomainNotVerifiedException', 400, 'invalid'],
  ['SendingPausedException', 400, 'invalid'],
  ['TooManyRequestsException', 429, 'throttled'],
  ['AccessDeniedException', 403, 'accessDenied'],
  ['InternalFailure', 500, 'unavailable'],
  ['TimeoutError', undefined, 'timedOut'],
])('%s is a refusal', async (name, status, refusal) => {
  const { port } = adapter(failing(name, status));
  await expect(port.send(mail)).rejects.toMatchObject({ name: 'ServiceError', errorName: name, refusal });
});

describe('a service that fails', () => {
  const before = { ...process.env };
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
  });

  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' });
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' });
  });
  afterAll(() => {
    process.env = before;
    server.close();
  });
  beforeEach(() => (requests = 0));

  test('a mail is asked for once, as SES knows no token of a request', async () => {
    await expect(sesHtmlMail().send(mail)).rejects.toMatchObject({ refusal: 'unavailable' });
    expect(requests).toBe(1);
  });

  test('the list is asked for again', async () => {
    await expect(sesHtmlMail().suppression('b@example.com')).rejects.toMatchObject({ refusal: 'unavailable' });
    expect(requests).toBeGreaterThan(1);
  });
});

describe('the suppression list', () => {
  test('on it, for its reason; not on it; not known', async () => {
    const listed = adapter(() => ({ SuppressedDestination: { Reason: 'BOUNCE' } }));
    expect(await listed.port.suppression('b@example.com')).toBe('BOUNCE');
    expect((listed.sent[0] as GetSuppressedDestinationCommand).input).toEqual({ EmailAddress: 'b@example.com' });
    expect(await adapter(failing('NotFoundException', 404)).port.suppression('b@example.com')).toBeUndefined();
    const disabled = adapter(failing('BadRequestException', 400)).port.suppression('b@example.com');
    await expect(disabled).rejects.toMatchObject({ refusal: 'invalid' });
  });
});
