import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Emulator } from './emulator';

export type Called =
  | { readonly kind: 'answered'; readonly inputTokens: number; readonly outputTokens: number }
  | { readonly kind: 'denied'; readonly message: string };

/** One Converse call. @throws whatever is neither an answer nor AccessDenied */
export async function callModel(client: BedrockRuntimeClient, modelId: string): Promise<Called> {
  try {
    const { usage } = await client.send(
      new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Hello?' }] }] }),
    );
    return { kind: 'answered', inputTokens: usage?.inputTokens ?? 0, outputTokens: usage?.outputTokens ?? 0 };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AccessDeniedException') throw error;
    return { kind: 'denied', message: error.message };
  }
}

/**
 * Lets the account's administrator assume a role, as `assumableBy` of the config would: the shipped one names nobody yet.
 * Only the trust of the role changes, not what it may do.
 */
export async function letAdministratorAssume(emulator: Emulator, roleArn: string): Promise<void> {
  const iam = emulator.client(IAMClient);
  await iam.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${emulator.account}:root` }, Action: 'sts:AssumeRole' },
        ],
      }),
    }),
  );
  iam.destroy();
}
