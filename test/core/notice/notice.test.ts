import fc from 'fast-check';
import { usd } from '../../../core/money';
import {
  fittingNotices,
  mailAttributes,
  type Notice,
  NOTICE_ATTRIBUTE,
  noticeOf,
  noticesAttribute,
  noticesOf,
  oneLine,
  parseNotices,
} from '../../../core/notice';

function notice(key: string, more: Partial<Notice> = {}): Notice {
  return {
    schemaVersion: 1,
    environment: 'dev',
    source: 'meter',
    key,
    fact: `fact ${key}`,
    status: 'firing',
    urgency: 'warning',
    at: 1_763_000_000_000,
    title: 'stopped',
    happened: ['spend 96.0% >= 95.0%.'],
    spend: { amount: usd(96), limit: usd(100), lowerBound: true },
    todo: ['npx spend-guard status --env dev'],
    who: 'Whoever may.',
    runbook: 'spend-meter-leak',
    ...more,
  };
}
const valid = JSON.parse(JSON.stringify(notice('k'))) as Record<string, unknown>;
const bytes = (text: string | undefined) => Buffer.byteLength(text ?? '');

test('a mail’s notices are its one, and those of its several facts', () => {
  expect(noticesOf({})).toEqual([]);
  expect(noticesOf({ notice: notice('a') })).toEqual([notice('a')]);
  expect(noticesOf({ notice: notice('a'), notices: [notice('b')] }).map(({ key }) => key)).toEqual(['a', 'b']);
});

test('what is written is read as it was; the attribute is an array, also of one', () => {
  const attribute = noticesAttribute([notice('a')], 10_000)!;
  expect(attribute.startsWith('[')).toBe(true);
  expect(parseNotices(attribute)).toEqual({ notices: [notice('a')], refused: [] });
  expect(parseNotices(undefined)).toEqual({ notices: [], refused: [] });
});

