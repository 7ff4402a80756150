import { loadGuard } from '../../config/load';
import { ENDPOINT } from '../helpers/endpoint';
import { changed, NOW, problemsOf } from './changed-guard';

const PLACE = 'environments.dev.endpoint';
const [ONE, OTHER] = ENDPOINT.subnets;
const problems = (changes: object, more: object = {}) =>
  problemsOf(changed('dev', { endpoint: { ...ENDPOINT, ...changes }, ...more }));
const configured = (endpoint?: object) => loadGuard(changed('dev', { endpoint }), NOW).environments[0]!.endpoint;

test('there is none unless the config names one', () => {
  expect(configured()).toBeUndefined();
});

test('two tasks at least and ten at most, unless it says otherwise', () => {
  expect(configured(ENDPOINT)).toEqual({ ...ENDPOINT, minTasks: 2, maxTasks: 10 });
  expect(configured({ ...ENDPOINT, minTasks: 3, maxTasks: 4 })).toMatchObject({ minTasks: 3, maxTasks: 4 });
  expect(configured({ ...ENDPOINT, minTasks: 30 })).toMatchObject({ minTasks: 30, maxTasks: 30 });
  expect(configured({ ...ENDPOINT, maxTasks: 2 })).toMatchObject({ minTasks: 2, maxTasks: 2 });
});

test.each([
  'ghcr.io/team/spend-guard:1.4.0',
  'localhost:5000/spend-guard:1',
  `111122223333.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:${'a'.repeat(64)}`,
  `111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:latest-1@sha256:${'a'.repeat(64)}`,
])('an image with a tag or a digest: %s', (image) => {
  expect(problems({ image })).toEqual([]);
});

test.each(['10.0.0.0/8', '10.4.0.0/14', '100.64.0.0/10', '192.168.7.0/24', '10.0.0.7/32'])('a range: %s', (range) => {
  expect(problems({ allowedCidrs: [range] })).toEqual([]);
});

test.each([
  ['one zone only', { subnets: [ONE] }, 'subnets: must have at least 2 entries, got '],
  [
    'two subnets in one zone',
    { subnets: [ONE, { ...OTHER, zone: 'us-east-1a' }] },
    "subnets[1].zone: repeats [0]; name one subnet a zone, got 'us-east-1a'",
  ],
  ['one subnet twice', { subnets: [ONE, { ...OTHER, id: ONE.id }] }, `subnets[1]: repeats [0], got '${ONE.id}'`],
  [
    'a zone of another Region',
    { subnets: [ONE, { ...OTHER, zone: 'us-west-2b' }] },
    "subnets[1].zone: must be a zone of this environment's Region, such as us-east-1a, got 'us-west-2b'",
  ],
  [
    'the id of a zone in place of its name',
    { subnets: [ONE, { ...OTHER, zone: 'use1-az2' }] },
    "subnets[1].zone: must be an availability zone such as us-east-1a, got 'use1-az2'",
  ],
  [
    'a local zone, which has no such load balancer everywhere',
    { subnets: [ONE, { ...OTHER, zone: 'us-east-1-bos-1a' }] },
    'subnets[1].zone: must be ',
  ],
  ['no VPC', { vpcId: 'main' }, "vpcId: must be the id of a VPC such as vpc-0123456789abcdef0, got 'main'"],
  [
    'a certificate of another Region',
    { certificateArn: ENDPOINT.certificateArn.replace('us-east-1', 'us-west-2') },
    "certificateArn: must be in this environment's Region, us-east-1: a load balancer takes no other, got 'arn:",
  ],
  [
    'a certificate of IAM',
    { certificateArn: 'arn:aws:iam::111122223333:server-certificate/a' },
    'certificateArn: must be ',
  ],
  [
    'no tag',
    { image: 'ghcr.io/team/spend-guard' },
    "image: must have a tag or a digest, such as ghcr.io/team/spend-guard:1.4.0, got '",
  ],
  ['a port is no tag', { image: 'localhost:5000/spend-guard' }, 'image: must have a tag or a digest'],
  [
    'the tag that moves',
    { image: 'ghcr.io/team/spend-guard:latest' },
    'image: must be an image with a registry, and a tag that is not latest',
  ],
  ['no registry', { image: 'spend-guard:1' }, 'image: must be an image with a registry'],
  [
    'everybody',
    { allowedCidrs: ['0.0.0.0/0'] },
    "allowedCidrs[0]: must have a prefix of /8 or longer: name the range of the VPC, got '0.0.0.0/0'",
  ],
  [
    'half of everybody',
    { allowedCidrs: ['10.0.0.0/16', '0.0.0.0/7'] },
    'allowedCidrs[1]: must have a prefix of /8 or longer',
  ],
  [
    'an address within its range',
    { allowedCidrs: ['10.0.3.7/22'] },
    "allowedCidrs[0]: must begin with the first address of its range: write 10.0.0.0/22, got '10.0.3.7/22'",
  ],
  [
    'the widest numbers',
    { allowedCidrs: ['255.255.255.255/31'] },
    'allowedCidrs[0]: must begin with the first address of its range: write 255.255.255.254/31',
  ],
  [
    'IPv6',
    { allowedCidrs: ['::/0'] },
    "allowedCidrs[0]: must be a range of IPv4 addresses such as 10.0.0.0/16, got '::/0'",
  ],
  ['a group', { allowedCidrs: ['sg-0123'] }, 'allowedCidrs[0]: must be a range'],
  ['no range', { allowedCidrs: [] }, 'allowedCidrs: must have at least 1 entries'],
  ['a range twice', { allowedCidrs: ['10.0.0.0/16', '10.0.0.0/16'] }, 'allowedCidrs[1]: repeats [0]'],
  ['one task', { minTasks: 1 }, 'minTasks: must be at least 2, got 1'],
  ['at most less than at least', { minTasks: 4, maxTasks: 3 }, 'maxTasks: must be at least minTasks (4), got 3'],
  [
    'a setting that there is not',
    { port: 443 },
    'port: is not a setting; allowed here: vpcId, subnets, certificateArn, image, allowedCidrs, minTasks, maxTasks',
  ],
])('%s: one mistake, with its place and the fix', (_what, changes, problem) => {
  expect(problems(changes)).toEqual([expect.stringContaining(`${PLACE}.${problem}`)]);
});

test('the certificate is in the account of the environment, where that is known', () => {
  expect(problems({}, { account: '111122223333' })).toEqual([]);
  expect(problems({}, { account: '444455556666' })).toEqual([
    `${PLACE}.certificateArn: must be in this environment's account, 444455556666, got '${ENDPOINT.certificateArn}'`,
  ]);
});

test('one mistake hides no other', () => {
  expect(problems({ vpcId: 7, allowedCidrs: ['0.0.0.0/0'], subnets: [ONE, ONE] })).toEqual([
    `${PLACE}.vpcId: must be a string, got 7`,
    `${PLACE}.subnets[1]: repeats [0], got '${ONE.id}'`,
    `${PLACE}.subnets[1].zone: repeats [0]; name one subnet a zone, got 'us-east-1a'`,
    expect.stringContaining(`${PLACE}.allowedCidrs[0]: must have a prefix`),
  ]);
});

test.each([
  ['no object', 'yes', ': must be an object { … }, got '],
  ['nothing in it', {}, '.vpcId: must be a string, got nothing'],
])('%s', (_what, endpoint, problem) => {
  expect(problemsOf(changed('dev', { endpoint }))).toContainEqual(expect.stringContaining(`${PLACE}${problem}`));
});
