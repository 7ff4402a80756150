import { NANO_PER_USD, type NanoUsd } from '../../../core/money';

/** How figures and times stand on the page: as a reader in the United States writes them, times in UTC. */
const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const whole = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  minimumFractionDigits: 0,
  maximumFractionDigits: 2,
});
const dates = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', day: 'numeric' });
const months = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', year: 'numeric' });

/** Above zero and under a cent is `<$0.01`: no spend reads as none. */
export function money(amount: NanoUsd): string {
  if (amount > 0 && amount < NANO_PER_USD / 100) return '<$0.01';
  return cents.format(amount / NANO_PER_USD);
}

/** For an estimate, whose cents nobody knows: `about $312`. */
export function about(amount: NanoUsd): string {
  return `about ${amount < 10 * NANO_PER_USD ? money(amount) : whole.format(amount / NANO_PER_USD)}`;
}

/** For an axis or the end of a line: `$20`, `$20.98`, `$12.3K`, `$9.01M`. */
export function shortMoney(amount: NanoUsd): string {
  if (amount > 0 && amount < NANO_PER_USD / 100) return '<$0.01';
  if (amount >= 10_000 * NANO_PER_USD) return short.format(amount / NANO_PER_USD);
  return (amount % NANO_PER_USD === 0 ? whole : cents).format(amount / NANO_PER_USD);
}

/** `62%`; what is used but rounds to nothing is `<1%`, and what is just under a line never rounds up to it. */
export function percentText(part: NanoUsd, limit: NanoUsd): string {
  if (limit <= 0) return part > 0 ? 'over 100%' : '0%';
  const percent = (part / limit) * 100;
  if (percent > 0 && percent < 1) return '<1%';
  return `${new Intl.NumberFormat('en-US').format(Math.floor(percent))}%`;
}

/** `Mar 11` */
export function dateText(at: number): string {
  return dates.format(at);
}

/** `Mar 2026` */
export function monthText(at: number): string {
  return months.format(at);
}

/** `Mar 11, 03:07` */
export function timeText(at: number): string {
  return `${dates.format(at)}, ${clockText(at)}`;
}

/** `03:07` */
export function clockText(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

const NUMBERS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** `three`, and `13` from there on. */
export function numberWord(count: number): string {
  return NUMBERS[count] ?? new Intl.NumberFormat('en-US').format(count);
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** At most so many characters, the middle left out: ids differ at both ends. */
export function shortened(text: string, most: number): string {
  const letters = Array.from(text);
  if (letters.length <= most) return text;
  const tail = Math.floor((most - 1) / 3);
  return `${letters.slice(0, most - 1 - tail).join('')}…${letters.slice(letters.length - tail).join('')}`;
}
