import { namesLoopback } from '../clock';
import type { Endpoints } from './deps';

/** https://docs.slack.dev/apis/web-api and https://github.com/PagerDuty/developer-docs (read 2026-11-29). */
const SLACK = 'https://slack.com/api';
const PAGER_DUTY = 'https://events.pagerduty.com';

/**
 * Where messages go. Others count only where the function's environment names a loopback AWS endpoint, as a clock in an event does:
 * deployed templates never set one.
 */
export function endpointsFor(variables: Readonly<Record<string, string | undefined>>): Endpoints {
  if (!namesLoopback(variables['AWS_ENDPOINT_URL'])) return { slack: SLACK, pagerDuty: PAGER_DUTY, mayLoopback: false };
  return {
    slack: variables['SLACK_ENDPOINT'] ?? SLACK,
    pagerDuty: variables['PAGER_DUTY_ENDPOINT'] ?? PAGER_DUTY,
    mayLoopback: true,
  };
}
