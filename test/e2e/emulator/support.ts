import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient, PublishVersionCommand } from '@aws-sdk/client-lambda';
import { REGION, type Credentials, type Emulator } from '../../../local/emulator';

/** What AWS does, and a way to see what an emulator does instead. */
export interface Rule {
  readonly name: string;
  readonly aws: unknown;
  /** @param bare ministack as it comes: it has no control endpoints */
  observe(emulator: Emulator, bare: boolean): Promise<unknown>;
}

/** 'ok', or the error's name. */
export async function outcome(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'ok';
  } catch (error) {
    return (error as Error).name;
  }
}

/** 'ok', or the error's name and what it says. */
export async function refusal(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'ok';
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
}

export interface Statement {
  readonly Effect?: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })),
  });
}

let count = 0;
/** Names are never used twice, as the rules share an emulator. */
export function unique(prefix: string): string {
  count += 1;
  return `${prefix}-${count}`;
}

export interface RoleOptions {
  /** ARNs that the services may act for. @default - any */
  readonly trustedSource?: string | undefined;
}

/** A role that the administrator and these services may use. @returns its ARN */
export async function roleWith(
  emulator: Emulator,
  statements: readonly Statement[],
  name = unique('role'),
  { trustedSource }: RoleOptions = {},
): Promise<string> {
  const iam = emulator.client(IAMClient);
  const allow = { Effect: 'Allow', Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { ...allow, Principal: { AWS: `arn:aws:iam::${emulator.account}:root` } },
          {
            ...allow,
            Principal: {
              Service: [
                'lambda.amazonaws.com',
                'scheduler.amazonaws.com',
                'budgets.amazonaws.com',
                'events.amazonaws.com',
              ],
            },
            ...(trustedSource ? { Condition: { ArnLike: { 'aws:SourceArn': trustedSource } } } : {}),
          },
        ],
      }),
    }),
  );
  if (statements.length > 0) {
    await iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: 'inline', PolicyDocument: policy(...statements) }),
    );
  }
  return Role!.Arn!;
}

export async function session(emulator: Emulator, ...statements: readonly Statement[]): Promise<Credentials> {
  return emulator.credentialsFor(await roleWith(emulator, statements));
}

export async function managedPolicy(
  emulator: Emulator,
  document = policy({ Action: 's3:ListBucket' }),
): Promise<string> {
  const created = await emulator
    .client(IAMClient)
    .send(new CreatePolicyCommand({ PolicyName: unique('policy'), PolicyDocument: document }));
  return created.Policy!.Arn!;
}

export async function attach(
  emulator: Emulator,
  roleName: string,
  policyArn: string,
  as?: Credentials,
): Promise<string> {
  const iam = emulator.client(IAMClient, as);
  return outcome(() => iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: policyArn })));
}

/** Writes its event into its log. @returns its ARN */
export async function functionWith(emulator: Emulator, roleArn: string, name = unique('function')): Promise<string> {
  const lambda = emulator.client(LambdaClient);
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: roleArn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: {
        ZipFile: zipOf('index.js', 'exports.handler = async (event) => (console.log(JSON.stringify(event)), event);'),
      },
    }),
  );
  return FunctionArn!;
}

export async function publishedVersion(emulator: Emulator, functionName: string): Promise<string> {
  const { Version } = await emulator
    .client(LambdaClient)
    .send(new PublishVersionCommand({ FunctionName: functionName }));
  return Version!;
}

/** An archive of one stored file, by PKWARE's APPNOTE 4.3. */
export function zipOf(name: string, content: string): Uint8Array {
  const data = Buffer.from(content);
  const file = Buffer.from(name);
  // Method, time, date, checksum, both sizes, and the lengths of the name and of what comes after it.
  const common = Buffer.alloc(22);
  common.writeUInt32LE(crc32(data), 6);
  common.writeUInt32LE(data.length, 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt16LE(file.length, 18);
  const local = Buffer.concat([Buffer.from('504b030414000000', 'hex'), common, file, data]);
  const central = Buffer.concat([Buffer.from('504b0102140014000000', 'hex'), common, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** For services without a client among the dependencies. The administrator's key needs no signature. */
export async function raw(
  emulator: Emulator,
  service: string,
  request: {
    method: string;
    path: string;
    headers?: Record<string, string>;
    body?: string | Uint8Array;
    region?: string;
  },
): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${emulator.port}${request.path}`, {
    method: request.method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${emulator.account}/20261101/${request.region ?? REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  return { status: response.status, text: await response.text() };
}

/** Makes, changes or deletes a stack, and waits. @returns the stack's last status */
export async function stackStatus(
  emulator: Emulator,
  action: 'CreateStack' | 'UpdateStack' | 'DeleteStack',
  template: unknown,
  name: string,
  region = REGION,
) {
  const body = JSON.stringify(template);
  const made = { Action: action, StackName: name, TemplateBody: body, 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' };
  await cloudFormation(emulator, made, region);
  for (;;) {
    const text = await cloudFormation(emulator, { Action: 'DescribeStacks', StackName: name }, region);
    const status = /<StackStatus>(\w+)</.exec(text)?.[1] ?? 'DELETE_COMPLETE';
    if (!status.endsWith('_IN_PROGRESS')) return status;
    await sleep(50);
  }
}

async function cloudFormation(
  emulator: Emulator,
  parameters: Readonly<Record<string, string>>,
  region = REGION,
): Promise<string> {
  const { text } = await raw(emulator, 'cloudformation', {
    method: 'POST',
    path: '/',
    region,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: '2010-05-15', ...parameters }).toString(),
  });
  return text;
}

export async function stackNames(emulator: Emulator): Promise<readonly string[]> {
  const text = await cloudFormation(emulator, { Action: 'DescribeStacks' });
  return [...text.matchAll(/<StackName>([^<]+)</g)].map(([, name]) => name!);
}
