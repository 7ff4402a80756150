import { type ChannelState, type DeliveriesPort, type Delivery, isFiring, isOpen } from '../../core/channels';
import { GuardError, type ServiceError } from '../../core/errors';

/** What channels were told, in memory, with its conditional writes. */
export class FakeDeliveries implements DeliveriesPort {
  readonly deliveries = new Map<string, Delivery>();
  readonly states = new Map<string, ChannelState>();
  /** Keys of items that a release of another version has left. */
  readonly unread = new Set<string>();
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async delivery(channel: string, fact: string): Promise<Delivery | undefined> {
    this.refuse();
    this.refuseUnread(keyOf(channel, fact));
    return this.deliveries.get(keyOf(channel, fact));
  }

  async all() {
    this.refuse();
    const readable = [...this.deliveries].filter(([key]) => !this.unread.has(key)).map(([, delivery]) => delivery);
    const states = [...this.states].filter(([channel]) => !this.unread.has(channel)).map(([, state]) => state);
    const unread = [...this.unread].map((key) => `item channels/${key} cannot be read`);
    const firing = readable.filter((one) => !isOpen(one) && isFiring(one));
    return { deliveries: readable.filter(isOpen), firing, states, unread };
  }

  async saveDelivery(delivery: Delivery, replaces: number): Promise<void> {
    this.refuse();
    const key = keyOf(delivery.channel, delivery.fact);
    this.refuseOther(this.unread.has(key) ? -1 : this.deliveries.get(key)?.revision, replaces, key);
    this.deliveries.set(key, delivery);
  }

  async state(channel: string): Promise<ChannelState | undefined> {
    this.refuse();
    this.refuseUnread(channel);
    return this.states.get(channel);
  }

  async saveState(state: ChannelState, replaces: number): Promise<void> {
    this.refuse();
    this.refuseOther(this.states.get(state.channel)?.revision, replaces, state.channel);
    this.states.set(state.channel, state);
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }

  private refuseUnread(key: string): void {
    if (this.unread.has(key))
      throw new GuardError('ANSWER_INVALID', `item channels/${key} is not what channels writes`);
  }

  private refuseOther(revision = 0, replaces: number, key: string): void {
    if (revision !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of channels/${key} first`);
    }
  }
}

function keyOf(channel: string, fact: string): string {
  return `${channel}#${fact}`;
}
