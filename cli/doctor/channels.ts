import { type EnvironmentConfig, isLoopbackAddress, isPublicHost, stackName } from '../../config';
import { CHAT_KINDS, type Channel, SECRETS } from '../../core/channels';
import type { Looked } from '../looked/looked';
import type { Services } from '../services';
import { unknown, type Ask, type Diagnosis } from './diagnosis';
import type { SecretLook } from './secret-looks';

type WithSecret = Extract<Channel, { secret: unknown }>;

const CONSOLE =
  'an administrator of the workspace or team authorises Amazon Q Developer in chat applications once, in its console: docs/channels.md';

/** Where people look, beside their mails: whether each secret is there and of the right form. Nothing is sent anywhere. */
export async function channels(
  ask: Ask,
  services: Services,
  environment: EnvironmentConfig,
  isDeployed: boolean,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const { region } = environment;
  const withSecret = environment.channels.filter((one): one is WithSecret => 'secret' in one);
  for (const { name, kind } of environment.channels.filter((one) => CHAT_KINDS.includes(one.kind))) {
    look.note(`whether channel ${name} (${kind}) is authorised`, 'beyond', CONSOLE);
  }
  if (withSecret.every(({ kind }) => kind !== 'webhook')) {
    look.skip('hosts', 'notConfigured', 'no channel is a webhook of your own');
  }
  if (withSecret.length === 0) {
    look.skip('channelSecrets', 'notConfigured', 'no channel has a secret');
    return [];
  }
  const role = isDeployed ? await roleOf(ask, services, environment.name) : undefined;
  const reader = role ?? 'in the output ChannelsRoleArn';
  look.note(
    "whether the guard's own function may read the secrets",
    'beyond',
    `under a key of your own, let the role ${reader} use kms:Decrypt in the key's policy`,
  );
  const diagnoses: Diagnosis[] = [];
  for (const channel of withSecret) {
    diagnoses.push(await secret(ask, services, channel, { region, reader }));
    if (channel.kind === 'webhook') diagnoses.push(await address(ask, services, channel.name, channel.url));
  }
  return diagnoses;
}

/** Of the function that reads the secrets; undefined: the stack does not say. */
async function roleOf(ask: Ask, { stackOutputs }: Services, environment: string): Promise<string | undefined> {
  const answer = await ask(() => stackOutputs.outputs(stackName(environment)));
  return answer.kind === 'known' ? answer.value?.['ChannelsRoleArn'] : undefined;
}

async function secret(
  ask: Ask,
  { channelSecrets }: Services,
  channel: WithSecret,
  { region, reader }: { readonly region: string; readonly reader: string },
): Promise<Diagnosis> {
  const base = { check: 'channel-secret', subject: channel.name } as const;
  const { service, name } = channel.secret;
  const answer = await ask(() => channelSecrets[service].look(name, channel.kind));
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const place = `${service}:${name}`;
  const write = `write ${SECRETS[channel.kind]} there: ${writeCommand(channel.secret, region, answer.value)}`;
  const look = answer.value;
  switch (look.kind) {
    case 'right':
      return { ...base, status: 'ok', detail: `${place} is there, of the form of a ${channel.kind}` };
    case 'missing':
      return { ...base, status: 'failed', detail: `there is no value in ${place}`, fix: write };
    case 'noText':
      return { ...base, status: 'failed', detail: `${place} is there, and holds no text`, fix: write };
    case 'inDeletion':
      return { ...base, status: 'failed', detail: `${place} is scheduled for deletion`, fix: write };
    case 'empty':
      return { ...base, status: 'failed', detail: `${place} is empty`, fix: write };
    case 'otherForm':
      return { ...base, status: 'failed', detail: `${place} holds something of another form`, fix: write };
    case 'denied':
      return {
        ...base,
        status: 'unknown',
        detail: `not checked: these credentials may not read ${place} (${look.why}); whether the guard's function may is not known`,
        fix: `look with credentials that may ${READ[service]} there; under a key of your own, let them and the role ${reader} use kms:Decrypt`,
      };
    case 'unavailable':
      return { ...base, status: 'unknown', detail: `not checked: ${place} was not read (${look.why})` };
  }
}

const READ = { ssm: 'ssm:GetParameter', secretsmanager: 'secretsmanager:GetSecretValue' } as const;

/**
 * The secret is typed, or stands in a file that is deleted afterwards: an argument would stay in the shell's history or in the list of
 * processes, and of one that begins with https:// version 1 of the AWS CLI stores what that address answers (aws-cli#3076).
 */
function writeCommand({ service, name }: WithSecret['secret'], region: string, { kind }: SecretLook): string {
  if (service === 'ssm') {
    return `aws ssm put-parameter --region ${region} --type SecureString --overwrite --name ${name} --value file:///dev/stdin (then paste it, Enter, Ctrl-D)`;
  }
  const restored =
    kind === 'inDeletion' ? `aws secretsmanager restore-secret --region ${region} --secret-id ${name}, then ` : '';
  const command =
    kind === 'missing' ? `create-secret --region ${region} --name` : `put-secret-value --region ${region} --secret-id`;
  return `${restored}aws secretsmanager ${command} ${name} --secret-string file://secret.txt (and delete the file)`;
}

/** The resolver is that of this machine: what it knows of the internet is what the function's knows, but for names of one network. */
async function address(ask: Ask, { hosts }: Services, subject: string, url: string): Promise<Diagnosis> {
  const base = { check: 'channel-address', subject } as const;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const answer = await ask(() => hosts.addresses(host));
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  if (answer.value.length === 0) {
    const fix = `correct the url of channel ${subject} in the config, or the name in its DNS`;
    return { ...base, status: 'failed', detail: `no address is known of ${host}`, fix };
  }
  const own = answer.value.filter((one) => (isLoopbackAddress(one) ? !hosts.mayLoopback : !isPublicHost(one)));
  if (own.length === 0) return { ...base, status: 'ok', detail: `${host} has an address; it was not called` };
  return {
    ...base,
    status: 'warning',
    detail: `${host} has, as this machine sees it, an address of one machine or within a network (${own.join(', ')}), which the guard's function does not reach`,
    fix: 'give it an address of the internet, or name another one',
  };
}
