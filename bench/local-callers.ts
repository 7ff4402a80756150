import { setTimeout as sleep } from 'node:timers/promises';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { callModel, letAdministratorAssume } from '../local/caller';
import type { Cdk } from '../local/cdk';
import type { Emulator } from '../local/emulator';

/** How exactly the moment of a principal's deny is known. */
const ASK_EVERY_MS = 25;

/** Who calls: each with credentials of its own, all of them one profile. */
export interface Callers {
  readonly clients: readonly BedrockRuntimeClient[];
  readonly profile: string;
}

/** The invoker role of dev, and others besides. */
export async function callersOf(emulator: Emulator, cdk: Cdk, roles: readonly string[]): Promise<Callers> {
  const { InvokerRoleArn: invoker = '', ProfileAmazonNovaProV10Arn: profile = '' } = cdk.outputs('dev');
  await letAdministratorAssume(emulator, invoker);
  const clients = [];
  for (const role of [invoker, ...roles]) {
    clients.push(emulator.client(BedrockRuntimeClient, await emulator.credentialsFor(role)));
  }
  return { clients, profile };
}

/** Until the last of them is denied. @returns `performance.now()` then */
export async function untilDenied({ clients, profile }: Callers): Promise<number> {
  await Promise.all(
    clients.map(async (client) => {
      while ((await callModel(client, profile)).kind === 'answered') await sleep(ASK_EVERY_MS);
    }),
  );
  return performance.now();
}

/** @throws Error where somebody is held who should not be yet */
export async function demandFree({ clients, profile }: Callers, when: string): Promise<void> {
  const free = await Promise.all(clients.map((client) => callModel(client, profile)));
  if (free.some(({ kind }) => kind === 'denied')) throw new Error(`somebody is still held ${when}`);
}

/** As the profile's series are called. */
export function profileId({ profile }: Callers): string {
  return profile.slice(profile.lastIndexOf('/') + 1);
}
