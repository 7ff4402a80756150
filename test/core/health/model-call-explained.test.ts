import { assess, AVAILABLE, denied, guard, known, MODEL, NOW, refused } from './called-model';

describe('a 403 from elsewhere is explained, with its fix', () => {
  const onProfile =
    'User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc';
  it.each([
    [
      `${onProfile} with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p`,
      {},
      /explicit deny in a service control policy/,
      /ask whoever owns/,
    ],
    [
      `${onProfile} with an explicit deny in an identity-based policy`,
      {},
      /none of the guard's/,
      /list-attached-role-policies/,
    ],
    [`${onProfile} with an explicit deny in a permissions boundary`, {}, /permissions boundary/, /destination Region/],
    [
      `${onProfile} because no identity-based policy allows the bedrock:InvokeModel action`,
      {},
      /no identity-based policy allows/,
      /deploy the stack again/,
    ],
    [
      `${onProfile} because no service control policy allows the bedrock:InvokeModel action`,
      {},
      /no service control policy allows/,
      /must allow/,
    ],
    [
      "You don't have access to the model with the specified model ID.",
      { entitled: false },
      /not entitled/,
      /enables itself at the first call/,
    ],
    [
      "You don't have access to the model with the specified model ID.",
      undefined,
      /no access .* Bedrock did not say/,
      /enables itself at the first call/,
    ],
    [
      'Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)',
      { agreement: 'NOT_AVAILABLE' },
      /no agreement/,
      /aws-marketplace:Subscribe/,
    ],
    [
      'Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions',
      {},
      /Marketplace subscription/,
      /needs no Marketplace permission/,
    ],
    ['no', { agreement: 'PENDING' }, /pending/, /15 minutes/],
    ['no', { inRegion: false }, /not available in us-east-1/, /another Region/],
    ['no', { authorized: false }, /not authorized/, /administrator/],
    ['a text that nobody has seen before', {}, /a text that nobody has seen before/, /service control policy/],
  ] as const)('%s %j', (text, availability, detail, fix) => {
    const answer = availability
      ? known({ ...AVAILABLE, ...availability })
      : refused('throttled', 'ThrottlingException');
    const finding = assess(denied(text), { availability: answer });
    expect(finding.status).toBe('failed');
    expect(finding.detail).toMatch(detail);
    expect(finding.fix).toMatch(fix);
  });
});

const LEGACY =
  'Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock';

describe('one reason, whatever name it comes under', () => {
  const shapes = [
    ['notFound', 'ResourceNotFoundException'],
    ['invalid', 'ValidationException'],
    ['accessDenied', 'AccessDeniedException'],
  ] as const;

  it.each(shapes)('trap 50: Legacy as %s (%s)', (refusal, name) => {
    for (const days of [15, 30]) {
      const finding = assess(refused(refusal, name, LEGACY.replace('30', String(days))));
      expect(finding).toMatchObject({ status: 'failed', fix: 'use amazon.nova-2-lite-v1:0 instead' });
      expect(finding.detail).toMatch(/is Legacy, and closed to accounts/);
    }
  });

  it.each(shapes)('end of life as %s (%s)', (refusal, name) => {
    const text = 'This model version has reached the end of its life. Please refer to the AWS documentation';
    expect(assess(refused(refusal, name, text)).detail).toMatch(/reached its end of life/);
  });

  it.each(shapes)('trap 51: the use-case form as %s (%s)', (refusal, name) => {
    for (const text of [
      'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.',
      'You have not filled out the required use-case form for this model.',
    ]) {
      expect(assess(refused(refusal, name, text)).fix).toMatch(/use-case form, once per account or organization/);
    }
  });

  it('a Legacy model is no excuse for another fault of the request', () => {
    const lifecycle = known({ status: 'legacy' as const });
    expect(assess(refused('invalid', 'ValidationException', 'malformed'), { lifecycle }).detail).toMatch(/malformed/);
  });
});

describe('trap 51: what is left of model access', () => {
  const marketplace = 'is not authorized to perform: aws-marketplace:ViewSubscriptions on resource: *';
  it.each([
    [`User: x ${marketplace} because no identity-based policy allows the aws-marketplace:ViewSubscriptions action.`],
    ['Your AWS Marketplace subscription for this model cannot be completed at this time.'],
  ])('a subscription is missing, and not the right to call the model: %s', (text) => {
    const finding = assess(denied(text), { availability: known(AVAILABLE) });
    expect(finding.detail).toMatch(/no AWS Marketplace subscription/);
    expect(finding.fix).toMatch(/aws-marketplace:Subscribe/);
  });

  it('an organization that forbids to subscribe is named', () => {
    const text = `User: x ${marketplace} with an explicit deny in a service control policy`;
    expect(assess(denied(text)).fix).toMatch(/^the service control policy must allow aws-marketplace:Subscribe/);
  });

  it('a payment method is asked for where it is missing', () => {
    const text =
      'Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.';
    expect(assess(denied(text)).fix).toMatch(/payment method/);
  });

  it.each([
    [false, 'amazon.nova-lite-v1:0', /^(?!.*(use-case|Marketplace permission))/],
    [true, 'amazon.nova-lite-v1:0', /aws-marketplace:Subscribe/],
    ['unknown', 'somebody.model', /aws-marketplace:Subscribe/],
    [true, 'anthropic.claude-x', /use-case form/],
  ] as const)('sold through Marketplace: %s, %s', (soldThroughMarketplace, modelId, fix) => {
    const text = "You don't have access to the model with the specified model ID.";
    expect(assess(denied(text), {}, { soldThroughMarketplace, modelId }).fix).toMatch(fix);
  });

  it('nothing is assumed of who sells a model that nobody knows', () => {
    const availability = known({ ...AVAILABLE, agreement: 'NOT_AVAILABLE' as const });
    const detail = (soldThroughMarketplace: boolean | 'unknown') =>
      assess(denied('no'), { availability }, { soldThroughMarketplace }).detail;
    expect(detail('unknown')).toMatch(/whether it is sold through AWS Marketplace is not known/);
    expect(detail(true)).toMatch(/which is sold/);
    expect(detail(false)).not.toMatch(/Marketplace/);
  });
});

describe('a 404', () => {
  const gone = (text: string) => refused('notFound', 'ResourceNotFoundException', text);

  it('trap 26: a Legacy model that the account has not used answers 404 while GetFoundationModel still knows it', () => {
    for (const lifecycle of [known({ status: 'legacy' as const }), refused('accessDenied', 'AccessDeniedException')]) {
      const finding = assess(gone(LEGACY), { lifecycle });
      expect(finding).toMatchObject({ status: 'failed', fix: 'use amazon.nova-2-lite-v1:0 instead' });
      expect(finding.detail).toMatch(/Legacy, and closed to accounts/);
    }
  });

  it('after the end of life says so', () => {
    const finding = assess(gone('no'), { lifecycle: known({ status: 'legacy', endOfLifeMs: NOW }) });
    expect(finding.detail).toMatch(/reached its end of life/);
    expect(assess(gone('This model version has reached the end of its life.')).detail).toMatch(/end of life/);
  });

  it('of a profile that somebody deleted names the profile', () => {
    const finding = assess(gone('no'));
    expect(finding.detail).toContain(MODEL.callAs);
    expect(finding.fix).toMatch(/deploy once without/);
  });

  it('is never taken for the guard’s own deny', () => {
    const stopped = guard('stopped', 'stopped');
    expect(assess(gone('no'), { guard: stopped }).status).toBe('failed');
  });
});
