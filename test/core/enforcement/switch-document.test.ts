import { COSTLY_ACTIONS } from '../../../core/enforcement/costly-actions';
import {
  openDocument,
  sameDocument,
  stateOf,
  switchDocument,
  SWITCH_STATES,
  switchName,
  SWITCH_PATH,
  told,
  type SwitchScope,
} from '../../../core/enforcement/switch-document';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { sha256 } from '../../../lambda/digest';

const SCOPE: SwitchScope = {
  partition: 'aws',
  account: '111122223333',
  smallModels: ['amazon.nova-lite-v1:0', 'amazon.nova-micro-v1:0'],
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Document = { [key: string]: Json } & { Statement: { [key: string]: Json }[] };

/** As IAM gives it back, and free to be changed. */
const written = (state: DesiredState, scope = SCOPE): Document =>
  JSON.parse(JSON.stringify(switchDocument(state, scope, sha256))) as Document;

test('the name and the path are what permission sets refer to: they never change', () => {
  expect([switchName('dev'), SWITCH_PATH]).toEqual(['spend-guard-switch-dev', '/spend-guard/']);
});

test('Sids are of letters and digits, which is all that IAM takes, and each is there once', () => {
  for (const state of SWITCH_STATES) {
    const sids = switchDocument(state, SCOPE, sha256).Statement.map(({ Sid }) => Sid);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
    expect(new Set(sids).size).toBe(sids.length);
  }
});

test('the text with which the template makes the policy is this one, for ever', () => {
  // Not a snapshot to be renewed: CloudFormation puts a changed text in effect at once, and a deploy in mid-stop would open.
  expect(JSON.stringify(openDocument(sha256))).toBe(
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*",' +
      '"Condition":{"Null":{"aws:PrincipalArn":"true"}},"Sid":"SpendGuardOpenDeniesNothing3ec4a1524eaf7fdc"}]}',
  );
  expect(stateOf(openDocument(sha256), sha256)).toBe('open');
});

describe('what IAM reads as the same is the same', () => {
  const reordered = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(reordered);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, one]) => [key, reordered(one)]),
    );
  };
  const inLists = (value: Json): Json => {
    if (Array.isArray(value)) return value.map((one) => (typeof one === 'object' ? inLists(one) : one));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([key, one]): [string, Json] => [
      key,
      typeof one === 'string' && ['Action', 'Resource', 'aws:PrincipalArn'].includes(key) ? [one] : inLists(one),
    ]);
    return Object.fromEntries(fields);
  };
  const bare = (value: Document): Json =>
    value.Statement.length === 1 ? { ...value, Statement: value.Statement[0]! } : value;

  test.each(SWITCH_STATES)('%s: fields in another order, one value as a list, one statement without', (state) => {
    const document = written(state);
    for (const same of [reordered(document), inLists(document), bare(document), reordered(inLists(document))]) {
      expect(stateOf(same, sha256)).toBe(state);
      expect(sameDocument(same, document)).toBe(true);
    }
  });
});

