import { GetSuppressedDestinationCommand, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ServiceError } from '../../../core/errors';
import type { HtmlMailPort } from '../../../core/report';
import { timeout } from '../pace';
import { calling } from '../service-error';

const SEND_MS = 8_000;
const LIST_MS = 4_000;

/**
 * Amazon SES, in the function's own Region.
 * @param once sends without attempts of its own: SendEmail knows no token that makes a repeated request harmless
 *   (SendEmailRequest of @aws-sdk/client-sesv2 3.1164.0, read 2026-11-29)
 */
export function sesHtmlMail(client = new SESv2Client({}), once = new SESv2Client({ maxAttempts: 1 })): HtmlMailPort {
  return {
    async suppression(address) {
      try {
        const { SuppressedDestination: found } = await calling(() =>
          client.send(new GetSuppressedDestinationCommand({ EmailAddress: address }), {
            abortSignal: timeout(LIST_MS),
          }),
        );
        return found?.Reason ?? 'for no reason that it names';
      } catch (error) {
        if (error instanceof ServiceError && error.errorName === 'NotFoundException') return undefined;
        throw error;
      }
    },
    async send({ from, to, subject, text, html }) {
      const content = (data: string) => ({ Data: data, Charset: 'UTF-8' });
      await calling(() =>
        once.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [...to] },
            Content: { Simple: { Subject: content(subject), Body: { Text: content(text), Html: content(html) } } },
          }),
          { abortSignal: timeout(SEND_MS) },
        ),
      );
    },
  };
}
