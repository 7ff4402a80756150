import { escaped, html, type Html, pageOf } from '../markup';
import { formatUsd } from '../money';
import { BASE_STYLE, colours } from '../page-style';
import { type Attention, attentionOf } from './attention';
import { brakeText, percentText, spentText, stateText, totalText } from './report-mail';
import type { RolledAccount, RollUp } from './roll-up';

const STYLE = `${BASE_STYLE}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;padding:.3125rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top;font-weight:400}
thead th{color:var(--quiet)}td.amount,th.amount{text-align:right;white-space:nowrap}
.bar{display:block;width:100%;min-width:6rem}.track{fill:var(--rule)}.bar .good{fill:var(--open)}.bar .bad{fill:var(--stop)}
:focus-visible{outline:2px solid var(--line);outline-offset:2px}
@media print{@page{margin:12mm}:root{color-scheme:light;${colours('light')}}body{font-size:10pt}.table{overflow:visible}tr{break-inside:avoid}}
`;

export function organizationPage(rolled: RollUp): string {
  const title = `Organisation, ${rolled.month}`;
  const attention = attentionOf(rolled);
  return pageOf(
    title,
    STYLE,
    html`<header>
        <p class="over">Bedrock spend guard</p>
        <h1>${escaped(title)}</h1>
        ${verdict(rolled.accounts.length, attention)}
        <p class="quiet">${escaped(`Spent: ${totalText(rolled)}, as of ${iso(rolled.at)} (UTC).`)}</p>
      </header>
      <main>
        ${attentionSection(attention)}
        <section class="part">
          <h2>Accounts</h2>
          <p>Amounts are US dollars, by the accounts' own meters; "at least" where something was not heard.</p>
          ${accountsTable(rolled.accounts)}
        </section>
      </main>`,
  );
}

/** What finance must have read if it reads no more. */
function verdict(accounts: number, attention: readonly Attention[]): Html {
  const named = new Set(attention.flatMap(({ account }) => (account === undefined ? [] : [account]))).size;
  const over = attention.filter(({ kind }) => kind === 'over').length;
  const decisions = attention.filter(({ kind }) => kind === 'decision').length;
  const parts = [
    ...(decisions > 0 ? [`${counted(decisions, 'decision')} to make`] : []),
    ...(over > 0 ? [`${counted(over, 'account')} over the limit`] : []),
  ];
  if (attention.length === 0) {
    return html`<p class="verdict good">
      <span aria-hidden="true">✓</span> ${escaped(`${counted(accounts, 'account')}, and nothing needs a look.`)}
    </p>`;
  }
  const looks = `${named} of ${counted(accounts, 'account')} ${named === 1 ? 'needs' : 'need'} a look`;
  return html`<p class="verdict bad">
    <span aria-hidden="true">✕</span> ${escaped(`${[looks, ...parts].join('; ')}.`)}
  </p>`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function attentionSection(attention: readonly Attention[]): Html {
  if (attention.length === 0) return html``;
  return html`<section class="part attention">
    <h2>What needs a look</h2>
    <ul>
      ${attention.map(
        ({ account, text, command }) =>
          html`<li>
            ${escaped(account === undefined ? text : `${account}: ${text}`)}
            ${command === undefined ? html`` : html`<br /><code>${escaped(command)}</code>`}
          </li>`,
      )}
    </ul>
  </section>`;
}

function accountsTable(accounts: readonly RolledAccount[]): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="Accounts">
    <table>
      <caption>
        Each account against its limit
      </caption>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col">State</th>
          <th scope="col">Brake</th>
          <th scope="col" class="amount">Spent</th>
          <th scope="col" class="amount">Limit</th>
          <th scope="col" class="amount">Of the limit</th>
          <th scope="col">Last heard</th>
        </tr>
      </thead>
      <tbody>
        ${accounts.map(accountRow)}
      </tbody>
    </table>
  </div>`;
}

function accountRow(one: RolledAccount): Html {
  const { account, isListed, spent, limit } = one;
  return html`<tr>
    <th scope="row">${escaped(isListed ? account : `${account} (unlisted)`)}</th>
    <td>${escaped(stateText(one))}</td>
    <td>${escaped(brakeText(one))}</td>
    <td class="amount">${escaped(spentText(spent))}</td>
    <td class="amount">${escaped(formatUsd(limit))}</td>
    <td class="amount">${escaped(percentText(spent, limit))}${bar(one)}</td>
    <td>${escaped(lastHeard(one))}</td>
  </tr>`;
}

/** Of the limit, beside the figure that says the same; of what is unknown there is none. */
function bar({ spent, limit }: RolledAccount): Html {
  if (spent.kind === 'unavailable' || limit <= 0) return html``;
  const share = Math.min(1, spent.value.amount / limit);
  const width = `${Math.round(share * 1_000) / 10}%`;
  return html`<svg class="bar" aria-hidden="true" height="6">
    <rect class="track" width="100%" height="6" rx="2" />
    <rect class="${escaped(share < 1 ? 'good' : 'bad')}" width="${escaped(width)}" height="6" rx="2" />
  </svg>`;
}

function lastHeard({ environments }: RolledAccount): string {
  const times = environments.map(({ stored }) => Date.parse(stored.standing.at));
  return times.length === 0 ? 'never' : iso(Math.min(...times));
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
