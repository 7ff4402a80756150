import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { usd } from '../../core/money';
import type { ReportData } from '../../simulator/report/html/data';
import { page as reportPage } from '../../simulator/report/html/page';

/** Debian's; elsewhere name one in CHROMIUM. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const REPORTS: readonly ReportData[] = ['A month', 'Another'].map((title) => ({
  title,
  story: ['A program in every environment starts to call a large model in a loop.'],
  environments: ['dev', 'production-with-a-rather-long-name'].map((name) => ({
    name,
    limit: usd(50),
    lines: [
      { label: '50%', amount: usd(25) },
      { label: '95% stop', amount: usd(47.5) },
    ],
    days: Array.from({ length: 31 }, (_, day) => ({
      day: `2026-03-${String(day + 1).padStart(2, '0')}` as never,
      spent: usd(day === 10 ? 30 : 0.5),
    })),
    events: [
      {
        at: Date.parse('2026-03-11T10:00Z'),
        kind: 'mail',
        text: '[meter] dev 50% of $50.00 reached, and a text that goes on for a while',
      },
      { at: Date.parse('2026-03-11T11:00Z'), kind: 'stop', text: 'the meter: stopped' },
    ],
    models: [{ model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', spent: usd(45) }],
    facts: [{ label: 'Spent', value: '$45.00' }],
  })),
}));

const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
const file = path.join(folder, 'report.html');
let browser: Browser;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  writeFileSync(file, reportPage(REPORTS));
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
}, 60_000);

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function opened(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  page.on('request', (request) => void asked.push(request.url()));
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(`file://${file}`);
  return page;
}

test.each([
  [360, 'light'],
  [360, 'dark'],
  [768, 'light'],
  [1280, 'dark'],
] as const)('at %i px in the %s scheme nothing runs over the edge', async (width, scheme) => {
  const page = await opened(width, scheme);
  for (const details of await page.locator('summary').all()) await details.click();
  const wide = await page.evaluate(() => {
    const view = document.documentElement.clientWidth;
    const scrolls = (element: Element) => element.closest('.table') !== null;
    const over = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > view + 1 && !scrolls(element),
    );
    return {
      page: document.documentElement.scrollWidth - view,
      over: over.map((element) => element.outerHTML.slice(0, 80)),
    };
  });
  expect(wide).toEqual({ page: 0, over: [] });
  await page.close();
});

test('it needs no network, and the browser has nothing to complain of', async () => {
  const page = await opened(800);
  await page.close();
  expect(asked.filter((url) => !url.startsWith('file://'))).toEqual([]);
  expect(complaints).toEqual([]);
});

test('by keyboard alone every table that scrolls and every detail is reached, and a detail opens', async () => {
  const page = await opened(360);
  const wanted = await page.locator('summary, [tabindex="0"]').count();
  let reached = 0;
  for (let press = 0; press < wanted + 5; press++) {
    await page.keyboard.press('Tab');
    const { name, isClosed } = await page.evaluate(() => ({
      name: document.activeElement?.tagName ?? 'BODY',
      isClosed: document.activeElement?.parentElement?.matches('details:not([open])') ?? false,
    }));
    if (name !== 'BODY') reached += 1;
    if (name === 'SUMMARY' && isClosed) await page.keyboard.press('Enter');
  }
  expect(reached).toBeGreaterThanOrEqual(wanted);
  expect(await page.locator('details[open]').count()).toBe(await page.locator('details').count());
  await page.close();
});

test('what a screen reader is told: one h1, headings in order, named regions and charts, tables with captions and heads', async () => {
  const page = await opened(800);
  const found = await page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll(selector)];
    const levels = all('h1,h2,h3').map((heading) => Number(heading.tagName.slice(1)));
    return {
      language: document.documentElement.lang,
      title: document.title,
      firsts: levels.filter((level) => level === 1).length,
      jumps: levels.filter((level, at) => at > 0 && level > (levels[at - 1] ?? 0) + 1).length,
      landmarks: all('main, header, footer').length,
      unnamedCharts: all('svg').filter((svg) => {
        const ids = (svg.getAttribute('aria-labelledby') ?? '').split(' ');
        return (
          svg.getAttribute('role') !== 'img' ||
          ids.length !== 2 ||
          ids.some((id) => !document.getElementById(id)?.textContent)
        );
      }).length,
      captionless: all('table').filter((table) => !table.querySelector('caption')?.textContent).length,
      headless: all('th').filter((head) => !head.getAttribute('scope')).length,
      unnamedRegions: all('[role=region], section').filter((region) => !region.getAttribute('aria-label')).length,
      sameIds: all('[id]').length - new Set(all('[id]').map(({ id }) => id)).size,
    };
  });
  expect(found).toEqual({
    ...{ language: 'en', title: 'Spend guard', firsts: 1, jumps: 0, landmarks: 3, unnamedCharts: 0 },
    ...{ captionless: 0, headless: 0, unnamedRegions: 0, sameIds: 0 },
  });
  await page.close();
});

test('what the chart says can be read on a phone: no letter is smaller than nine pixels', async () => {
  const page = await opened(360);
  const smallest = await page.evaluate(() =>
    Math.min(...[...document.querySelectorAll('svg text')].map((text) => text.getBoundingClientRect().height)),
  );
  expect(smallest).toBeGreaterThanOrEqual(9);
  await page.close();
});

test('printed, the details are open', async () => {
  const page = await opened(800);
  await page.emulateMedia({ media: 'print' });
  // The browser lays the page out anew in its own time; never is a failure.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('details table')].every((table) =>
      table.checkVisibility({ contentVisibilityAuto: true }),
    ),
  );
  expect(await page.locator('details[open]').count()).toBe(0);
  await page.close();
});
