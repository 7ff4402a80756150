import { type BudgetPath, ENVIRONMENT_BUDGET } from '../../core/shared-budgets';
import { type Refusal, refusal } from '../answers';
import { type CallerDirectory, type CallerOf, CallersUnavailable } from './directory';

export interface AuthorizationOptions {
  readonly environment: string;
  /** Within the environment's own, as the server's client config has them. */
  readonly budgets: readonly BudgetPath[];
  /** Also of callers on this machine. Must be so behind a proxy: all that it passes on comes from where the proxy is. */
  readonly requireKey: boolean;
  readonly callers?: CallerDirectory;
}

export interface Claim {
  /** The header as it came. */
  readonly authorization: string | undefined;
  /** Whether the connection comes from this machine. */
  readonly isLoopback: boolean;
}

/** `anybody`: no key is needed, and none was given. */
export type Authorized =
  | { readonly kind: 'anybody' }
  | { readonly kind: 'caller'; readonly caller: CallerOf }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Of AWS's signatures, whose callers know of no key; what they sign with is not looked at, and goes no further. */
const SIGNATURE = /^AWS4-/;
const RETRY_SECONDS = 5;
const BEARER = /^Bearer +(\S+) *$/i;

/** Who calls, by the Authorization header of a request. What it says to those it refuses quotes nothing that they sent. */
export function authorization(options: AuthorizationOptions): (claim: Claim) => Promise<Authorized> {
  const { environment, budgets, requireKey, callers } = options;
  const add = `npx spend-guard callers add --env ${environment}`;
  const how = `send one as a bearer token, for AWS's SDKs and the AWS CLI in AWS_BEARER_TOKEN_BEDROCK. Whoever runs the server makes it: ${add}`;
  const needed = refused(
    401,
    'UnrecognizedClientException',
    'KEY_NEEDED',
    `this server needs a key of its own: ${how}.`,
  );

  const ofKey = async (key: string, isNeeded: boolean): Promise<Authorized> => {
    let caller: CallerOf | undefined;
    try {
      caller = await callers?.find(key);
    } catch (error) {
      if (!(error instanceof CallersUnavailable)) throw error;
      const message = `whether this key is good cannot be told at the moment: its table does not answer. Come back in ${RETRY_SECONDS} s; if it lasts, whoever runs the server finds why in its log.`;
      const said = refusal(503, 'ServiceUnavailableException', 'KEYS_UNAVAILABLE', message);
      return { kind: 'refused', refusal: { ...said, retryAfterSeconds: RETRY_SECONDS } };
    }
    if (!caller) {
      const without = isNeeded ? '' : ' Callers on this machine need none: without a bearer token they are let in.';
      const message = `this key is none of ${environment}, has expired or was revoked. To get another: ${add}.${without}`;
      return refused(403, 'UnrecognizedClientException', 'KEY_REFUSED', message);
    }
    const { budget } = caller;
    if (budget === ENVIRONMENT_BUDGET || budgets.includes(budget)) return { kind: 'caller', caller };
    const message = `this key draws on budget '${budget}', which ${environment} does not have as this server knows it. Whoever runs the server gives you a key of another budget (${add} --budget ...), or deploys that budget and starts the server with its client config.`;
    return refused(403, 'AccessDeniedException', 'KEY_WITHOUT_BUDGET', message);
  };

  return async ({ authorization: header, isLoopback }) => {
    const isNeeded = requireKey || !isLoopback;
    const given = header?.trim() ?? '';
    const [, key] = BEARER.exec(given) ?? [];
    if (key !== undefined) return ofKey(key, isNeeded);
    return !isNeeded && (given === '' || SIGNATURE.test(given)) ? { kind: 'anybody' } : needed;
  };
}

function refused(...said: Parameters<typeof refusal>): Authorized {
  return { kind: 'refused', refusal: refusal(...said) };
}
