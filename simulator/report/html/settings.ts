import type { EnvironmentConfig } from '../../../config';
import { formatUsd } from '../../../core/money';
import type { ReportFact } from '../story';

type Effect = EnvironmentConfig['thresholds'][number]['effect'];

/** What a line does, as it stands beside it in a chart. */
export function effectWord(effect: Effect): string {
  return { notify: 'mail', degrade: 'large off', stop: 'stop' }[effect];
}

/** What of the configuration the figures rest on. */
export function settingsOf(environment: EnvironmentConfig): readonly ReportFact[] {
  const { limit, dailyLimit, hourlyBrake, dailyLimitPercent, hourlyBrakePercent, thresholds, billAction } = environment;
  const lines = thresholds
    .filter(({ basis }) => basis === 'actual')
    .map(({ atPercent, effect }) => `${atPercent}% ${effectWord(effect)}`);
  return [
    { label: 'Class', value: environment.class },
    { label: 'Limit a month', value: formatUsd(limit) },
    { label: 'Lines', value: lines.join(', ') },
    { label: 'Most in a day', value: `${formatUsd(dailyLimit)} (${dailyLimitPercent}%)` },
    { label: 'Most in an hour', value: `${formatUsd(hourlyBrake)} (${hourlyBrakePercent}%)` },
    { label: 'AWS Budgets', value: billText(billAction) },
    { label: 'The meter', value: environment.meter.enforce ? 'denies' : 'only watches' },
    { label: 'Region', value: environment.region },
  ];
}

function billText(action: EnvironmentConfig['billAction']): string {
  switch (action.kind) {
    case 'none':
      return 'mails only';
    case 'automatic':
      return `denies by itself at ${action.atPercent}%`;
    case 'needsApproval':
      return `asks a person at ${action.atPercent}%`;
  }
}
