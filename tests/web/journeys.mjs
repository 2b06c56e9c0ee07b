// SPDX-License-Identifier: Apache-2.0
// journeys.mjs ADDRESS PICTURES: what a nurse does, in a real browser: with and without JavaScript, at
// 360 pixels, by keyboard alone; axe-core looks at each page, and each page is photographed.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const [address, pictures] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const wide = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
const problems = [];

fs.mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'],
});

/** A browser of somebody who is signed in for that clinic. */
async function visitor(clinic, { scripts = true, size = wide, locale = 'en-US' } = {}) {
  // Our pages allow no script at all; axe needs one, so its visitor is let past the policy.
  const context = await browser.newContext({ javaScriptEnabled: scripts, viewport: size, locale, bypassCSP: scripts });
  await context.addCookies([{ name: 'meridian', value: `${clinic}-session`, url: address }]);
  const page = await context.newPage();
  page.on('dialog', (dialog) => { problems.push(`a script ran: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) problems.push(`a request went elsewhere: ${request.url()}`);
  });
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (!type.startsWith('text/html') || response.status() === 303) return;
    const size = Buffer.byteLength(await response.text().catch(() => ''));
    if (size >= 100_000) problems.push(`${response.url()} has ${size} bytes`);
  });
  return page;
}

/** Photographs a page, and has axe look at it. */
async function look(page, name) {
  const width = page.viewportSize().width;
  await page.screenshot({ path: `${pictures}/${name}-${width}.png`, fullPage: true });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    .catch(() => 0);
  if (over > 0) problems.push(`${name} at ${width}: ${over} pixels too wide`);
  await page.evaluate(axe);
  const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), standards);
  for (const one of found.violations) {
    problems.push(`${name} at ${width}: ${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
  }
}

/** The referral of that name, from the list; counts the clicks. */
async function openReferral(page, name) {
  await page.goto(`${address}/inbox`);
  for (const group of ['fresh', 'ours', 'theirs', 'booked', 'in_course', 'closed']) {
    await page.goto(`${address}/inbox?group=${group}`);
    const link = page.getByRole('link', { name, exact: false });
    if (await link.count() > 0) { await link.first().click(); return; }
  }
  throw new Error(`no referral of ${name}`);
}

const acts = {
  accept: { text: 'We call her this afternoon.' },
  decline: { reason: 'no-capacity', text: 'Full until February.' },
  ask: { text: 'Does she still take apixaban?' },
  propose: { date1: '2026-11-26', time1: '09:30', date2: '2026-11-27', time2: '14:00' },
  book: { date1: '2026-11-26', time1: '09:30' },
  visit: { date1: '2026-11-21', NRS: '5', ODI: '38', adverse: 'mild', text: 'Six points, 20 minutes.' },
  missed: {},
  report: { text: 'Eight visits. Pain from 6 to 2. Advice: walking.', NRS: '2', ODI: '18' },
  'give-back': { text: 'No change after six visits.' },
  'red-flag': { text: 'Foot drop since yesterday.' },
};
const names = { accept: 'Accept', decline: 'Decline', ask: 'Ask the surgeon', propose: 'Propose times', book: 'Book a visit',
  visit: 'Record a visit', missed: 'Patient did not come', report: 'Send the report', 'give-back': 'Return to the surgeon',
  'red-flag': 'Report a red flag' };

async function fill(page, fields) {
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'adverse') await page.locator(`#adverse-${value}`).check();
    else if (field === 'reason') await page.selectOption('#reason', value);
    else await page.fill(`#${field}`, value);
  }
}

/** One act, from the page of the referral on. */
async function say(page, act, { looked = false } = {}) {
  await page.getByRole('link', { name: names[act], exact: true }).click();
  if (looked) await look(page, `form-${act}`);
  await fill(page, acts[act]);
  await page.getByRole('button', { name: names[act] }).click();
  await page.waitForURL(`**?done=${act}`);
  await page.getByRole('status').waitFor();
}

async function journeys(clinic, options, people, looked) {
  const page = await visitor(clinic, options);
  const run = async (person, list) => {
    await openReferral(page, person);
    for (const act of list) await say(page, act, { looked });
    if (looked) await look(page, `after-${list.at(-1)}`);
  };
  await run(people[0], ['accept', 'book', 'visit', 'report']);
  await run(people[1], ['propose', 'ask', 'accept', 'book', 'missed', 'book', 'visit', 'give-back']);
  await run(people[2], ['decline']);
  await run(people[3], ['accept', 'red-flag']);
  await page.context().close();
}

/** Tab until a link or button of that name has the focus, then Enter. */
async function press(page, name) {
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => document.activeElement?.innerText?.trim() ?? '');
    if (here === name) {
      const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(ring, 'none', `the focus on ${name} is seen`);
      return page.keyboard.press('Enter');
    }
  }
  throw new Error(`${name} is not reached by Tab`);
}

