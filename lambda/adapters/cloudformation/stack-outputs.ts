import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { StackOutputsPort } from '../../../core/enforcement';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 10_000;

export function cloudFormationOutputs(client = new CloudFormationClient({})): StackOutputsPort {
  return {
    async outputs(stack) {
      let answer;
      try {
        const command = new DescribeStacksCommand({ StackName: stack });
        answer = await client.send(command, { abortSignal: timeout(REQUEST_MS) });
      } catch (error) {
        if (isMissing(error)) return undefined;
        return calling(() => Promise.reject(error as Error));
      }
      const outputs = answer.Stacks?.[0]?.Outputs ?? [];
      return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
    },
  };
}

/**
 * CloudFormation has no error of its own for a stack that does not exist, but `ValidationError`, whose only other causes are
 * names that no stack can have: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html ("If the
 * stack doesn't exist, a ValidationError is returned", read 2026-11-23).
 */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError';
}
