import { describe, expect, test } from '@jest/globals';
import { httpRoute } from '../../../core/in-path/http-route';

const ARN = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';

describe('httpRoute', () => {
  test.each([
    ['/model/amazon.nova-lite-v1%3A0/converse', '', 'Converse', 'amazon.nova-lite-v1:0'],
    ['/model/amazon.nova-lite-v1:0/converse-stream', '', 'ConverseStream', 'amazon.nova-lite-v1:0'],
    [`/model/${encodeURIComponent(ARN)}/invoke`, '', 'InvokeModel', ARN],
    ['/base/v1/model/m/invoke-with-response-stream', '/base/v1', 'InvokeModelWithResponseStream', 'm'],
    ['/base//model/m/converse', '/base/', 'Converse', 'm'],
    ['/model/model/invoke', '', 'InvokeModel', 'model'],
    ['/model/m/count-tokens', '', 'CountTokens', 'm'],
    ['/model/m/invoke-with-bidirectional-stream', '', 'InvokeModelWithBidirectionalStream', 'm'],
    ['/async-invoke', '', 'StartAsyncInvoke', undefined],
  ])('POST %s', (path, base, operation, modelId) => {
    expect(httpRoute('POST', path)).toEqual({ base, operation, modelId });
  });

  test.each([
    ['/async-invoke', 'ListAsyncInvokes'],
    ['/async-invoke/arn%3Aaws', 'GetAsyncInvoke'],
  ])('GET %s', (path, operation) => {
    expect(httpRoute('GET', path)).toEqual({ base: '', operation, modelId: undefined });
  });

  test.each([
    ['GET', '/model/m/invoke'],
    ['POST', '/model/m/toString'],
    ['POST', '/model/m'],
    ['POST', '/model/m/invoke/'],
    ['POST', '/model//invoke'],
    ['POST', '/model/dear/../m/invoke'],
    ['POST', '/model/dear/%2e%2E/model/m/invoke'],
    ['POST', '/model/dear%2Fm/invoke'],
    ['POST', '/model/dear%2Finvoke%3F/model/m%2Finvoke/invoke'],
    ['POST', '/model/m%252Fdear/invoke'],
    ['POST', '/model/m%3Fx/invoke'],
    ['POST', '/model/m%0A/invoke'],
    ['POST', `/model/${encodeURIComponent(`${ARN}/m`)}/invoke`],
    ['POST', '/model/%E0%A4%A/invoke'],
    ['PUT', '/async-invoke'],
    ['POST', '/async-invoke/arn'],
    ['POST', '/guardrail/g/version/1/apply'],
    ['POST', ''],
  ])('none: %s %s', (method, path) => {
    expect(httpRoute(method, path)).toBeUndefined();
  });
});
