import { escaped, html, type Html } from '../../../core/markup';
import type { ReportEvent } from '../story';
import { WIDTHS } from './chart/figure';
import type { EnvironmentReport, ReportData } from './data';
import { timeText } from './formats';
import { timelineChart } from './timeline-chart';

/** More are folded. */
const MOST_SHOWN = 8;

interface Told extends ReportEvent {
  readonly name: string;
}

/** What was stopped, degraded and opened again, and each mail of a concern, drawn and in words; other mails are counted, and all of them are in the details. */
export function timeline(report: ReportData, id: string): Html {
  const { environments } = report;
  const all = environments.flatMap((one) => one.events.map((event): Told => ({ ...event, name: one.name })));
  if (all.length === 0) return html`<p>Nothing fired.</p>`;
  const key = all.filter(({ kind, concern }) => kind !== 'mail' || concern !== undefined).sort((a, b) => a.at - b.at);
  const decisions = key.filter(({ kind }) => kind !== 'mail').length;
  const shown = key.slice(0, MOST_SHOWN);
  const rest = key.slice(MOST_SHOWN);
  const several = environments.length > 1;
  return html`${drawn(environments, id)}
    <p>${escaped(mailsText(all.length - decisions, decisions))}</p>
    ${shown.length === 0 ? html`` : eventList('What was decided or needs a look', shown, several)}
    ${
      rest.length === 0
        ? html``
        : html`<details>
            <summary>${escaped(`${rest.length} more`)}</summary>
            ${eventList('What else was decided or needs a look', rest, several)}
          </details>`
    }`;
}

function drawn(environments: readonly EnvironmentReport[], id: string): Html {
  const active = environments.filter(({ events }) => events.length > 0);
  return html`${(Object.keys(WIDTHS) as (keyof typeof WIDTHS)[])
    .filter((size) => size !== 'half')
    .map((size) => timelineChart(active, size, `${id}-${size}`))}`;
}

function eventList(label: string, events: readonly Told[], several: boolean): Html {
  return html`<ol class="events" aria-label="${escaped(label)}">
    ${events.map(
      (event) =>
        html`<li>
          <span class="when">${escaped(timeText(event.at))}</span> ${kindBadge(event.kind)}
          <span class="why"
            >${several ? html`<strong>${escaped(event.name)}:</strong> ` : html``}${escaped(whyOf(event))}</span
          >
        </li>`,
    )}
  </ol>`;
}

const KINDS: Readonly<
  Record<ReportEvent['kind'], { readonly sign: string; readonly word: string; readonly tone: string }>
> = {
  mail: { sign: '○', word: 'mail', tone: 'quiet' },
  stop: { sign: '■', word: 'stopped', tone: 'bad' },
  degrade: { sign: '▲', word: 'large models denied', tone: 'warn' },
  open: { sign: '●', word: 'open again', tone: 'good' },
};

function kindBadge(kind: ReportEvent['kind']): Html {
  const { sign, word, tone } = KINDS[kind];
  return html`<span class="badge ${escaped(tone)}"
    ><span aria-hidden="true">${escaped(sign)}</span> ${escaped(word)}</span
  >`;
}

/** What the badge says already is left out. */
function whyOf({ text }: ReportEvent): string {
  const [, why] = /^the meter: \w+ -> \w+: (.*)$/.exec(text) ?? [];
  return why === undefined ? text : `The meter: ${why}`;
}

function mailsText(mails: number, decisions: number): string {
  const told = mails === 0 ? 'no mail beside the daily reports' : mails === 1 ? 'one mail' : `${mails} mails`;
  const fold = mails === 0 ? '' : ', each under Details';
  return decisions === 0
    ? `Nothing was stopped or denied; ${told} went out${fold}.`
    : `${decisions === 1 ? 'One decision' : `${decisions} decisions`}; ${told} went out${fold}.`;
}
