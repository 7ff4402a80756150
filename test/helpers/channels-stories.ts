import { MINUTE_MS } from '../../core/calendar';
import type { Mode, Service } from './channel-server';
import { CHANNELS, type ChannelsWorld } from './channels-world';

export const SERVICES: readonly (readonly [string, Service])[] = [
  ['bot', 'slackBot'],
  ['hook', 'slackWebhook'],
  ['card', 'teamsWebhook'],
  ['pager', 'pagerDuty'],
  ['own', 'webhook'],
];

export const ILL: readonly (readonly [string, Mode])[] = [
  ['answers 500', { status: 500 }],
  ['answers 503 with a wait', { status: 503, retryAfter: '600' }],
  ['answers 429 with a wait', { status: 429, retryAfter: '120' }],
  ['refuses connections', 'refuses-connections'],
  ['does not answer', 'deaf'],
  ['closes the connection', 'closes'],
  ['has revoked the secret', 'revoked'],
  ['has no such channel', 'gone'],
  ['answers 403', { status: 403 }],
  ['answers 400', { status: 400, body: 'invalid_payload' }],
  ['redirects', { status: 302 }],
];

/** With schedules as deployed: every five minutes. */
export async function pass(world: ChannelsWorld, ms: number): Promise<void> {
  for (const end = world.now + ms; world.now < end;) {
    world.now += 5 * MINUTE_MS;
    await world.catchUp();
    while (world.echoes.length > 0) await world.run({ Records: [world.echoes.shift()] });
  }
}

/** Without those that tell of a channel. */
export function postsOf(world: ChannelsWorld, service: Service): number {
  return world.posts(service).filter((body) => !JSON.stringify(body).includes('Channel ')).length;
}

/** The config has them no more. */
export function without(world: ChannelsWorld, ...names: readonly string[]): void {
  world.env = { ...world.env, CHANNELS: CHANNELS.filter(({ name }) => !names.includes(name)) };
}

export function back(world: ChannelsWorld): void {
  world.env = { ...world.env, CHANNELS };
}

export function subjects(world: ChannelsWorld): readonly string[] {
  return world.mail.sent.map(({ subject }) => subject);
}
