import {
  CreateAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Credentials, Emulator } from '../../../../local/emulator';
import { functionWith, outcome, publishedVersion, roleWith, session, type Rule } from '../support';

/** A function with an alias for each name, all on one version. */
async function withAliases(emulator: Emulator, ...aliases: readonly string[]): Promise<{ name: string; arn: string }> {
  const arn = await functionWith(emulator, await roleWith(emulator, []));
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  const FunctionVersion = await publishedVersion(emulator, name);
  for (const Name of aliases) {
    await emulator.client(LambdaClient).send(new CreateAliasCommand({ FunctionName: name, Name, FunctionVersion }));
  }
  return { name, arn };
}

const provision = (
  emulator: Emulator,
  FunctionName: string,
  Qualifier: string,
  ProvisionedConcurrentExecutions: number,
) =>
  outcome(() =>
    emulator
      .client(LambdaClient)
      .send(new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions })),
  );

export const lambdaRules: readonly Rule[] = [
  {
    name: 'each operation is authorised by the action of its name',
    aws: {
      own: ['ok', 'ok', 'ok'],
      ministacks: ['AccessDeniedException', 'AccessDeniedException', 'AccessDeniedException'],
    },
    async observe(emulator) {
      const { name: FunctionName } = await withAliases(emulator, 'live');
      const calls = async (as: Credentials) => {
        const lambda = emulator.client(LambdaClient, as);
        return [
          await outcome(() =>
            lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live' })),
          ),
          await outcome(() => lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))),
          await outcome(() => lambda.send(new GetAccountSettingsCommand({}))),
        ];
      };
      const own = ['lambda:DeleteProvisionedConcurrencyConfig', 'lambda:GetAlias', 'lambda:GetAccountSettings'];
      return {
        own: await calls(await session(emulator, { Action: own })),
        // What ministack asks for in place of the first two.
        ministacks: await calls(await session(emulator, { Action: ['lambda:DeleteFunction', 'lambda:ListAliases'] })),
      };
    },
  },
  {
    name: 'who may invoke one function invokes no other, and reads no settings of the account',
    aws: { named: 'ok', other: 'AccessDeniedException', settings: 'AccessDeniedException' },
    async observe(emulator) {
      const [named, other] = [await withAliases(emulator), await withAliases(emulator)];
      const as = await session(emulator, { Action: 'lambda:InvokeFunction', Resource: named.arn });
      const lambda = emulator.client(LambdaClient, as);
      const invoke = (FunctionName: string) => outcome(() => lambda.send(new InvokeCommand({ FunctionName })));
      return {
        named: await invoke(named.name),
        other: await invoke(other.name),
        settings: await outcome(() => lambda.send(new GetAccountSettingsCommand({}))),
      };
    },
  },
  {
    name: 'a call of an alias is authorised on the alias, which the ARN of the function does not cover',
    aws: { alias: 'ok', function: 'AccessDeniedException', every: 'ok' },
    async observe(emulator) {
      const { name: FunctionName, arn } = await withAliases(emulator, 'live');
      const invoke = async (Resource: string) => {
        const lambda = emulator.client(
          LambdaClient,
          await session(emulator, { Action: 'lambda:InvokeFunction', Resource }),
        );
        return outcome(() => lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live' })));
      };
      return { alias: await invoke(`${arn}:live`), function: await invoke(arn), every: await invoke(`${arn}:*`) };
    },
  },
  {
    name: 'trap 3: provisioned concurrency of 0 is illegal, and so is any on $LATEST',
    aws: { zero: 'ValidationException', latest: 'InvalidParameterValueException', one: 'ok' },
    async observe(emulator) {
      const { name } = await withAliases(emulator, 'live');
      return {
        zero: await provision(emulator, name, 'live', 0),
        latest: await provision(emulator, name, '$LATEST', 1),
        one: await provision(emulator, name, 'live', 1),
      };
    },
  },
  {
    name: 'provisioned concurrency leaves 100 of the account unreserved, and stays within what the function reserves',
    aws: { over: 'InvalidParameterValueException', at: 'ok', overReserved: 'InvalidParameterValueException' },
    async observe(emulator) {
      const free = await withAliases(emulator, 'live');
      const over = await provision(emulator, free.name, 'live', 901);
      const at = await provision(emulator, free.name, 'live', 890);
      const remove = { FunctionName: free.name, Qualifier: 'live' };
      await emulator.client(LambdaClient).send(new DeleteProvisionedConcurrencyConfigCommand(remove));
      const limited = await withAliases(emulator, 'live');
      await emulator
        .client(LambdaClient)
        .send(new PutFunctionConcurrencyCommand({ FunctionName: limited.name, ReservedConcurrentExecutions: 2 }));
      return { over, at, overReserved: await provision(emulator, limited.name, 'live', 3) };
    },
  },
  {
    name: 'provisioned concurrency is IN_PROGRESS at first, and READY later',
    aws: [
      ['IN_PROGRESS', 0],
      ['READY', 2],
    ],
    async observe(emulator) {
      const { name: FunctionName } = await withAliases(emulator, 'live');
      await provision(emulator, FunctionName, 'live', 2);
      const status = async () => {
        const found = await emulator
          .client(LambdaClient)
          .send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live' }));
        return [found.Status, found.AvailableProvisionedConcurrentExecutions];
      };
      const atOnce = await status();
      await sleep(1_100);
      return [atOnce, await status()];
    },
  },
  {
    name: 'configurations of a function are listed, in pages',
    aws: [['one', 'three'], ['two']],
    async observe(emulator) {
      const { name: FunctionName } = await withAliases(emulator, 'one', 'two', 'three');
      for (const alias of ['one', 'three', 'two']) await provision(emulator, FunctionName, alias, 1);
      const pages = [];
      let Marker: string | undefined;
      do {
        const page = await emulator
          .client(LambdaClient)
          .send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName, MaxItems: 2, Marker }));
        Marker = page.NextMarker;
        pages.push(page.ProvisionedConcurrencyConfigs?.map(({ FunctionArn }) => FunctionArn?.split(':')[7]));
      } while (Marker);
      return pages;
    },
  },
];
