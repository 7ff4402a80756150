import { assessSubscriptions, attempt } from '../../core/health';
import { noticeOf } from '../../core/notice';
import { deployedFunction, variable } from '../deployed';
import { configuration, theOne } from '../environments';
import { EXIT_CODES } from '../exit-codes';
import { findingLines } from '../findings';
import type { CommandResult } from '../result';
import type { World } from '../world';

export interface AlertsOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly yes?: true | undefined;
}

const ASK_MS = 10_000;

/** One message to the alert topic, and who is subscribed to get it. */
export async function testAlerts(options: AlertsOptions, world: World): Promise<CommandResult> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const { name, owner, budgetOwner } = environment;
  if (environment.class === 'production') {
    await world.confirm(
      `Send a test message to everybody who gets the alerts of ${name} (production)?`,
      options.yes ?? false,
    );
  }
  const { guard, mail, subscriptions, pace } = await world.services(environment);
  world.progress(`Looking for the guard of ${name}`);
  const topicArn = variable(await deployedFunction(guard, environment, 'health-check'), 'ALERT_TOPIC_ARN');
  // Asked first: whether the message can be sent says nothing about who gets it.
  const answer = await attempt({ ...pace, deadlineMs: Number.POSITIVE_INFINITY }, ASK_MS, (signal) =>
    subscriptions.emails(topicArn, signal),
  );
  const said = `${world.user} sent this with spend-guard alerts test. Nothing is wrong, nothing was stopped.`;
  const at = world.now();
  await mail(topicArn).send({
    subject: `[test] ${name}: this is how an alert of the spend guard arrives`,
    body: said,
    notice: noticeOf(
      { environment: name, source: 'other', key: `test|${at}`, at },
      { title: 'this is how an alert of the spend guard arrives', lines: [said] },
      { fact: 'test', status: 'once', urgency: 'info' },
    ),
  });
  const findings = assessSubscriptions(topicArn, [owner, budgetOwner], answer);
  const isReached = findings.every(({ status }) => status === 'ok');
  return {
    exitCode: isReached ? EXIT_CODES.ok : EXIT_CODES.findings,
    data: { environment: name, topicArn, sent: true, findings },
    lines: [
      `Sent to ${topicArn}. Whoever is confirmed below gets it within a minute; AWS Budgets' own mails do not use this topic.`,
      ...findingLines(findings),
    ],
  };
}
