import { InvokeCommand, LambdaClient, ListFunctionsCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { lambdaDeployedGuard } from '../../../../lambda/adapters/lambda/deployed-guard';

const lambda = mockClient(LambdaClient);
beforeEach(() => lambda.reset());

const listed = (name: string, variables: Record<string, string> = {}) => ({
  FunctionName: name,
  FunctionArn: `arn:aws:lambda:us-east-1:111122223333:function:${name}`,
  Environment: { Variables: variables },
});
const tags = (environment: string, feature: string) => ({
  Tags: { 'spend-guard:environment': environment, 'spend-guard:function': feature },
});

describe('finding the functions', () => {
  test('over all pages, by the stack in the name and the tags, with what names the other resources', async () => {
    lambda
      .on(ListFunctionsCommand, { Marker: undefined })
      .resolves({ Functions: [listed('somebody-elses'), listed('SpendGuard-dev-Check1')], NextMarker: 'next' })
      .on(ListFunctionsCommand, { Marker: 'next' })
      .resolves({ Functions: [listed('SpendGuard-dev-Stop2', { STATE_TABLE_NAME: 'state' })] })
      .on(ListTagsCommand, { Resource: listed('SpendGuard-dev-Check1').FunctionArn })
      .resolves(tags('dev', 'health-check'))
      .on(ListTagsCommand, { Resource: listed('SpendGuard-dev-Stop2').FunctionArn })
      .resolves(tags('dev', 'auto-stop'));
    expect(await lambdaDeployedGuard().functions('dev')).toEqual([
      { name: 'SpendGuard-dev-Check1', feature: 'health-check', variables: {} },
      { name: 'SpendGuard-dev-Stop2', feature: 'auto-stop', variables: { STATE_TABLE_NAME: 'state' } },
    ]);
    expect(lambda.commandCalls(ListTagsCommand)).toHaveLength(2);
  });

  test("in a stack of somebody else's app, by what it says of itself and the tags", async () => {
    const said = 'Meters the tokens of dev each minute, and stops it';
    lambda
      .on(ListFunctionsCommand)
      .resolves({
        Functions: [
          { ...listed('Mine-GuardMeter1'), Description: said },
          { ...listed('Mine-Deployer'), Description: 'Deploys dev' },
          listed('Mine-Other'),
        ],
      })
      .on(ListTagsCommand, { Resource: listed('Mine-GuardMeter1').FunctionArn })
      .resolves(tags('dev', 'spend-meter'))
      .on(ListTagsCommand, { Resource: listed('Mine-Deployer').FunctionArn })
      .resolves({});
    expect(await lambdaDeployedGuard().functions('dev')).toEqual([
      { name: 'Mine-GuardMeter1', feature: 'spend-meter', variables: {} },
    ]);
    expect(lambda.commandCalls(ListTagsCommand)).toHaveLength(2);
  });

  test("an environment whose name begins like another's is not taken for it", async () => {
    lambda
      .on(ListFunctionsCommand)
      .resolves({ Functions: [listed('SpendGuard-dev-two-Check1')] })
      .on(ListTagsCommand)
      .resolves(tags('dev-two', 'health-check'));
    expect(await lambdaDeployedGuard().functions('dev')).toEqual([]);
  });

  test('a function without the tags is not the guard’s', async () => {
    lambda
      .on(ListFunctionsCommand)
      .resolves({ Functions: [listed('SpendGuard-dev-Helper')] })
      .on(ListTagsCommand)
      .resolves({ Tags: { 'spend-guard:environment': 'dev' } });
    expect(await lambdaDeployedGuard().functions('dev')).toEqual([]);
  });

  test('a refusal is told by its kind', async () => {
    const refusal = Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
    lambda.on(ListFunctionsCommand).rejects(refusal);
    await expect(lambdaDeployedGuard().functions('dev')).rejects.toMatchObject({ refusal: 'accessDenied' });
  });
});

describe('finding one function', () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
  const [brake, report] = [listed('SpendGuard-organization-Brake1'), listed('SpendGuard-organization-Report1')];
  const tagsOf = (answers: { readonly brake?: object; readonly report?: object }) => {
    lambda.on(ListFunctionsCommand).resolves({ Functions: [brake, report] });
    lambda.on(ListTagsCommand).rejects(denied);
    if (answers.brake) lambda.on(ListTagsCommand, { Resource: brake.FunctionArn }).resolves(answers.brake);
    if (answers.report) lambda.on(ListTagsCommand, { Resource: report.FunctionArn }).resolves(answers.report);
  };
  const find = (feature: string) => lambdaDeployedGuard().functionOf('organization', feature);

  test('one whose tags the caller may read is found beside one whose tags are denied', async () => {
    tagsOf({ report: tags('organization', 'organization-report') });
    expect(await find('organization-report')).toEqual({
      name: 'SpendGuard-organization-Report1',
      feature: 'organization-report',
      variables: {},
    });
  });

  test('where it may be the denied one, that is told, and not that there is none', async () => {
    tagsOf({ report: tags('organization', 'organization-report') });
    await expect(find('organization-brake')).rejects.toMatchObject({ refusal: 'accessDenied' });
  });

  test("others' functions that speak of it are not asked about where it is named", async () => {
    tagsOf({ report: tags('organization', 'organization-report') });
    const other = { ...listed('Audit'), Description: 'Audits the organization' };
    lambda.on(ListFunctionsCommand).resolves({ Functions: [other, report] });
    expect((await find('organization-report'))?.name).toBe('SpendGuard-organization-Report1');
    expect(lambda.commandCalls(ListTagsCommand).map(({ args: [{ input }] }) => input.Resource)).toEqual([
      report.FunctionArn,
    ]);
  });

  test('where all tags are read there is none; one of another environment is not taken for it', async () => {
    tagsOf({
      brake: tags('organization-eu', 'organization-brake'),
      report: tags('organization', 'organization-report'),
    });
    expect(await find('organization-brake')).toBeUndefined();
  });
});

