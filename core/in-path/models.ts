import type { CompleteClientConfig, CompleteClientModel } from './config';

/** The environment's models by every name that a caller may use for them. */
export interface ModelNames {
  /**
   * By base id where one model has it, id with a scope, or the ARN of a foundation model or profile. Text: why it is none
   * of this environment's models that could be priced.
   */
  find(modelId: string): CompleteClientModel | string;
  readonly all: readonly CompleteClientModel[];
}

/** Model ids in Converse and InvokeModel: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (2026-11). */
const UNPRICED_RESOURCES: Readonly<Record<string, string>> = {
  prompt: 'a stored prompt, whose text and model are not seen before it is sent',
  'prompt-router': 'a prompt router, which chooses the model after it is sent and has a price of its own',
  'default-prompt-router': 'a prompt router, which chooses the model after it is sent and has a price of its own',
  'provisioned-model': 'provisioned throughput, which is paid by the hour',
  'custom-model': 'a custom model, whose price is not known here',
  'custom-model-deployment': 'a custom model, whose price is not known here',
  'imported-model': 'an imported model, which is paid by the minute',
  endpoint: 'an endpoint, which is paid by the hour',
};

/** Names of another Region have other prices there, and no permission. */
export function modelNames({
  models,
  region,
  environment,
}: Pick<CompleteClientConfig, 'models' | 'region' | 'environment'>): ModelNames {
  const exact = new Map<string, CompleteClientModel>();
  // The caller's names last: where another model is called as one of them, they still mean what the config says.
  for (const nameOf of [
    profileId,
    ({ calledId }: CompleteClientModel) => calledId,
    ({ id }: CompleteClientModel) => id,
  ]) {
    for (const model of models) {
      const name = nameOf(model);
      if (name) exact.set(name, model);
    }
  }
  const none = (name: string) => `'${name}' is none of the models of ${environment}`;

  const byName = (name: string): CompleteClientModel | string => {
    const found = exact.get(name);
    if (found) return found;
    const [first, ...others] = models.filter(({ baseId }) => baseId === name);
    if (!first) return none(name);
    if (others.length === 0) return first;
    return `'${name}' may be ${[first, ...others].map(({ id }) => `'${id}'`).join(' or ')}, which have prices of their own`;
  };

  const byArn = (text: string): CompleteClientModel | string => {
    const arn = /^arn:[^:]+:([^:]+):([^:]*):([^:]*):([a-z-]+)\/(.+)$/.exec(text);
    if (!arn) return none(text);
    const [, , arnRegion = '', account = '', kind = '', name = ''] = arn;
    const unpriced = UNPRICED_RESOURCES[kind];
    if (unpriced !== undefined) return `'${text}' is ${unpriced}`;
    if (arnRegion !== region) return `'${text}' is of Region ${arnRegion || 'none'}, not of ${region}`;
    const known = models.flatMap(accountOf);
    if (account !== '' && known.length > 0 && !known.includes(account)) return `'${text}' is of another account`;
    if (kind === 'foundation-model') return byName(name);
    const found = exact.get(name);
    const right = kind === 'application-inference-profile' ? found && profileId(found) : found?.calledId;
    return found && right === name ? found : none(text);
  };

  return { find: (modelId) => (modelId.startsWith('arn:') ? byArn(modelId) : byName(modelId)), all: models };
}

/**
 * What is really called: the environment's own profile, whose id separates its tokens in the metrics and which its role may
 * call, or the id that the Region knows.
 */
export function targetOf(model: CompleteClientModel): string {
  return model.profile ?? model.calledId;
}

/** `arn:…:application-inference-profile/abc` → `abc`; no other id has a slash. */
function profileId({ profile }: CompleteClientModel): string | undefined {
  return profile?.slice(profile.lastIndexOf('/') + 1);
}

function accountOf({ profile }: CompleteClientModel): readonly string[] {
  const account = profile?.startsWith('arn:') ? profile.split(':')[4] : undefined;
  return account ? [account] : [];
}