describe('what is no notice is refused by name', () => {
  test.each<[string, unknown, RegExp]>([
    ['text', 'hello', /^the attribute is no JSON$/],
    ['an object', '{}', /must be an array, got object/],
    ['null', 'null', /must be an array, got null/],
  ])('%s', (_what, attribute, why) => {
    const { notices, refused } = parseNotices(attribute as string);
    expect(notices).toEqual([]);
    expect(refused).toEqual([expect.stringMatching(why)]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['another version', { schemaVersion: 2 }, /schemaVersion must be 1, got 2/],
    ['no key', { key: undefined }, /key must be a text, got nothing/],
    ['an empty fact', { fact: ' ' }, /fact must be a text/],
    ['a status of its own', { status: 'open' }, /status must be one of firing, resolved, once, got "open"/],
    ['a source of its own', { source: '__proto__' }, /source must be one of/],
    ['an urgency of its own', { urgency: 1 }, /urgency must be one of/],
    ['a time that is a text', { at: '2026' }, /at must be ms since the epoch/],
    ['a time that no date has', { at: 8_640_000_000_000_001 }, /at must be/],
    ['a line that is a number', { happened: ['a', 1] }, /happened must be an array of texts/],
    ['no steps', { todo: undefined }, /todo must be an array of texts, got nothing/],
    ['half a dollar of half a nano', { spend: { amount: 0.5, limit: 1 } }, /spend must be/],
    ['spend without a limit', { spend: { amount: 1 } }, /spend must be/],
    ['spend of less than nothing', { spend: { amount: -1, limit: 1 } }, /spend must be/],
    ['a bound that is a text', { spend: { amount: 1, limit: 1, lowerBound: 'yes' } }, /spend must be/],
    ['somebody who is a number', { who: 7 }, /who must be a text/],
  ])('%s, and the one beside it is read', (_what, change, why) => {
    const { notices, refused } = parseNotices(JSON.stringify([{ ...valid, ...change }, valid]));
    expect(notices).toEqual([notice('k')]);
    expect(refused).toEqual([expect.stringMatching(why)]);
    expect(refused[0]).toMatch(/^\[0\]: /);
  });

  test('property: foreign JSON is never thrown at, and what is read has only known fields', () => {
    const field = fc.constantFrom(...Object.keys(valid), '__proto__', 'constructor');
    const changed = fc.tuple(field, fc.jsonValue()).map(([key, value]) => JSON.stringify([{ ...valid, [key]: value }]));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), changed), (attribute) => {
        const { notices } = parseNotices(attribute);
        for (const one of notices) expect(Object.keys(valid)).toEqual(expect.arrayContaining(Object.keys(one)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('short', () => {
  test.each([
    [12, 12, undefined],
    [13, 12, 'and 2 lines more: see the mail'],
    [1000, 12, 'and 989 lines more: see the mail'],
  ])('of %i lines %i are shown', (count, shown, last) => {
    const { happened } = noticeOf(
      { environment: 'dev', source: 'meter', key: 'k', at: 1 },
      { title: 't', lines: Array.from({ length: count }, (_, at) => `line ${at}`) },
      { fact: 'f', status: 'once', urgency: 'info' },
    );
    expect(happened).toHaveLength(shown);
    expect(happened.at(-1)).toBe(last ?? `line ${count - 1}`);
  });

  test('facts of two environments, or of two functions, are two', () => {
    const of = (environment: string, source: Notice['source']) =>
      noticeOf(
        { environment, source, key: 'k', at: 1 },
        { title: 't', lines: [] },
        { fact: 'f', status: 'once', urgency: 'info' },
      );
    const all = [of('dev', 'meter'), of('prod', 'meter'), of('dev', 'health')];
    expect(new Set(all.map(({ fact }) => fact)).size).toBe(3);
    expect(new Set(all.map(({ key }) => key)).size).toBe(3);
  });

  test.each([
    ['two\nlines\r\n\tof it', 'two lines of it'],
    ['by \u202Egnp.exe', 'by  gnp.exe'],
    ['nul\u0000l', 'nul l'],
    ['half \ud83d of it', 'half ? of it'],
    ['whole 😀', 'whole 😀'],
    ['<!channel> *b* [x](http://y)', '<!channel> *b* [x](http://y)'],
  ])('%j is of one line, and hides nothing', (text, plain) => {
    expect(oneLine(text)).toBe(plain);
  });

  test.each([
    ['x'.repeat(10), 10, 'x'.repeat(10)],
    ['x'.repeat(11), 10, `${'x'.repeat(7)}...`],
    [`${'x'.repeat(6)}😀😀😀`, 10, `${'x'.repeat(6)}...`],
  ])('%s within %i is %s: no character is cut in half', (text, longest, expected) => {
    expect(oneLine(text, longest)).toBe(expected);
  });

  test('property: shortened once is shortened for good', () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { maxLength: 20 });
    fc.assert(
      fc.property(texts, texts, fc.string({ unit: 'binary' }), (happened, todo, title) => {
        const [once] = fittingNotices([notice('k', { happened, todo, title: `t${title}` })], 1_000_000);
        expect(fittingNotices([once!], 1_000_000)).toEqual([once]);
        expect(parseNotices(JSON.stringify([once])).notices).toEqual([once]);
      }),
    );
  });
});

describe('room', () => {
  const many = Array.from({ length: 200 }, (_, at) =>
    notice(`k${at}`, { urgency: at === 150 ? 'critical' : 'info', happened: Array<string>(12).fill('é'.repeat(100)) }),
  );

  test.each([0, 1, 300, 700, 5_000, 60_000, 200_000])('of %i bytes is never passed', (room) => {
    expect(bytes(noticesAttribute(many, room))).toBeLessThanOrEqual(Math.min(room, 64 * 1024));
  });

  test('many are said in short before any is left out', () => {
    const { notices } = parseNotices(noticesAttribute(many.slice(0, 100), 200_000));
    expect(notices).toHaveLength(100);
    expect(notices[0]).toMatchObject({ key: 'k0', fact: 'fact k0', title: 'stopped', happened: [] });
  });

  test('of more than fit the most urgent are said, and how many are not', () => {
    const { notices } = parseNotices(noticesAttribute(many, 5_000));
    expect(notices[0]?.key).toBe('k150');
    expect(notices.at(-1)?.title).toBe(`${200 - (notices.length - 1)} more changes: see the mail`);
    expect(notices.at(-1)?.status).toBe('once');
  });

  describe('ends of facts', () => {
    const longId = (key: string) => `${key} ${'role/'.repeat(20)}`;
    const changed = (count: number, status: Notice['status'], more: Partial<Notice> = {}) =>
      Array.from({ length: count }, (_, at) => notice(longId(`${status}${at}`), { status, ...more }));
    const ends = (count: number) => changed(count, 'resolved', { urgency: 'info' });
    const toldEnds = (notices: readonly Notice[]) => notices.filter(({ status }) => status === 'resolved').length;

    test.each([
      ['120 recoveries', [], 120],
      ['60 changed and 60 recovered', changed(60, 'firing'), 60],
      ['more changed than are kept', changed(400, 'firing'), 200],
    ])('are all kept: %s', (_what, firing, count) => {
      const kept = fittingNotices([...firing, ...ends(count)], 32 * 1024);
      expect(toldEnds(kept)).toBe(count);
      const { notices, refused } = parseNotices(noticesAttribute(kept, 200_000));
      expect([toldEnds(notices), refused]).toEqual([count, []]);
      expect(kept.find(({ status }) => status === 'resolved')).toMatchObject({ title: 'stopped', happened: [] });
    });

    test('what begins is cut to its title before any of it is left out', () => {
      const all = [...changed(60, 'firing'), ...ends(2)];
      const bare = all.map((one) => {
        const { spend: _, who: _who, runbook: _runbook, ...rest } = one;
        return { ...rest, happened: [], todo: [] };
      });
      expect(fittingNotices(all, bytes(JSON.stringify(bare)))).toEqual(bare);
      const { length } = fittingNotices(all, bytes(JSON.stringify(bare)) - 2_000);
      expect(length).toBeLessThan(all.length);
    });

    test('somebody is woken where what is left out is critical', () => {
      const urgencyOfRest = (urgency: Notice['urgency']) =>
        fittingNotices([...changed(200, 'firing', { urgency }), ...ends(9)], 32 * 1024).at(-1);
      expect(urgencyOfRest('critical')).toMatchObject({ status: 'once', urgency: 'critical' });
      expect(urgencyOfRest('info')).toMatchObject({ status: 'once', urgency: 'warning' });
    });

    test('what is kept has a bound also of ends, and says how many it has left out', () => {
      const kept = fittingNotices(ends(2_000), 32 * 1024);
      expect(bytes(JSON.stringify(kept))).toBeLessThanOrEqual(128 * 1024);
      expect(kept.at(-1)?.title).toBe(`${2_000 - toldEnds(kept)} more changes: see the mail`);
    });

    test('the limit of SNS is met by the byte, and all of them are told while they fit', () => {
      const all = [...changed(10, 'firing'), ...ends(300)];
      const subject = 'x'.repeat(100);
      const tell = (length: number) => {
        const attributes = mailAttributes({ subject, body: 'y'.repeat(length), notices: all });
        const used = Object.entries(attributes).flatMap(([name, value]) => [name, 'String', value]);
        // As the text's own type is counted, whether SNS does or not.
        const total = length + bytes(subject) + bytes('String') + bytes(used.join(''));
        return { total, ends: toldEnds(parseNotices(attributes[NOTICE_ATTRIBUTE]).notices) };
      };
      const whole = tell(0);
      expect(whole.ends).toBe(300);
      const free = 262_144 - whole.total;
      expect(free).toBeGreaterThan(0);
      expect(tell(free)).toEqual({ total: 262_144, ends: 300 });
      expect(tell(free + 1).total).toBeLessThanOrEqual(262_144);
      for (const length of [100_000, 200_000, 255_000, 262_000]) {
        expect(tell(length).total).toBeLessThanOrEqual(Math.max(262_144, length + 106));
      }
    });
  });

  test('property: beside a text of any length message and attributes are within what SNS takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 262_144 - 3_000, max: 262_144 - 50 }), (length) => {
        const mail = { subject: 'x'.repeat(100), body: 'y'.repeat(length), notices: many };
        const attributes = Object.entries(mailAttributes(mail));
        const beside = attributes.reduce((sum, [name, value]) => sum + bytes(name) + bytes('String') + bytes(value), 0);
        if (attributes.some(([name]) => name === NOTICE_ATTRIBUTE)) {
          expect(length + beside + mail.subject.length).toBeLessThanOrEqual(262_144);
        }
      }),
    );
  });
});
