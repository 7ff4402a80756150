import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { page as reportPage } from '../../simulator/report/html/page';
import { VARIANTS } from '../simulator/report/page-fixture';

/** Debian's; elsewhere name one in CHROMIUM. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
const names = Object.keys(VARIANTS);
const fileOf = (name: string) => path.join(folder, `${names.indexOf(name)}.html`);
let browser: Browser;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  for (const name of names) writeFileSync(fileOf(name), reportPage(VARIANTS[name]!));
  browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}, 60_000);

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function opened(name: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  page.on('request', (request) => void asked.push(request.url()));
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(`file://${fileOf(name)}`);
  return page;
}

async function openDetails(page: Page): Promise<void> {
  await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
}

describe.each([360, 768, 1280])('at %i px', (width) => {
  test.each(names)('%s: nothing runs over the edge, and no text of a chart covers another', async (name) => {
    const page = await opened(name, width);
    await openDetails(page);
    const found = await page.evaluate(() => {
      const view = document.documentElement.clientWidth;
      const scrolls = (element: Element) => element.closest('.table') !== null;
      const shown = (element: Element) => element.getBoundingClientRect().width > 0;
      const over = [...document.querySelectorAll('body *')].filter(
        (element) => element.getBoundingClientRect().right > view + 1 && !scrolls(element),
      );
      const collisions = [...document.querySelectorAll('svg.chart')].filter(shown).flatMap((svg) => {
        const texts = [...svg.querySelectorAll('text')].map((text) => ({
          box: text.getBoundingClientRect(),
          text: text.textContent ?? '',
        }));
        return texts.flatMap((one, at) =>
          texts
            .slice(at + 1)
            .filter(
              (other) =>
                one.box.left < other.box.right - 1 &&
                other.box.left < one.box.right - 1 &&
                // The box of a line of text is higher than its letters.
                one.box.top < other.box.bottom - 3 &&
                other.box.top < one.box.bottom - 3,
            )
            .map((other) => `${one.text} / ${other.text}`),
        );
      });
      const letters = [...document.querySelectorAll('svg.chart text')].filter(shown);
      return {
        page: document.documentElement.scrollWidth - view,
        over: over.map((element) => element.outerHTML.slice(0, 120)),
        collisions,
        tooSmall: letters.filter((text) => text.getBoundingClientRect().height < 9).length,
        chartless: [...document.querySelectorAll('.panel')].filter(
          (panel) => panel.querySelector('.nothing') === null && ![...panel.querySelectorAll('svg')].some(shown),
        ).length,
      };
    });
    expect(found).toEqual({ page: 0, over: [], collisions: [], tooSmall: 0, chartless: 0 });
    await page.close();
  });
});

test('it needs no network, and the browser has nothing to complain of', async () => {
  const page = await opened('three environments', 800);
  await page.close();
  expect(asked.filter((url) => !url.startsWith('file://'))).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each([
  [360, 740],
  [1280, 800],
])('at %i px the verdict and the first figures stand on the first screen of %i px', async (width, height) => {
  const page = await opened('three environments', width);
  const bottom = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((one) => one.getBoundingClientRect().bottom);
  expect(await bottom('.verdict')).toBeLessThan(height / 2);
  expect(await bottom('.limits li')).toBeLessThan(height);
  await page.close();
});

test('every stop is on the screen of a phone, without scrolling to the side', async () => {
  const page = await opened('three environments', 360);
  const rights = await page
    .locator('.events li')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
  expect(rights).toHaveLength(5);
  for (const right of rights) expect(right).toBeLessThanOrEqual(360);
  await page.close();
});

test('by keyboard alone every table that scrolls and every detail is reached, and a detail opens', async () => {
  const page = await opened('three environments', 360);
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

test.each(names)(
  '%s: one h1, headings in order, named regions and charts, tables with captions and heads',
  async (name) => {
    const page = await opened(name, 800);
    const found = await page.evaluate(() => {
      const all = (selector: string) => [...document.querySelectorAll(selector)];
      const levels = all('h1,h2,h3,h4,h5').map((heading) => Number(heading.tagName.slice(1)));
      return {
        language: document.documentElement.lang,
        title: document.title !== '',
        firsts: levels.filter((level) => level === 1).length,
        jumps: levels.filter((level, at) => at > 0 && level > (levels[at - 1] ?? 0) + 1).length,
        landmarks: all('main, header, footer').length,
        unnamedCharts: all('svg:not([aria-hidden])').filter((svg) => {
          const ids = (svg.getAttribute('aria-labelledby') ?? '').split(' ');
          return (
            svg.getAttribute('role') !== 'img' ||
            ids.length !== 2 ||
            ids.some((id) => !document.getElementById(id)?.textContent)
          );
        }).length,
        captionless: all('table').filter((table) => !table.querySelector('caption')?.textContent).length,
        headless: all('th').filter((head) => !head.getAttribute('scope')).length,
        unnamedRegions: all('[role=region]').filter((region) => !region.getAttribute('aria-label')).length,
        sameIds: all('[id]').length - new Set(all('[id]').map(({ id }) => id)).size,
      };
    });
    expect(found).toEqual({
      ...{ language: 'en', title: true, firsts: 1, jumps: 0, landmarks: 3, unnamedCharts: 0 },
      ...{ captionless: 0, headless: 0, unnamedRegions: 0, sameIds: 0 },
    });
    await page.close();
  },
);

/** Pages of a PDF by its own count. */
function pagesOf(pdf: Buffer): number {
  return (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
}

describe('printed', () => {
  test.each([
    ['three environments', 4],
    ['one, stopped, beside less of the guard', 3],
    ['thirty models', 3],
    ['forty months', 5],
  ])('%s takes at most %i pages of A4', async (name, most) => {
    const page = await opened(name, 800);
    expect(pagesOf(await page.pdf({ format: 'A4' }))).toBeLessThanOrEqual(most);
    await page.close();
  });

  test('the first page has the verdict and the charts: nothing is pushed off it', async () => {
    const page = await opened('three environments', 703);
    await page.emulateMedia({ media: 'print' });
    const found = await page.evaluate(() => ({
      verdict: document.querySelector('.verdict')!.getBoundingClientRect().top,
      chart: document.querySelector('.panel svg.chart:not([style])')!.getBoundingClientRect().bottom,
    }));
    expect(found.verdict).toBeLessThan(100);
    expect(found.chart).toBeLessThan(1000);
    await page.close();
  });

  test('the details are open, and say what is left out', async () => {
    const page = await opened('thirty models', 800);
    await page.emulateMedia({ media: 'print' });
    // The browser lays the page out anew in its own time; never is a failure.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('details > .table table')].every((table) =>
        table.checkVisibility({ contentVisibilityAuto: true }),
      ),
    );
    expect(await page.locator('details[open]').count()).toBe(0);
    expect(
      await page.locator('.ten tbody tr').evaluateAll((all) => all.filter((row) => row.checkVisibility()).length),
    ).toBe(10);
    expect(
      await page.locator('.on-paper').evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
    ).toBe(1);
    await page.close();
  });
});