describe('running a function', () => {
  const payload = (text: string) => ({ Payload: Buffer.from(text) as never });

  test('the event goes as JSON, and so does the answer', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200, ...payload('{"kind":"reported"}') });
    expect(await lambdaDeployedGuard().invoke('f', { mail: true })).toEqual({
      kind: 'returned',
      value: { kind: 'reported' },
    });
    const [call] = lambda.commandCalls(InvokeCommand);
    expect(call?.args[0].input.FunctionName).toBe('f');
    expect(Buffer.from(call?.args[0].input.Payload as Uint8Array).toString()).toBe('{"mail":true}');
  });

  test('a run that fails on the way is not repeated: it may have mailed already', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200 });
    await lambdaDeployedGuard().invoke('f', {});
    expect(await lambda.call(0).thisValue.config.maxAttempts()).toBe(1);
  });

  test('nothing returned is nothing, not an error', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200 });
    expect(await lambdaDeployedGuard().invoke('f', {})).toEqual({ kind: 'returned', value: undefined });
  });

  test.each([
    [
      { errorType: 'GuardError', errorMessage: 'no' },
      { errorName: 'GuardError', text: 'no' },
    ],
    [{ errorMessage: 'Task timed out' }, { errorName: 'Unhandled', text: 'Task timed out' }],
  ])('an error of the function is an answer: %p', async (body, expected) => {
    lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', ...payload(JSON.stringify(body)) });
    expect(await lambdaDeployedGuard().invoke('f', {})).toEqual({ kind: 'failed', ...expected });
  });

  test('an answer that is no JSON is not guessed at', async () => {
    lambda.on(InvokeCommand).resolves(payload('<html>'));
    await expect(lambdaDeployedGuard().invoke('f', {})).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