describe('whatever somebody has changed is nobody’s', () => {
  /** Every text of the document, by where it is. */
  function textsOf(value: Json, at: (string | number)[] = []): (string | number)[][] {
    if (typeof value === 'string') return [at];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, one]) =>
      textsOf(one, [...at, Array.isArray(value) ? Number(key) : key]),
    );
  }
  /** Every text that is another than the one it was by one character: each replaced, one more at the end, the last gone. */
  function othersThan(text: string): string[] {
    const replaced = Array.from(text, (one, at) => text.slice(0, at) + (one === 'x' ? 'y' : 'x') + text.slice(at + 1));
    return [...replaced, `${text}x`, text.slice(0, -1)];
  }

  test.each(SWITCH_STATES)('%s: one character, anywhere in it', (state) => {
    const document = written(state);
    const places = textsOf(document);
    const taken: string[] = [];
    for (const at of places) {
      let holder = document as unknown as Record<string | number, Json>;
      for (const key of at.slice(0, -1)) holder = holder[key] as unknown as Record<string | number, Json>;
      const last = at.at(-1)!;
      const text = holder[last] as string;
      for (const other of othersThan(text)) {
        holder[last] = other;
        if (stateOf(document, sha256) !== undefined) taken.push(`${at.join('.')}: ${other}`);
      }
      holder[last] = text;
    }
    expect(taken).toEqual([]);
    expect(stateOf(document, sha256)).toBe(state);
    expect(places.length).toBeGreaterThanOrEqual(5);
  });

  test.each(SWITCH_STATES)('%s: a statement, a field or a value more, or one less', (state) => {
    const document = written(state);
    const [first, ...rest] = document.Statement as [{ [key: string]: Json }, ...{ [key: string]: Json }[]];
    const allow = { Sid: 'Mine', Effect: 'Allow', Action: 'bedrock:*', Resource: '*' };
    const edits: Json[] = [
      { ...document, Statement: [...document.Statement, allow] },
      { ...document, Statement: [allow, ...document.Statement] },
      { ...document, Statement: [...document.Statement, first] },
      { ...document, Statement: [...document.Statement, 'junk'] },
      { ...document, Id: 'mine' },
      { ...document, Version: '2008-10-17' },
      { Statement: document.Statement },
      { ...document, Statement: [{ ...first, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, ...rest] },
      { ...document, Statement: [{ ...first, Resource: ['*', 'arn:aws:s3:::a'] }, ...rest] },
      { ...document, Statement: [] },
      { ...document, Statement: rest },
      ...(Array.isArray(first['Action'])
        ? [{ ...document, Statement: [{ ...first, Action: first['Action'].slice(1) }, ...rest] }]
        : []),
      ...(rest.length > 0
        ? [
            { ...document, Statement: [first] },
            { ...document, Statement: [...rest, first] },
          ]
        : []),
    ];
    for (const edit of edits) expect([edit, stateOf(edit, sha256)]).toEqual([edit, undefined]);
  });

  test.each(SWITCH_STATES)('%s: something between its mark and its seal', (state) => {
    const document = written(state);
    const sid = document.Statement[0]!['Sid'] as string;
    document.Statement[0]!['Sid'] = `${sid.slice(0, -16)}x${sid.slice(-16)}`;
    expect(stateOf(document, sha256)).toBeUndefined();
  });

  test('a weaker text under the Sid of the stop is no stop', () => {
    const document = written('stopped');
    document.Statement[0]!['Action'] = 'bedrock:InvokeModel';
    expect(stateOf(document, sha256)).toBeUndefined();
  });

  test('the Sid of one state over the text of another', () => {
    const sidOf = (state: DesiredState) => switchDocument(state, SCOPE, sha256).Statement[0]!.Sid;
    for (const one of SWITCH_STATES) {
      for (const other of SWITCH_STATES.filter((state) => state !== one)) {
        const document = written(one);
        document.Statement[0]!['Sid'] = sidOf(other);
        expect(stateOf(document, sha256)).toBeUndefined();
        // The seal of the text itself, under the mark of another state.
        document.Statement[0]!['Sid'] = sidOf(other).slice(0, -16) + sidOf(one).slice(-16);
        expect(stateOf(document, sha256)).toBeUndefined();
      }
    }
  });

  test.each([
    ...[undefined, null, '', 'no json', 7, [], {}, { Statement: null }, { Statement: 'x' }, { Statement: [null] }],
    ...[
      { Statement: [[]] },
      { Statement: [{}] },
      { Statement: [{ Sid: 7 }] },
      { Statement: [{ Sid: 'SpendGuardStopped' }] },
    ],
  ])('and so is what is no document of the guard: %p', (document) => {
    expect(stateOf(document, sha256)).toBeUndefined();
  });
});

test('a version is told without its text', () => {
  const version = { id: 'v2', isDefault: true, createdAt: 7, document: written('stopped') };
  expect(told(version, sha256)).toEqual({ id: 'v2', isDefault: true, createdAt: 7, state: 'stopped' });
  expect(told({ ...version, document: {} }, sha256)).toEqual({
    id: 'v2',
    isDefault: true,
    createdAt: 7,
    state: undefined,
  });
});

test('what a version says never changes: its text is looked at once, however often it is told', () => {
  let looks = 0;
  const counted = (text: string) => ((looks += 1), sha256(text));
  const document = written('degraded');
  for (const isDefault of [false, true, false]) {
    expect(told({ id: 'v2', isDefault, createdAt: 7, document }, counted)).toMatchObject({
      isDefault,
      state: 'degraded',
    });
  }
  expect(looks).toBe(1);
  told({ id: 'v3', isDefault: true, createdAt: 7, document: written('degraded') }, counted);
  expect(looks).toBe(2);
});

test.each([undefined, null, 'no json', 7])('a version without a document is nobody’s: %p', (document) => {
  const version = { id: 'v2', isDefault: true, createdAt: 7 };
  expect(told({ ...version, document }, sha256)).toEqual({ ...version, state: undefined });
});

test('the marks are what the versions of earlier releases carry: they never change', () => {
  const marks = SWITCH_STATES.map((state) => switchDocument(state, SCOPE, sha256).Statement[0]!.Sid.slice(0, -16));
  expect(marks).toEqual(['SpendGuardOpenDeniesNothing', 'SpendGuardDegraded', 'SpendGuardStopped']);
});

test('a version that an earlier release has sealed is told for ever', () => {
  const Sid = 'SpendGuardStopped0d28b5eafc9426ff';
  const deny = { Sid, Effect: 'Deny', Action: ['bedrock:InvokeModel', 'bedrock:Rerank'], Resource: '*' };
  expect(stateOf({ Version: '2012-10-17', Statement: [deny] }, sha256)).toBe('stopped');
  expect(stateOf({ Version: '2012-10-17', Statement: [{ ...deny, Condition: null }] }, sha256)).toBeUndefined();
});

test('the stop names all that costs, and degraded names each small model once', () => {
  expect(written('stopped').Statement).toMatchObject([{ Effect: 'Deny', Action: [...COSTLY_ACTIONS], Resource: '*' }]);
  const models = (written('degraded').Statement[1]!['NotResource'] as string[]).filter((arn) => arn.includes('::'));
  expect(models).toEqual(SCOPE.smallModels.map((id) => `arn:aws:bedrock:*::foundation-model/${id}`));
});