async function byKeyboard(person) {
  const page = await visitor('willow');
  await openReferral(page, person);
  await press(page, 'Accept');
  await page.waitForURL('**/accept');
  await press(page, 'Accept');
  await page.waitForURL('**?done=accept');
  await press(page, 'Ask the surgeon');
  await page.waitForURL('**/ask');
  for (let i = 0; i < 20; ++i) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.id) === 'text') break;
  }
  await page.keyboard.type('Which level hurts?');
  await press(page, 'Ask the surgeon');
  await page.waitForURL('**?done=ask');
  await page.context().close();
}

/** Pages beside the journeys, at both sizes. */
async function gallery(size) {
  const page = await visitor('willow', { size });
  await page.goto(`${address}/inbox?group=fresh`);
  await look(page, 'list');
  for (const [name, file] of [['Oyelaran', 'referral'], ['Maximiliana', 'long-name'], ['الحَسَن', 'right-to-left'],
                              ['<script>', 'hostile-name']]) {
    await openReferral(page, name);
    await look(page, file);
  }
  await page.getByRole('link', { name: 'Decline', exact: true }).click();
  await page.evaluate(() => document.querySelector('form').setAttribute('novalidate', ''));
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByRole('alert').waitFor();
  await look(page, 'form-with-errors');
  await page.goto(`${address}/inbox/01JNQX5K7V9W2M4R8T6Y0ZBCDE`);
  await look(page, 'not-there');
  await page.context().close();
  const empty = await visitor('cedar', { size });
  await empty.goto(`${address}/inbox`);
  await look(empty, 'empty');
  await empty.context().close();
  const many = await visitor('birch', { size });
  const begin = Date.now();
  await many.goto(`${address}/inbox?group=fresh&page=2`);
  console.log(`the long list took ${Date.now() - begin} ms`);
  await look(many, 'many');
  await many.context().close();
  const spanish = await visitor('willow', { size, locale: 'es-MX' });
  await spanish.goto(`${address}/inbox`);
  await spanish.locator('.cards a').first().click();
  await look(spanish, 'spanish');
  await spanish.context().close();
}

/** Two tabs of one clinic: the later one is told, and keeps what was typed. */
async function lostBase(person) {
  const first = await visitor('willow');
  const second = await visitor('willow');
  await openReferral(first, person);
  await second.goto(first.url());
  await first.getByRole('link', { name: 'Ask the surgeon' }).click();
  await say(second, 'accept');
  await first.fill('#text', 'Is there a new image?');
  await first.getByRole('button', { name: 'Ask the surgeon' }).click();
  await first.getByRole('alert').waitFor();
  assert.equal(await first.inputValue('#text'), 'Is there a new image?');
  await look(first, 'lost-base');
  await first.context().close();
  await second.context().close();
}

async function downloads(person) {
  const page = await visitor('willow', { scripts: false });
  await openReferral(page, person);
  for (const [name, begin] of [['Packet to print', '%PDF-'], ['Data for software', '{']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    const bytes = fs.readFileSync(await file.path());
    assert.ok(bytes.subarray(0, 5).toString().startsWith(begin), `${name} is what it says`);
  }
  await page.context().close();
}

await gallery(wide);
await gallery(phone);
await downloads('Oyelaran');
await journeys('willow', {}, ['Oyelaran', 'Maximiliana', 'الحَسَن', 'Minh Khai'], true);
await journeys('willow', { scripts: false, size: phone }, ['Alvarado', 'Birkeland', 'Nakamura', 'Vandermeulen'], false);
await byKeyboard('Figueiredo');
await lostBase('Okonkwo');
await browser.close();
if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'));
  process.exit(1);
}
console.log('every journey was walked');
