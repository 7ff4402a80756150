import { ServiceError } from '../../../core/errors';
import { MINUTE_MS } from '../../../core/calendar';
import { noticesOf } from '../../../core/notice';
import { costCheck, item, NOW, type World } from './harness';

const FROM = 'spend@example.com';
const TO = ['owner@example.com', 'finance@example.com'];
const HTML = { REPORT_FROM: FROM, REPORT_TO: JSON.stringify(TO) };

const check = (world: Partial<World> = {}) =>
  costCheck({ now: NOW, items: [item('2026-11-14', '20')], variables: HTML, ...world });
type Check = ReturnType<typeof check>;

/** Whether each message goes past those who subscribe by mail. */
const leftOut = ({ mail }: Check) => mail.mailedBySes;

const refusal = (name: string, kind: ServiceError['refusal'], text = 'no', status = 400) =>
  new ServiceError(kind, name, text, status);

test('without an address it goes as text, and SES is asked nothing', async () => {
  const plain = costCheck({ now: NOW });
  plain.htmlMail.failure = new Error('asked');
  plain.htmlMail.listFailure = new Error('asked');
  await plain.scheduled();
  expect(leftOut(plain)).toEqual([false]);
  expect(plain.mail.sent[0]!.body).not.toContain('HTML mail');
});

test('as HTML with the text beside it, by one mail to both; the topic gets it for those who do not read mail', async () => {
  const html = check();
  await html.scheduled();
  const [sent] = html.htmlMail.sent;
  expect(html.htmlMail.sent).toHaveLength(1);
  expect(sent).toMatchObject({
    from: FROM,
    to: TO,
    text: html.mail.sent[0]!.body,
    subject: html.mail.sent[0]!.subject,
  });
  expect(sent!.html).toMatch(/^<!doctype html>[\s\S]*\$20\.00 of \$50\.00/);
  expect(sent!.text).toContain(`HTML mail: armed - SES sends it from ${FROM}`);
  expect(leftOut(html)).toEqual([true]);
});

test('each report has its notice, by SES or not, of the day that it is of', async () => {
  for (const one of [check(), costCheck({ now: NOW })]) {
    await one.scheduled();
    expect(noticesOf(one.mail.sent[0]!).map(({ key, source }) => ({ key, source }))).toEqual([
      { key: 'report|dev|2026-11-23 America/Sao_Paulo', source: 'bill' },
    ]);
  }
});

test('on demand without a mail nobody is mailed', async () => {
  const html = check();
  await html.onDemand();
  expect([html.mail.sent, html.htmlMail.sent]).toEqual([[], []]);
});

test('a report by SES is sent once, whatever is repeated', async () => {
  const html = check();
  for (const _ of [1, 2, 3]) {
    await html.scheduled(NOW);
    html.pass(MINUTE_MS);
  }
  expect([html.htmlMail.sent.length, html.mail.sent.length]).toEqual([1, 1]);
});

