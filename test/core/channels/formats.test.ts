import fc from 'fast-check';
import { chatMessage, literalOf } from '../../../core/channels/chat';
import { pagerDutyCalls } from '../../../core/channels/pager-duty';
import { escapedUpTo, slackMessage } from '../../../core/channels/slack';
import { teamsMessage } from '../../../core/channels/teams';
import { tellingOf } from '../../../core/channels/telling';
import { webhookBody } from '../../../core/channels/webhook';
import { type Notice, parseNotices } from '../../../core/notice';
import {
  cardTexts,
  checkAdaptiveCard,
  checkPagerDuty,
  checkSlackMessage,
  slackTexts,
} from '../../helpers/channel-checks';
import { noticeOf } from '../../helpers/channels-world';

/** Markup in the syntax of every channel. */
const MARKUP = [
  '<!channel>',
  '<!here|all>',
  '<@U0123ABCDEF>',
  '<http://evil.example|click>',
  '@everyone',
  '@channel',
  '<at>Ann</at>',
  '*bold*',
  '**bold**',
  '_it_',
  '~gone~',
  '`code`',
  '[click](http://evil.example)',
  '![x](http://evil.example/x.png)',
  ':rotating_light:',
  '<b>b</b>',
  '<script>alert(1)</script>',
  '&lt;!channel&gt;',
  '{{DATE(2026-11-29T00:00:00Z)}}',
  '> quote',
  '# head',
  '- item',
  '1. one',
  '\\',
  '"',
  '名前',
  '👩‍👩‍👧',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...MARKUP), fc.string({ unit: 'grapheme', maxLength: 20 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((parts) => parts.join(' '));
const HOME = { account: '111111111111', region: 'us-east-1' };
const lines = fc.array(text, { maxLength: 30 });
/** As it comes out of the attribute: cut and cleaned there. */
const notice: fc.Arbitrary<Notice> = fc
  .record({
    title: text.map((title) => `x${title}`),
    happened: lines,
    todo: lines,
    who: text.map((who) => `x${who}`),
    status: fc.constantFrom('firing' as const, 'resolved' as const, 'once' as const),
    urgency: fc.constantFrom('critical' as const, 'warning' as const, 'info' as const),
  })
  .map((told) => parseNotices(JSON.stringify([noticeOf(told)])).notices[0]!);
const how = fc.record({ home: fc.constant(HOME), isAgain: fc.boolean(), isPlain: fc.boolean() });
const runs = { numRuns: 150, seed: 20261129 };

/** Everything that a message must hold, as plain text, where nothing was cut. */
function wholeTexts(told: Notice): readonly string[] {
  return tellingOf(told, { home: HOME }).parts.flatMap((part) => part.lines);
}

test('Slack takes it, and reads the texts as they are: no markup, no mention, nothing beyond its limits', () => {
  fc.assert(
    fc.property(notice, how, (told, way) => {
      const body = slackMessage(tellingOf(told, way));
      expect(checkSlackMessage(body)).toEqual([]);
      expect(JSON.stringify(body)).not.toMatch(/<[!@#h]/);
      const said = slackTexts(body).join('\n');
      const isShort = [...told.happened, ...told.todo].join('').length < 500;
      if (!way.isPlain && isShort) for (const line of wholeTexts(told)) expect(said).toContain(line.slice(0, 100));
    }),
    runs,
  );
});

test('a card is taken, within 28 KB, and reads the texts as they are', () => {
  fc.assert(
    fc.property(notice, how, (told, way) => {
      const body = teamsMessage(tellingOf(told, way));
      expect(checkAdaptiveCard(body)).toEqual([]);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(21_000);
      if (way.isPlain || way.isAgain) return;
      const said = cardTexts(body);
      if (told.happened.length + told.todo.length < 8)
        for (const line of wholeTexts(told)) expect(said).toContain(line);
    }),
    runs,
  );
});

test('PagerDuty takes it, whatever the fact is called', () => {
  fc.assert(
    fc.property(notice, how, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 500 }), (told, way, fact) => {
      const call = { events: 'https://events.pagerduty.com', routingKey: 'R'.repeat(32), home: HOME };
      const { requests } = pagerDutyCalls(call, { ...told, fact }, { sha256: () => 'd'.repeat(64) }, way, undefined);
      expect(requests.length).toBeGreaterThan(0);
      for (const { body } of requests)
        expect(checkPagerDuty(JSON.parse(body!) as Record<string, unknown>, body!)).toEqual([]);
    }),
    runs,
  );
});

test('a webhook is told the very texts', () => {
  fc.assert(
    fc.property(notice, (told) => {
      const { data } = JSON.parse(JSON.stringify(webhookBody(told, HOME))) as { data: Notice };
      expect([data.title, data.happened, data.todo, data.who]).toEqual([
        told.title,
        told.happened,
        told.todo,
        told.who,
      ]);
    }),
    runs,
  );
});

/** What a chat's markdown could make of a text, by the two platforms. */
const LIVE = {
  slack: /<|>|[*_~`](?=[^\s\u200b])|@\w|:\/\/|:[a-z0-9_+-]+:/i,
  teams: /<|>|[*_~`](?=[^\s\u200b])|@\w|:\/\/|:[a-z0-9_+-]+:|\]\(|!\[|^#/i,
};

test.each(['slack', 'teams'] as const)(
  '%s by Amazon Q: nothing of a text is markup, and it can be read back',
  (kind) => {
    fc.assert(
      fc.property(text, (written) => {
        const literal = literalOf(kind, written);
        expect(literal).not.toMatch(LIVE[kind]);
        const back = literal
          .replaceAll('\u200b', '')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&');
        expect(back).toBe(written.replaceAll('\u200b', ''));
      }),
      runs,
    );
  },
);

test('commands stay as they are, to be copied', () => {
  const command = 'npx spend-guard limit --environment prod-eu --limit 50 --reason "more"';
  for (const kind of ['slack', 'teams'] as const) expect(literalOf(kind, command)).toBe(command);
});

test('a custom notification has what its schema asks for, and its labels alone are bold', () => {
  fc.assert(
    fc.property(notice, how, fc.constantFrom('slack' as const, 'teams' as const), (told, way, kind) => {
      const message = JSON.parse(chatMessage(kind, told, { id: 'i', threadId: 't' }, way)) as Record<string, unknown>;
      expect(message).toMatchObject({
        version: '1.0',
        source: 'custom',
        content: { textType: 'client-markdown' },
        metadata: { threadId: 't', enableCustomActions: false },
      });
      const { title, description } = message['content'] as { title: string; description: string };
      expect(title.length).toBeGreaterThan(0);
      for (const line of description.split('\n'))
        if (!/^\*[A-Za-z ]+\*$/.test(line)) expect(line).not.toMatch(LIVE[kind]);
    }),
    runs,
  );
});

test.each([
  ['as long as it may be', 'x'.repeat(150), 150],
  ['one longer', 'x'.repeat(151), 150],
  ['of entities', '&'.repeat(150), 150],
  ['with half a character at the cut', `${'x'.repeat(146)}👩👩`, 150],
])('a text %s fits, with no entity and no character in halves', (_what, written, longest) => {
  const fitted = escapedUpTo(written, longest);
  expect(fitted.length).toBeLessThanOrEqual(longest);
  expect(fitted).not.toMatch(/&(?!amp;)|[\ud800-\udbff](?![\udc00-\udfff])/);
  if (written.length <= longest && !written.includes('&')) expect(fitted).toBe(written);
});

/** Twelve lines of 500 characters each, which take three, five or two bytes and characters once they are written. */
test.each(['名', '&', '"', '👩', '<!channel>'])('the longest notice of %s is taken by every channel', (character) => {
  const line = character.repeat(Math.floor(500 / character.length));
  const many = Array.from({ length: 20 }, () => line);
  const [told] = parseNotices(
    JSON.stringify([noticeOf({ title: line, happened: many, todo: many, who: line, runbook: line, fact: line })]),
  ).notices as [Notice];
  const telling = tellingOf(told, { isAgain: true });
  expect(checkSlackMessage(slackMessage(telling))).toEqual([]);
  const card = teamsMessage(telling);
  expect(checkAdaptiveCard(card)).toEqual([]);
  expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(21_000);
  // The environment and the spend are there in any case.
  expect(JSON.stringify(slackMessage(telling))).toContain('$41.20');
  const call = { events: 'e', routingKey: 'R'.repeat(32), home: HOME };
  const page = pagerDutyCalls(call, told, { sha256: () => 'd' }, {}, undefined).requests[0]!.body!;
  expect(checkPagerDuty(JSON.parse(page) as Record<string, unknown>, page)).toEqual([]);
});
