import type { EmailSubscription } from './ports';
import { cannotTell, type Answer, type Finding } from './finding';

/**
 * A pending or lapsed subscription reaches nobody (trap 36). AWS Budgets' own mails do not depend on it.
 * @param expected who should be subscribed, by the config
 */
export function assessSubscriptions(
  topicArn: string,
  expected: readonly string[],
  answer: Answer<readonly EmailSubscription[]>,
): readonly Finding[] {
  const addresses = [...new Set(expected.map((address) => address.toLowerCase()))];
  if (answer.kind === 'unavailable') {
    return addresses.map((address) => cannotTell('subscription', address, answer.problem, answer.latencyMs));
  }
  const states = addresses.map((address) => ({ address, state: stateOf(address, answer.value) }));
  const nobody = states.every(({ state }) => state !== 'confirmed');
  return states.map(({ address, state }): Finding => {
    if (state === 'confirmed') {
      return { check: 'subscription', subject: address, status: 'ok', detail: 'subscribed to the alert topic' };
    }
    const alone = nobody ? "; nobody else is subscribed either: only AWS Budgets' own mails arrive" : '';
    return {
      check: 'subscription',
      subject: address,
      status: nobody ? 'failed' : 'warning',
      detail:
        state === 'pending'
          ? `subscribed to the alert topic, but not confirmed: no alert arrives${alone}`
          : `not subscribed to the alert topic: no alert arrives${alone}`,
      fix:
        state === 'pending'
          ? `follow the link in the mail from no-reply@sns.amazonaws.com; once more: ${subscribe(topicArn, address)}`
          : `${subscribe(topicArn, address)}, then follow the link in the mail`,
      tell: state,
    };
  });
}

function stateOf(address: string, subscriptions: readonly EmailSubscription[]): EmailSubscription['state'] | 'missing' {
  const states = subscriptions.filter((one) => one.address.toLowerCase() === address).map(({ state }) => state);
  return (['confirmed', 'pending', 'deleted'] as const).find((state) => states.includes(state)) ?? 'missing';
}

const subscribe = (topicArn: string, address: string) =>
  `aws sns subscribe --topic-arn ${topicArn} --protocol email --notification-endpoint ${address}`;
