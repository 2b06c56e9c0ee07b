// SPDX-License-Identifier: Apache-2.0
// Debian's chromium, and what every page of ours must be: no script of anybody's runs, nothing is asked of another
// site, below 100 kB, no wider than the screen, and axe-core finds no violation of WCAG 2.2 AA.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
export const wide = { width: 1280, height: 900 };
export const phone = { width: 360, height: 740 };

/** A browser; what is wrong with pages is said at once by `wrong` and fails close(); pictures go to that folder. */
export async function launch(pictures) {
  fs.mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync'],
  });
  const problems = new Set();
  const wrong = (what) => { if (!problems.has(what)) console.error(what); problems.add(what); };
  return { browser, pictures, problems, wrong };
}

/** A page of a new visitor. axe needs a script, which our policy forbids: with `scripts`, it is let past the policy. */
export async function visitor(hall, address, { scripts = true, size = wide, locale = 'en-US', cookies = [] } = {}) {
  const context = await hall.browser.newContext(
    { javaScriptEnabled: scripts, viewport: size, locale, bypassCSP: scripts });
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: address })));
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);  // a busy machine is no fault of the page
  page.on('dialog', (dialog) => { hall.wrong(`a script ran: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) hall.wrong(`a request went elsewhere: ${request.url()}`);
  });
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (!type.startsWith('text/html') || response.status() === 303) return;
    const bytes = Buffer.byteLength(await response.text().catch(() => ''));
    if (bytes >= 100_000) hall.wrong(`${response.url()} has ${bytes} bytes`);
  });
  return page;
}

/** Photographs a page; where scripts run, axe looks at it and its width is measured. */
export async function look(hall, page, name, { scripts = true } = {}) {
  const { width } = page.viewportSize();
  await page.screenshot({ path: `${hall.pictures}/${name}-${width}.png`, fullPage: true });
  if (!scripts) return;
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) hall.wrong(`${name} at ${width}: ${over} pixels too wide`);
  await page.evaluate(axe);
  const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), standards);
  for (const one of found.violations) {
    const where = one.nodes.map((node) => node.html).slice(0, 3).join(' | ');
    hall.wrong(`${name} at ${width}: ${one.id}: ${one.help}: ${where}`);
  }
}

/** Tab (with scripts) until `here`, of the element that has the focus, is true; it must be seen to have it. */
async function tabTo(page, what, here) {
  for (let i = 0; i < 120; ++i) {
    await page.keyboard.press('Tab');
    if (!await page.evaluate(here.test, here.given)) continue;
    const seen = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      const box = document.activeElement.getBoundingClientRect();
      const shown = box.bottom > 0 && box.top < innerHeight;
      return shown && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
    });
    assert.ok(seen, `the focus on ${what} is seen`);
    return;
  }
  throw new Error(`${what} is not reached by Tab`);
}

/** A text without the marks that isolate names of another direction. */
export const plain = (text) => text.replaceAll(/[\u2066-\u2069]/g, '').trim();

/** Tab to the link or button whose text begins so. */
export const tabToText = (page, text) => tabTo(page, text, {
  test: (given) => {
    const text = document.activeElement?.innerText ?? '';
    return text.replaceAll(/[\u2066-\u2069]/g, '').trim().startsWith(given);
  },
  given: text,
});

/** Tab to the field of that id; to a group of choices by the id of one, for a group is one stop. */
export const tabToField = (page, id) => tabTo(page, `#${id}`, {
  test: (given) => {
    const here = document.activeElement;
    const wanted = document.getElementById(given);
    return here === wanted || (here?.type === 'radio' && here.name === wanted?.name);
  },
  given: id,
});

/** The first Tab of a page is at the link that skips to what it is about, and the link does so. */
export async function skips(page, name) {
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement?.getAttribute('href'));
  assert.equal(first, '#content', `${name}: the first stop skips to the content`);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'content', `${name}: it skips`);
}

/** Ends with 1 where something was wrong. */
export async function close(hall, good) {
  await hall.browser.close();
  if (hall.problems.size > 0) process.exit(1);
  console.log(good);
}