describe('whatever SES answers, people get the text, once, and why it is text', () => {
  test.each<[string, unknown, RegExp, RegExp]>([
    [
      'not verified, or the sandbox',
      refusal('MessageRejected', 'invalid', 'Email address is not verified: owner@example.com'),
      /HTML mail: blind - went as text: MessageRejected from AWS, "Email address is not verified: owner@example.com"/,
      /Verify the sender in SES/,
    ],
    [
      'paused',
      refusal('SendingPausedException', 'invalid'),
      /blind - went as text: SendingPaused/,
      /Sending is paused/,
    ],
    [
      'no permission',
      refusal('AccessDeniedException', 'accessDenied', 'no', 403),
      /blind - .*AccessDenied/,
      /Deploy again/,
    ],
    [
      'throttled',
      refusal('TooManyRequestsException', 'throttled', 'no', 429),
      /blind - .*TooManyRequests/,
      /sending quota/,
    ],
    [
      'a fault of its own',
      refusal('InternalFailure', 'unavailable', 'no', 500),
      /unknown - went as text, and may have gone as HTML/,
      /may have gone/,
    ],
    [
      'no answer',
      refusal('TimeoutError', 'timedOut'),
      /unknown - went as text, and may have gone as HTML/,
      /may have gone/,
    ],
    ['a defect of ours', new TypeError('undefined is not a function'), /unknown - .*TypeError/, /TypeError/],
  ])('%s', async (_what, failure, line, todo) => {
    const html = check();
    html.htmlMail.failure = failure;
    expect(await html.scheduled()).toMatchObject({ kind: 'reported', mailed: true });
    expect(leftOut(html)).toEqual([false]);
    const { body } = html.mail.sent[0]!;
    expect(body).toMatch(line);
    // What to do stands with the decisions.
    expect(body.slice(0, body.indexOf('-- Details --'))).toMatch(todo);
  });

  test('a recipient in the sandbox that is not verified, by the fake of SES', async () => {
    const html = check();
    Object.assign(html.htmlMail, { verified: ['example.com'], isInSandbox: true });
    await html.scheduled();
    expect(leftOut(html)).toEqual([true]);
    const other = check();
    Object.assign(other.htmlMail, { verified: [FROM, TO[0]], isInSandbox: true });
    await other.scheduled();
    expect(leftOut(other)).toEqual([false]);
    expect(other.mail.sent[0]!.body).toContain('failed the check in region US-EAST-1: finance@example.com');
  });

  test('an address that SES takes mails for and does not send to', async () => {
    const html = check();
    html.htmlMail.suppressed.set(TO[1]!, 'BOUNCE');
    await html.scheduled();
    expect([html.htmlMail.sent.length, leftOut(html)]).toEqual([0, [false]]);
    expect(html.mail.sent[0]!.body).toContain(`${TO[1]} is on the suppression list of SES (BOUNCE)`);
    expect(html.mail.sent[0]!.body).toContain(`aws sesv2 delete-suppressed-destination --email-address ${TO[1]}`);
  });

  test('an answer that is lost after SES took it: twice rather than never', async () => {
    const html = check();
    Object.assign(html.htmlMail, { failure: refusal('TimeoutError', 'timedOut'), sendsInSpite: true });
    await html.scheduled();
    expect([html.htmlMail.sent.length, leftOut(html)]).toEqual([1, [false]]);
  });
});

test('the list of the sandbox cannot be read, which is said and is no reason for text', async () => {
  const html = check();
  html.htmlMail.listFailure = refusal('BadRequestException', 'invalid');
  await html.scheduled();
  expect(leftOut(html)).toEqual([true]);
  expect(html.htmlMail.sent[0]!.text).toMatch(
    /HTML mail: armed - .*not known, as in its sandbox: .*BadRequestException/,
  );
});

test('a topic that fails once SES has it costs no second mail; the log says that channels were not told', async () => {
  const html = check();
  html.mail.failure = refusal('InternalError', 'unavailable', 'down', 500);
  expect(await html.scheduled()).toMatchObject({ kind: 'reported', mailed: true });
  html.pass(MINUTE_MS);
  expect(await html.scheduled(NOW)).toMatchObject({ kind: 'skipped' });
  expect(html.htmlMail.sent).toHaveLength(1);
});

test.each([
  ['by the first run that can', 1],
  ['by a later one', 3],
])('who was not told then is told %s, once, and nobody is mailed again', async (_when, failing) => {
  const html = check();
  html.mail.failure = refusal('InternalError', 'unavailable', 'down', 500);
  for (let run = 0; run < failing; run++) {
    await html.scheduled(NOW);
    html.pass(MINUTE_MS);
  }
  html.mail.failure = undefined;
  expect(await html.scheduled(NOW)).toMatchObject({ kind: 'skipped', why: expect.stringContaining('is told it now') });
  expect(await html.scheduled(NOW)).toEqual({ kind: 'skipped', why: "this day's report was sent" });
  expect([html.htmlMail.sent.length, leftOut(html)]).toEqual([1, [true]]);
  expect(noticesOf(html.mail.sent[0]!).map(({ key }) => key)).toEqual(['report|dev|2026-11-23 America/Sao_Paulo']);
});

test('neither SES nor the topic: the run fails, and Lambda tries again', async () => {
  const html = check();
  html.htmlMail.failure = refusal('MessageRejected', 'invalid');
  html.mail.failure = refusal('InternalError', 'unavailable', 'down', 500);
  await expect(html.scheduled()).rejects.toThrow('InternalError');
  html.mail.failure = undefined;
  html.pass(MINUTE_MS);
  expect(await html.scheduled(NOW)).toMatchObject({ kind: 'reported', mailed: true });
  expect(leftOut(html)).toEqual([false]);
});

test('a line of mail that is blind counts as one, for the metric and the subject', async () => {
  const html = check({ items: [item('2026-11-14', '20'), item('2026-11-20', '1'), item('2026-11-22', '1')] });
  html.htmlMail.failure = refusal('MessageRejected', 'invalid');
  await html.scheduled();
  expect(html.mail.sent[0]!.subject).toMatch(/: HTML mail is blind$/);
  expect(html.metrics.latest('BlindLines')).toBe(1);
});
